"""What the desk may send about imports: a file with its source, the columns, a reason."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from linli.kernel.acts import Refusal
from linli.ui.widgets import DayInput

MEGABYTES = 1024


class UploadForm(forms.Form):
    """A file from outside: who says so, as of which day, for which area."""

    source = forms.ChoiceField(label=_("数据来源"), error_messages={"required": _("请选择来源。")})
    file = forms.FileField(
        label=_("文件"),
        help_text=_("CSV、Excel（xlsx、xls）或 WPS（et），不带密码和宏；表头在哪一行都可以。"),
        widget=forms.FileInput({"accept": ".csv,.txt,.tsv,.xlsx,.xls,.et,.ods"}),
        error_messages={"required": _("请选择文件。"), "empty": _("这个文件是空的。")},
    )
    as_of = forms.DateField(
        label=_("数据截止日期"),
        required=False,
        widget=DayInput,
        help_text=_("表里的情况是哪一天的；不填按今天算。"),
    )
    area = forms.TypedChoiceField(
        label=_("用于哪里"), coerce=int, help_text=_("表里没有写社区的行，登记到这里。")
    )

    def __init__(self, *args: Any, sources: Any = (), areas: Any = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        source, area = self.fields["source"], self.fields["area"]
        if isinstance(source, forms.ChoiceField) and isinstance(area, forms.ChoiceField):
            source.choices = [("", _("请选择")), *sources]
            area.choices = list(areas)

    def clean_file(self) -> Any:
        """Too big a file is refused before it is read."""
        given = self.cleaned_data["file"]
        if given.size > MEGABYTES * 2**20:
            raise forms.ValidationError(_("文件太大，最多 1 GB，请分几份导入。"), code="big")
        return given


class ReasonForm(forms.Form):
    """Why a file with people's data is taken."""

    reason = forms.CharField(
        label=_("用途"),
        min_length=2,
        max_length=120,
        error_messages={"required": _("请写明下载用途。"), "min_length": _("请写明下载用途。")},
    )


class RetireForm(forms.Form):
    """From which day a department's own system is no longer kept; empty: it is kept again."""

    on = forms.DateField(label=_("停用日期"), required=False, widget=DayInput)


def refuse(form: forms.Form, refusal: Refusal) -> None:
    """Show a refusal at its field, or above the form."""
    form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))


def elements_from(sent: Mapping[str, Any], columns: int) -> dict[int, str]:
    """Which element each column was set to, as `c0`, `c1`, … say."""
    return {at: str(sent[f"c{at}"])[:80] for at in range(columns) if f"c{at}" in sent}
