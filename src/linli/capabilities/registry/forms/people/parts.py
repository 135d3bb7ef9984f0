"""What every form about people is made of."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from linli.kernel.acts import Refusal
from linli.kernel.dictionary import selectors as dictionary
from linli.ui.choosing import ChoosingForm

REASON_MOST = 120
PAPERS_OFF = {"autocomplete": "off"}


def refuse(form: forms.Form, refusal: Refusal) -> None:
    """Show a refusal at its field, or above the form."""
    form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))


def changed(form: forms.Form, names: Iterable[str]) -> dict[str, Any]:
    """The values of a form that differ from what was shown."""
    return {name: form.cleaned_data[name] for name in names if name in form.changed_data}


def coded(table: str, blank: Any = "—") -> list[tuple[str, Any]]:
    """A code table as choices, nothing chosen first."""
    return [("", blank), *dictionary.choices(table)]


class CodeField(forms.ChoiceField):
    """One code of a dictionary's table; the table is read when the form is made."""

    def __init__(self, table: str, **kwargs: Any) -> None:
        kwargs.setdefault("required", False)
        super().__init__(choices=lambda: coded(table), **kwargs)


class StepForm(ChoosingForm):
    """A step; what may be chosen comes from outside."""


class ReasonForm(StepForm):
    """Why."""

    reason = forms.CharField(
        label=_("理由"),
        max_length=REASON_MOST,
        widget=forms.Textarea(attrs={"rows": 2, "data-focus": ""}),
    )


class RevealForm(StepForm):
    """Which protected value, and why it is needed in full."""

    field = forms.ChoiceField(
        label=_("要看哪一项"), choices=[("document", _("证件号码")), ("phone", _("联系电话"))]
    )
    reason = forms.CharField(
        label=_("为什么需要查看"),
        max_length=REASON_MOST,
        min_length=2,
        help_text=_("本人能看到谁在什么时候为什么查看。"),
    )
