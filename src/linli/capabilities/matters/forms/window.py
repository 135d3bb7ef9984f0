"""What a window clerk may send: who is asked for, and the intake."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from django import forms
from django.utils.translation import gettext_lazy as _

from linli.capabilities.matters.forms.desk import PhotosField
from linli.capabilities.matters.forms.portal import clean_phone, field_of
from linli.capabilities.matters.policy import EventClass, ServiceItem
from linli.capabilities.matters.policy.catalogue import FieldType
from linli.kernel.vault.idnumber import IdNumberError, parse
from linli.ui.widgets import PhoneInput

PREFIX = "f_"
# Of a county that does not exist: the elder of the demonstration whom the window knows already.
SAMPLE_ID = "320299194803150025"
PAPERS = (("given", _("已带")), ("reused", _("沿用")), ("missing", _("还缺")))


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody typed into the one box, understood."""

    kind: Literal["id_number", "phone", "name"]
    value: str


class WhoForm(forms.Form):
    """One box: ID number, phone or name."""

    who = forms.CharField(
        label=_("身份证号、手机号或姓名"),
        max_length=40,
        error_messages={"required": _("请输入身份证号、手机号或姓名；不方便登记的可以直接受理。")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "data-focus": "", "data-search": ""}),
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.asked: Asked | None = None

    def clean_who(self) -> str:
        """Digits are an ID number or a phone, anything else a name."""
        typed = unicodedata.normalize("NFKC", self.cleaned_data["who"]).strip()
        plain = typed.replace(" ", "").replace("-", "")
        if len(plain) in (15, 18) and plain[:-1].isdigit():
            try:
                self.asked = Asked("id_number", parse(plain, self.today).number)
            except IdNumberError as error:
                raise forms.ValidationError(_(str(error))) from error
        elif any(c.isdigit() for c in plain):
            self.asked = Asked("phone", clean_phone(plain))
        else:
            self.asked = Asked("name", typed)
        return typed


class IntakeForm(forms.Form):
    """A need taken at the window, for anyone."""

    token = forms.UUIDField(
        widget=forms.HiddenInput, error_messages={"required": _("页面不完整，请刷新后再提交。")}
    )
    source = forms.IntegerField(required=False, widget=forms.HiddenInput)
    account = forms.IntegerField(required=False, widget=forms.HiddenInput)
    resident = forms.IntegerField(required=False, widget=forms.HiddenInput)
    name = forms.CharField(label=_("姓名"), max_length=40, required=False)
    phone = forms.CharField(label=_("手机号"), max_length=32, required=False, widget=PhoneInput)
    id_number = forms.CharField(
        label=_("身份证号"),
        max_length=24,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    agent = forms.CharField(
        label=_("代办人"),
        max_length=64,
        required=False,
        help_text=_("替别人来办的：姓名和关系，如“张敏（女儿）”。"),
    )
    title = forms.CharField(
        label=_("办什么事，或反映什么"),
        max_length=120,
        error_messages={"required": _("请用一句话说明是什么事。")},
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "placeholder": _("如：给父亲办老年优待证")}
        ),
    )
    body = forms.CharField(
        label=_("详细情况"),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    code = forms.CharField(
        label=_("事项或类别"), max_length=40, error_messages={"required": _("请选择事项或类别。")}
    )
    address = forms.CharField(label=_("地址"), max_length=200, required=False)
    area = forms.CharField(label=_("所在地"), max_length=20, required=False)
    anonymous = forms.BooleanField(label=_("匿名反映，不记录是谁"), required=False)
    sure = forms.BooleanField(label=_("不是同一件事，仍要登记"), required=False)
    photos = PhotosField(label=_("材料或照片"))
    system = forms.TypedChoiceField(
        label=_("哪个系统发现的"), required=False, coerce=int, empty_value=None
    )

    def __init__(
        self,
        *args: Any,
        entry: ServiceItem | EventClass | None,
        today: date,
        systems: Sequence[tuple[int, str]] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.today, self.entry = today, entry
        if systems:
            self.fields["system"].choices = [("", "—"), *systems]  # type: ignore[attr-defined]
        else:
            del self.fields["system"]
        for declared in self.declared:
            self.fields[PREFIX + declared.name] = field_of(declared)

    @property
    def declared(self) -> tuple[Any, ...]:
        """The fields that only this item asks for."""
        return getattr(self.entry, "fields", ())

    @property
    def own_fields(self) -> list[forms.BoundField]:
        """Those fields, bound."""
        return [self[PREFIX + declared.name] for declared in self.declared]

    @property
    def papers(self) -> list[tuple[int, Any]]:
        """The papers of the item, numbered."""
        return list(enumerate(getattr(self.entry, "materials", ())))

    def clean_phone(self) -> str:
        """The digits, when given."""
        return clean_phone(self.cleaned_data["phone"])

    def clean_id_number(self) -> str:
        """The eighteen characters, when given."""
        typed = self.cleaned_data["id_number"].strip()
        if not typed:
            return ""
        try:
            return parse(typed, self.today).number
        except IdNumberError as error:
            raise forms.ValidationError(_(str(error))) from error

    def clean_area(self) -> int | None:
        """The key of an area, when chosen."""
        typed = self.cleaned_data["area"]
        return int(typed) if typed.isascii() and typed.isdigit() else None

    def clean(self) -> dict[str, Any]:
        """A named item needs to know for whom it is."""
        cleaned = super().clean() or {}
        named = isinstance(self.entry, ServiceItem) and not self.entry.anonymous
        known = any(cleaned.get(name) for name in ("source", "account", "resident"))
        if named and not known and not cleaned.get("name") and "name" not in self.errors:
            self.add_error("name", _("这个事项要实名办理，请填写姓名。"))
        return cleaned

    def answers(self) -> dict[str, Any]:
        """The item's own fields and the papers, as they are kept."""
        found: dict[str, Any] = {}
        for declared in self.declared:
            value = self.cleaned_data.get(PREFIX + declared.name)
            if value in (None, "") or declared.type is FieldType.ID_NUMBER:
                continue
            found[declared.name] = value.isoformat() if isinstance(value, date) else value
        papers = [
            {"name": paper.name, "how": self.how(at), "on": self.today.isoformat()}
            for at, paper in self.papers
        ]
        return {**found, "materials": papers} if papers else found

    def how(self, at: int) -> str:
        """Whether a paper was brought, taken over or is missing."""
        said = self.data.get(f"paper-{at}", "given")
        return said if said in dict(PAPERS) else "given"
