"""What a resident may send about what is held of them."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

OBJECTED = (
    "name",
    "sex",
    "born",
    "document",
    "phone",
    "ethnic",
    "native_place",
    "marital",
    "education",
    "political",
    "employment",
    "workplace",
    "residence",
    "household",
    "mark",
)


class LinkForm(forms.Form):
    """Who one is: name and number exactly as on the document."""

    name = forms.CharField(label=_("姓名"), max_length=60)
    number = forms.CharField(
        label=_("身份证号"),
        max_length=24,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class ObjectForm(forms.Form):
    """What is wrong, what it should be, and why."""

    field = forms.ChoiceField(label=_("哪一项有误"))
    wish = forms.CharField(label=_("应当是"), max_length=200, required=False)
    words = forms.CharField(
        label=_("说明"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
