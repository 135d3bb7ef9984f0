"""A new form: its file; what somebody says of one of its columns."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from linli.capabilities.tables.rules import Column, Way
from linli.capabilities.tables.services.forms import Decision

ACCEPT = ".xlsx,.xls,.et,.docx,.csv"


class BringForm(forms.Form):
    """The file as the department has it."""

    file = forms.FileField(
        label=_("表格文件"),
        widget=forms.ClearableFileInput({"accept": ACCEPT}),
        help_text=_("原样上传就行：.xlsx、.docx、.xls、.et、.csv，最大 30 MB。"),
    )
    title = forms.CharField(
        label=_("表名"),
        max_length=120,
        required=False,
        help_text=_("不填就用表里的标题。"),
    )


class ColumnForm(forms.Form):
    """One column: `pick` is a way, or a way and an element; what each way needs besides."""

    pick = forms.CharField(max_length=200)
    text = forms.CharField(max_length=120, required=False)
    reason = forms.CharField(max_length=200, required=False)
    asked = forms.BooleanField(required=False)

    def clean_pick(self) -> str:
        """A known way, with an element where it needs one."""
        way, _sign, _rest = str(self.cleaned_data["pick"]).partition(":")
        if way not in {each.value for each in Way}:
            raise forms.ValidationError(_("请选一项。"))
        return str(self.cleaned_data["pick"])

    def decision(self, column: Column) -> Decision:
        """What was said."""
        said: dict[str, Any] = self.cleaned_data
        way, _sign, element = said["pick"].partition(":")
        code, _hash, part = element.partition("#")
        return Decision(Way(way), code, part, said["text"], said["reason"], said["asked"])


class ConfirmForm(forms.Form):
    """What the form is called from now on."""

    title = forms.CharField(label=_("表名"), max_length=120, required=False)


class SourceForm(forms.Form):
    """Where the answer is taken from instead of asking."""

    source = forms.CharField(max_length=200)
