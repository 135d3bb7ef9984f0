"""Parts of forms: choices from outside, a reason, some words, a list of names."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

# What a form calls a column of its own may hold brackets and blanks: blanks part names only where nothing else does.
_BETWEEN = re.compile(r"\s*[\u3001\uff0c,;\uff1b\n]\s*")


class StepForm(forms.Form):
    """A step; what may be chosen comes from outside."""

    def __init__(self, data: Any = None, files: Any = None, **given: Any) -> None:
        initial = given.pop("initial", None)
        super().__init__(data, files, initial=initial)
        for name, offered in given.items():
            field = self.fields.get(name)
            if isinstance(field, forms.ChoiceField):
                field.choices = offered


class NamesField(forms.CharField):
    """Several codes or names in one box."""

    def clean(self, value: Any) -> Any:
        """As a tuple, each once."""
        text = super().clean(value)
        parts = _BETWEEN.split(text.strip())
        return tuple(dict.fromkeys(filter(None, parts if len(parts) > 1 else text.split())))


class ReasonForm(StepForm):
    """Why."""

    reason = forms.CharField(
        label=_("理由"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )


class ExportForm(StepForm):
    """Why rows leave the house, and as which file."""

    reason = forms.CharField(label=_("用途"), max_length=300)
    format = forms.ChoiceField(
        label=_("文件"), choices=[("xlsx", "xlsx"), ("csv", "csv")], initial="xlsx"
    )


class WordsForm(StepForm):
    """Some words."""

    words = forms.CharField(
        label=_("内容"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )
