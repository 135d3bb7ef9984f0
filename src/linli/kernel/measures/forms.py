"""The report of a month as it is sent in."""

from __future__ import annotations

import re

from django import forms
from django.utils.translation import gettext_lazy as _

TEXT_MOST = 20_000
_UNFIT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


class ReportForm(forms.Form):
    """A title and a text; whatever was changed by hand goes into the file."""

    title = forms.CharField(label=_("标题"), max_length=120)
    text = forms.CharField(
        label=_("正文"), max_length=TEXT_MOST, widget=forms.Textarea(attrs={"rows": 24})
    )

    def clean_title(self) -> str:
        """Without what no document can hold."""
        return _UNFIT.sub("", self.cleaned_data["title"])

    def clean_text(self) -> str:
        """Without what no document can hold."""
        return _UNFIT.sub("", self.cleaned_data["text"])
