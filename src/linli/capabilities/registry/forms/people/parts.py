"""What every form about people is made of."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from linli.kernel.acts import Refusal
from linli.kernel.dictionary import selectors as dictionary
from linli.kernel.vault.phone import PhoneError, any_phone
from linli.ui.choosing import ChoosingForm
from linli.ui.widgets import PhoneInput

REASON_MOST = 120
PAPERS_OFF = {"autocomplete": "off"}


# What services call by one name, by the names that forms have for it.
ALSO = {
    "number": ("document", "guardian_number"),
    "kind": ("document_kind",),
    "name": ("guardian",),
}


def refuse(form: forms.Form, refusal: Refusal) -> None:
    """Show a refusal at its field, or above the form; a tick that is asked for only now is shown from now on."""
    names = (refusal.field, *ALSO.get(refusal.field or "", ()))
    name = next((each for each in names if each in form.fields), None)
    if name is not None and isinstance(form.fields[name], SureField):
        form.fields[name].widget = forms.CheckboxInput()
    form.add_error(name, str(refusal))


def coded(table: str, blank: Any = "—") -> list[tuple[str, Any]]:
    """A code table as choices, nothing chosen first."""
    return [("", blank), *dictionary.choices(table)]


class CodeField(forms.ChoiceField):
    """One code of a dictionary's table; the table is read when the form is made."""

    def __init__(self, table: str, **kwargs: Any) -> None:
        kwargs.setdefault("required", False)
        super().__init__(choices=lambda: coded(table), **kwargs)


class PhoneField(forms.CharField):
    """A phone number, mobile or with its area code."""

    widget = PhoneInput

    def clean(self, value: Any) -> str:
        """The digits; what cannot be right is said."""
        text = str(super().clean(value))
        try:
            return any_phone(text) if text else ""
        except PhoneError as error:
            raise forms.ValidationError(_(str(error)), code=error.code) from None


class SureField(forms.BooleanField):
    """A tick that only whoever was refused is asked for (`refuse` shows it)."""

    widget = forms.HiddenInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"required": False, "initial": False, **kwargs})


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
