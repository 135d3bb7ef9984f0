"""Answers to gaps: one field for each question, of the kind that its element is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from linli.capabilities.tables.models import Gap, Sheet
from linli.capabilities.tables.rules import Plan
from linli.capabilities.tables.selectors.sheets import Missing, question
from linli.kernel.dictionary import selectors
from linli.kernel.dictionary.shapes import Kind

LONGEST = 300


class GapsForm(forms.Form):
    """Fields `gap-<id>`; what is left empty says nothing."""

    def __init__(self, data: Any, missing: Sequence[Missing], plans: dict[int, Plan]) -> None:
        super().__init__(data)
        self.groups: list[tuple[Missing, list[Any]]] = []
        for each in missing:
            names = []
            for gap in each.gaps:
                name = f"gap-{gap.pk}"
                self.fields[name] = _field(gap, question(gap, plans))
                names.append(name)
            self.groups.append((each, [self[name] for name in names]))

    @property
    def mark_optional(self) -> bool:
        """Every field may stay empty, so none is marked."""
        return False

    def answers(self) -> dict[int, str]:
        """What was said, by gap."""
        return {
            int(name.removeprefix("gap-")): str(value)
            for name, value in self.cleaned_data.items()
            if value
        }


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
