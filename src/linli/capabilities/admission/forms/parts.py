"""Parts of forms: choices from outside, a reason, some words, a list of names."""

from __future__ import annotations

import re
from typing import Any
from unicodedata import normalize

from django import forms
from django.utils.translation import gettext_lazy as _

from linli.kernel.calendar.days import FIRST, LAST
from linli.ui.widgets import DayInput

# What a form calls a column of its own may hold brackets and blanks: blanks part names only where nothing else does.
_BETWEEN = re.compile(r"\s*[\u3001\uff0c,;\uff1b\n]\s*")
_DASH = re.compile("[\u2010-\u2015\u2212]")
NAME_LONGEST, NAMES_MOST = 60, 300


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
        names = tuple(dict.fromkeys(filter(None, parts if len(parts) > 1 else text.split())))
        if any(len(name) > NAME_LONGEST for name in names):
            words = _("一个名称最多 %(most)s 字；几个名称用顿号隔开。") % {"most": NAME_LONGEST}
            raise forms.ValidationError(words)
        if len(names) > NAMES_MOST:
            raise forms.ValidationError(_("最多写 %(most)s 个。") % {"most": NAMES_MOST})
        return names


class NumberField(forms.CharField):
    """The number or code on a paper, whichever way it was typed: full width, with blanks, with another dash."""

    def to_python(self, value: Any) -> str:
        """As papers bear it."""
        text = normalize("NFKC", super().to_python(value) or "")
        return _DASH.sub("-", "".join(text.split()))


class DayField(forms.DateField):
    """A day that working days can be counted to."""

    widget = DayInput

    def clean(self, value: Any) -> Any:
        """A day of the calendar; other years are a slip of the hand."""
        day = super().clean(value)
        if day is not None and not FIRST <= day <= LAST:
            years = {"first": FIRST.year, "last": LAST.year}
            raise forms.ValidationError(
                _("年份不对，请填 %(first)s 到 %(last)s 年的日期。") % years
            )
        return day


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
    """What somebody says to a public notice."""

    words = forms.CharField(
        label=_("意见"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )


class OpinionForm(StepForm):
    """The opinion of a review."""

    opinion = forms.CharField(
        label=_("审查意见"), max_length=1000, widget=forms.Textarea(attrs={"rows": 4})
    )


class ReplyForm(StepForm):
    """The answer to what somebody said."""

    words = forms.CharField(
        label=_("答复"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )
