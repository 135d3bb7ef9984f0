"""Answers to gaps: one field for each question, of the kind that its element is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from linli.capabilities.tables.models import Gap, Sheet
from linli.capabilities.tables.rules import How, Plan, Said
from linli.capabilities.tables.selectors.sheets import Missing, question
from linli.kernel.dictionary import selectors
from linli.kernel.dictionary.shapes import Kind

LONGEST = 300
HOWS = (
    ("", _("问到了，填在上面")),
    ("none", _("确无")),
    ("unknown", _("不清楚")),
    ("declined", _("拒绝提供")),
)


class GapsForm(forms.Form):
    """Fields `gap-<id>`; what is left empty says nothing.

    At the door (`door`) each has `how-<id>` and `why-<id>` beside it, for what could not be told.
    """

    def __init__(
        self, data: Any, missing: Sequence[Missing], plans: dict[int, Plan], *, door: bool = False
    ) -> None:
        super().__init__(data)
        self.groups: list[tuple[Missing, list[Any]]] = []
        self.remarks: dict[str, str] = {}
        for each in missing:
            names = [self._ask(gap, plans, door=door) for gap in each.gaps]
            self.groups.append((each, [self[name] for name in names]))

    def _ask(self, gap: Gap, plans: dict[int, Plan], *, door: bool) -> str:
        name = f"gap-{gap.pk}"
        self.fields[name] = _field(gap, question(gap, plans))
        if gap.remark:
            self.remarks[name] = gap.remark
            self.fields[name].help_text = _("部门要求重核：%(why)s") % {"why": gap.remark}
        if door:
            self.fields[f"how-{gap.pk}"] = forms.ChoiceField(
                label=_("没有问到"), choices=HOWS, required=False
            )
            self.fields[f"why-{gap.pk}"] = forms.CharField(
                label=_("原因"), required=False, max_length=200
            )
        return name

    @property
    def mark_optional(self) -> bool:
        """Every field may stay empty, so none is marked."""
        return False

    def answers(self) -> dict[int, str]:
        """What was said, by gap."""
        return {
            int(name.removeprefix("gap-")): str(value)
            for name, value in self.cleaned_data.items()
            if value and name.startswith("gap-")
        }

    def without(self) -> dict[int, Said]:
        """Of which gaps there is nothing to tell, or nobody can, and why; a value that was typed counts first."""
        told = self.answers()
        found = {}
        for name, how in self.cleaned_data.items():
            key = int(name.removeprefix("how-")) if name.startswith("how-") and how else 0
            if key and key not in told:
                why = " ".join(str(self.cleaned_data.get(f"why-{key}", "")).split())
                found[key] = Said(How(how), why)
        return found

    def beside(self, name: str) -> tuple[Any, Any] | None:
        """The fields beside a question: that it could not be told, and why."""
        key = name.removeprefix("gap-")
        return (self[f"how-{key}"], self[f"why-{key}"]) if f"how-{key}" in self.fields else None


def _field(gap: Gap, label: str) -> forms.Field:
    element = selectors.element(gap.element) if gap.element else None
    common: dict[str, Any] = {"label": label, "required": False}
    if element is not None and element.kind is Kind.CODE:
        choices = [("", "—"), *selectors.choices(element.table)]
        return forms.ChoiceField(choices=choices, **common)
    if element is not None and element.kind is Kind.DATE:
        return forms.CharField(widget=forms.DateInput(attrs={"type": "date"}), **common)
    if element is not None and element.kind is Kind.PHONE:
        return forms.CharField(max_length=40, widget=forms.TextInput({"type": "tel"}), **common)
    return forms.CharField(max_length=LONGEST, **common)


class SignForm(forms.Form):
    """Confirming a sheet; why some values stay blank."""

    left = forms.CharField(
        label=_("空着的原因"),
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("没有补上的会空着上报，请写明原因，如：住户外出、本人不愿提供。"),
    )


def plans_of(rows: Sequence[Sheet]) -> dict[int, Plan]:
    """The plans of some sheets, by sheet."""
    return {row.pk: Plan.of(row.round.plan) for row in rows}
