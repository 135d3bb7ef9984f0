"""Entering a record in a ledger: a field for each element that its kind declares; people by their names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from linli.capabilities.tables.policy import EntryField, EntryKind
from linli.capabilities.tables.rules.names import people, with_year
from linli.capabilities.tables.selectors import entries as reads
from linli.capabilities.tables.selectors.entries import Candidate, key_of
from linli.kernel.acts import Act, Refusal
from linli.kernel.dictionary import selectors
from linli.kernel.dictionary.shapes import Element, Kind
from linli.kernel.files.services import PHOTOS_MOST
from linli.ui.choosing import Choosing, FindField
from linli.ui.widgets import FilesField, PhotoInput

LONGEST = 500


class EntryForm(forms.Form):
    """One entry of a kind; `was` is the entry's edition when one is corrected, which then asks why."""

    token = forms.UUIDField(required=False, widget=forms.HiddenInput)
    was = forms.IntegerField(required=False, widget=forms.HiddenInput)
    area = forms.TypedChoiceField(label=_("在哪里"), coerce=int)
    day = forms.DateField(
        label=_("日期"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(
        self,
        act: Act,
        kind: EntryKind,
        data: Any = None,
        files: Any = None,
        *,
        initial: dict[str, Any] | None = None,
        names: Mapping[str, str] | None = None,
        corrects: bool = False,
    ) -> None:
        super().__init__(data, files, initial={"token": uuid4(), **(initial or {})})
        self.act, self.kind, self.names = act, kind, names or {}
        self.fields["day"].label = selectors.element(kind.day).label
        self._area(act, corrects=corrects)
        for each in kind.fields:
            self.fields[_name(each.element)] = _field(each)
        if kind.map is not None:
            for name in ("lon", "lat"):
                self.fields[name] = forms.FloatField(required=False, widget=forms.HiddenInput)
        self.fields["photos"] = FilesField(
            label=_("照片和附件"),
            required=False,
            most=PHOTOS_MOST,
            widget=PhotoInput({"accept": "image/*,application/pdf"}),
        )
        if corrects:
            self.fields["reason"] = forms.CharField(
                label=_("为什么更正"), min_length=2, max_length=200
            )

    def _area(self, act: Act, *, corrects: bool) -> None:
        choices = reads.areas(act)
        if corrects:
            del self.fields["area"]
            return
        field = self.fields["area"]
        if isinstance(choices, Choosing):
            self.fields["area"] = FindField(choosing=choices, label=field.label)
            return
        if isinstance(field, forms.TypedChoiceField):
            field.choices = choices
        if len(choices) == 1:
            field.widget = forms.HiddenInput()
            field.initial = choices[0][0]

    def clean(self) -> dict[str, Any]:
        """People found by their names, or an error that says between whom to choose."""
        said = super().clean() or {}
        asked = {
            each.element: people(str(said.get(_name(each.element)) or ""))
            for each in self.kind.fields
            if each.people
        }
        known = {name: key for key, name in self.names.items()}
        wanted = [n for named in asked.values() for n, _y in named if n not in known]
        found = reads.people_called(self.act, sorted(set(wanted)))
        for element, named in asked.items():
            try:
                keys = [known.get(n) or _who(n, year, found.get(n, [])) for n, year in named]
                said[_name(element)] = keys
            except Refusal as refusal:
                self.add_error(_name(element), str(refusal))
        return said

    @property
    def place(self) -> str:
        """The field after which the map stands; empty for kinds that do not stand on one."""
        return _name(self.kind.map.at) if self.kind.map else ""

    @property
    def at(self) -> tuple[float, float] | None:
        """Where it was marked on the map."""
        lon, lat = self.cleaned_data.get("lon"), self.cleaned_data.get("lat")
        return None if lon is None or lat is None else (lon, lat)

    def values(self) -> dict[str, Any]:
        """What was said, by element."""
        return {f.element: self.cleaned_data.get(_name(f.element)) or "" for f in self.kind.fields}

    def given(self) -> dict[str, Any]:
        """What `services.entered` takes."""
        said = self.cleaned_data
        own = {"token": said["token"], "area": said["area"], "kind": self.kind.code}
        told = {"values": self.values(), "at": self.at, "photos": said["photos"]}
        return {**own, "day": said["day"], **told}

    def changes(self) -> dict[str, Any]:
        """What `services.correct` takes."""
        said = self.cleaned_data
        own = {"was": said["was"] or 0, "reason": said["reason"], "photos": said["photos"]}
        return {**own, "day": said["day"], "values": self.values(), "at": self.at}

    def refuse(self, refusal: Refusal) -> None:
        """Show a refusal at its field."""
        field = _name(refusal.field) if "." in (refusal.field or "") else refusal.field
        hidden = field in self.fields and self.fields[field].widget.is_hidden
        self.add_error(field if field in self.fields and not hidden else None, str(refusal))


def initial_of(
    kind: EntryKind, body: Mapping[str, Any], names: Mapping[str, str]
) -> dict[str, Any]:
    """An entry's values as the form shows them."""
    found: dict[str, Any] = {}
    for each in kind.fields:
        value = body.get(key_of(each.element), "")
        if isinstance(value, list):
            value = _t("、").join(names.get(one, one) for one in value)
        found[_name(each.element)] = value
    if at := reads.point_of(body):
        found["lon"], found["lat"] = at
    return found


def _name(element: str | None) -> str:
    return f"f-{key_of(element or '')}"


def _who(name: str, year: str, candidates: Sequence[Candidate]) -> str:
    """The key of the one who is meant; the name itself where the registry knows nobody of that name."""
    fit = [each for each in candidates if not year or each.year == year]
    if len(fit) == 1:
        return fit[0].key
    if name.isdecimal():
        raise Refusal(_t("请写姓名，不写编号。"), code="number")
    if len(candidates) > 1:
        several = _t("；").join(f"{with_year(c.name, c.year)} {c.address}" for c in candidates[:5])
        words = _t("叫%(name)s的有 %(n)s 位，请写明是哪一位：%(several)s")
        raise Refusal(words % {"name": name, "n": len(candidates), "several": several}, code="who")
    return with_year(name, year)


def _field(each: EntryField) -> forms.Field:
    element = selectors.element(each.element)
    common: dict[str, Any] = {"label": element.label, "required": each.required}
    if each.people:
        common["help_text"] = _("几个人用顿号隔开。在册的自动关联；不在册的也可以写。")
        return forms.CharField(max_length=2000, **common)
    return _plain(element, common, long=each.long)


def _plain(element: Element, common: dict[str, Any], *, long: bool) -> forms.Field:
    if element.kind is Kind.CODE:
        choices = [("", "—"), *selectors.choices(element.table)]
        return forms.ChoiceField(choices=choices, **common)
    if element.kind is Kind.DATE:
        return forms.CharField(widget=forms.DateInput(attrs={"type": "date"}), **common)
    if element.kind is Kind.INTEGER:
        return forms.IntegerField(min_value=0, max_value=10_000_000, **common)
    if element.kind is Kind.DECIMAL:
        return forms.DecimalField(
            min_value=0, max_digits=14, decimal_places=2, widget=forms.NumberInput(), **common
        )
    if long:
        return forms.CharField(
            max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 3}), **common
        )
    return forms.CharField(max_length=200, **common)


class StrikeForm(forms.Form):
    """Why an entry does not stand."""

    was = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(label=_("作废原因"), min_length=2, max_length=200)
