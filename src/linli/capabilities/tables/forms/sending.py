"""Sending a form: under what, whom it asks, by when; or filling it at once for one's own area."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from linli.ui.widgets import DayInput


class SendForm(forms.Form):
    """One round; the places come from the tree as `area`, streets and districts standing for all within."""

    item = forms.ChoiceField(
        label=_("依据哪一项准入事项"),
        required=False,
        help_text=_("没有准入的表不能下发；目录外的事要有购买服务协议。"),
    )
    agreement = forms.CharField(
        label=_("购买服务协议编号"),
        max_length=40,
        required=False,
        help_text=_("目录外的事才填。"),
    )
    period = forms.CharField(
        label=_("填报期"), max_length=20, help_text=_("如 2026年11月、2026年第四季度。")
    )
    due = forms.DateField(label=_("什么时候要"), widget=DayInput)
    words = forms.CharField(
        label=_("给社区的说明"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(
        self, data: Any, *, items: Sequence[tuple[str, str]], earliest: date, **more: Any
    ) -> None:
        super().__init__(data, **more)
        self.fields["item"] = forms.ChoiceField(
            label=self.fields["item"].label,
            choices=list(items),
            required=False,
            help_text=self.fields["item"].help_text,
        )
        self.earliest = earliest
        self.fields["due"].widget.attrs["min"] = earliest.isoformat()

    def clean_due(self) -> date:
        """Not sooner than the pack's notice."""
        due: date = self.cleaned_data["due"]
        if due < self.earliest:
            words = _("最早 %(day)s：要给社区留出核对和补采的时间。")
            raise forms.ValidationError(words % {"day": self.earliest.isoformat()})
        return due


class HandForm(forms.Form):
    """Which area a form is filled for, and what for."""

    area = forms.TypedChoiceField(label=_("填哪里"), coerce=int)
    reason = forms.CharField(label=_("用途"), max_length=300)

    def __init__(self, data: Any, *, areas: Sequence[tuple[int, str]]) -> None:
        super().__init__(data, initial={"area": areas[0][0]} if areas else None)
        field = self.fields["area"]
        assert isinstance(field, forms.TypedChoiceField)
        field.choices = list(areas)
        if len(areas) == 1:
            field.widget = forms.HiddenInput()
