"""Forms about ledgers: one condition built by clicking, a name for one's own, why rows leave the house."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from linli.kernel.dictionary import selectors as dictionary
from linli.kernel.dictionary.offers import Condition, Offered, Op
from linli.kernel.dictionary.offers.conditions import BARE
from linli.kernel.dictionary.offers.said import operator_titles
from linli.kernel.dictionary.shapes import Kind
from linli.kernel.places import choosing
from linli.kernel.places import selectors as places
from linli.ui.choosing import Choosing, FindField


class ConditionForm(forms.Form):
    """One condition about one element: what is asked, and of which values."""

    op = forms.ChoiceField(label=_("怎么比"))

    def __init__(
        self, one: Offered, areas: choosing.Offered, data: Any = None, *, joined: bool
    ) -> None:
        super().__init__(data)
        self.one = one
        # Nobody's number stands in an address: of a protected value only whether it is there.
        allowed = set(BARE) if one.column.sealed else set(one.operators)
        choices = [(op.value, title) for op, title in operator_titles() if op in allowed]
        self.fields["op"] = forms.ChoiceField(label=_("怎么比"), choices=choices)
        if not one.column.sealed:
            self.fields["value"] = self._value(areas)
        if Op.BETWEEN in one.operators:
            self.fields["last"] = forms.CharField(
                label=_("到"), required=False, max_length=40, widget=self._widget()
            )
        if joined:
            self.fields["either"] = forms.BooleanField(
                label=_("与上一个条件满足一个就行"), required=False
            )

    def _widget(self) -> forms.Widget:
        kind = self.one.element.kind
        if kind is Kind.DATE:
            return forms.DateInput(attrs={"type": "date"})
        numeric = kind in (Kind.INTEGER, Kind.DECIMAL)
        return forms.NumberInput() if numeric else forms.TextInput()

    def _value(self, areas: choosing.Offered) -> forms.Field:
        element = self.one.element
        if element.kind is Kind.AREA and isinstance(areas, Choosing):
            return FindField(choosing=areas, label=element.label, required=False)
        choices: list[tuple[str, Any]] = []
        if element.kind is Kind.CODE:
            choices = list(dictionary.choices(element.table))
        elif element.kind is Kind.BOOLEAN:
            choices = [("true", _("是")), ("false", _("否"))]
        elif element.kind is Kind.AREA:
            choices = [(_code(key), name) for key, name in areas]  # type: ignore[union-attr]
        if choices:
            return forms.MultipleChoiceField(
                label=element.label,
                choices=choices,
                required=False,
                widget=forms.CheckboxSelectMultiple,
            )
        return forms.CharField(
            label=element.label, required=False, max_length=100, widget=self._widget()
        )

    def condition(self) -> Condition:
        """The condition that was built; a Refusal where it lacks its values."""
        said = self.cleaned_data
        op, value = Op(said["op"]), said.get("value") or ()
        if isinstance(value, int):
            value = _code(value)
        values = [value] if isinstance(value, str) else list(value)
        if op is Op.BETWEEN:
            values.append(said.get("last") or "")
        if op in BARE:
            values = []
        found = Condition(self.one.element.code, op, tuple(values))
        found.check()
        return found


def _code(area: int) -> str:
    return str(places.tree().by_id[area].code)


class PlaceForm(forms.Form):
    """One of very many areas, found by its name."""

    def __init__(self, offered: Choosing, data: Any = None) -> None:
        super().__init__(data)
        self.fields["place"] = FindField(choosing=offered, label=_("区域"))


class OwnForm(forms.Form):
    """What a community calls its own ledger."""

    title = forms.CharField(label=_("台账名称"), min_length=2, max_length=60)
    query = forms.CharField(required=False, widget=forms.HiddenInput, max_length=4000)
    was = forms.IntegerField(required=False, widget=forms.HiddenInput)


class EndForm(forms.Form):
    """Why a ledger is no longer kept."""

    reason = forms.CharField(label=_("停用原因"), min_length=2, max_length=200)


class ExportForm(forms.Form):
    """Why the rows leave the house, and as what."""

    reason = forms.CharField(
        label=_("导出用途"), max_length=300, min_length=2, widget=forms.Textarea(attrs={"rows": 2})
    )
    format = forms.ChoiceField(
        label=_("格式"),
        choices=[("xlsx", _("Excel 工作簿")), ("csv", _("CSV 文本"))],
        widget=forms.RadioSelect,
        initial="xlsx",
    )
    clear = forms.BooleanField(
        label=_("证件号码和电话显示完整"),
        required=False,
        help_text=_("只在确有必要时勾选；名单上的每个人都能看到导出了完整号码。"),
    )

    def __init__(self, data: Any = None, *, clear: bool = False) -> None:
        super().__init__(data)
        if not clear:
            del self.fields["clear"]
