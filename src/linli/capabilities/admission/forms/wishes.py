"""An application and its decision."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from linli.capabilities.admission.forms.parts import DayField, NamesField, StepForm

AFFAIRS = [("gov", _("政务事项")), ("autonomy", _("自治事务"))]


class WishForm(StepForm):
    """What the item is to say."""

    item = forms.ChoiceField(label=_("变更哪一项"), required=False, help_text=_("新事项不用选。"))
    catalogue = forms.ChoiceField(label=_("目录"))
    title = forms.CharField(label=_("事项名称"), max_length=120)
    basis = forms.CharField(label=_("依据"), max_length=300, help_text=_("写明文件名称和条款。"))
    frequency = forms.CharField(label=_("频次"), max_length=60, required=False)
    fields_ = NamesField(
        label=_("要填的字段"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("写数据字典里的字段名称或代码，用顿号隔开；批准后只能要这些。"),
    )
    affair = forms.ChoiceField(label=_("性质"), choices=AFFAIRS)
    hours = forms.DecimalField(
        label=_("每次用时（小时）"), min_value=0, max_value=9999, decimal_places=1, required=False
    )
    yearly = forms.DecimalField(
        label=_("每个社区每年经费（元）"),
        min_value=0,
        max_digits=12,
        decimal_places=2,
        required=False,
    )
    funding = forms.CharField(label=_("经费来源"), max_length=120, required=False)
    start = DayField(
        label=_("从哪天起实行"),
        help_text=_("要提前申请，先填的是今天提交时最早的一天。"),
    )
    end = DayField(label=_("到哪天为止"), required=False)
    why = forms.CharField(
        label=_("为什么需要社区协助"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    paper = forms.FileField(
        label=_("附件"),
        required=False,
        widget=forms.FileInput({"accept": ".pdf,.docx,.xlsx,image/*"}),
        help_text=_("依据的文件或要用的表样，审查和上会的单位能看到；存成草稿后可以再加。"),
    )

    def wish(self) -> dict[str, Any]:
        """The values as a wish takes them."""
        data = {name: value for name, value in self.cleaned_data.items() if name != "paper"}
        data["fields"] = data.pop("fields_")
        data["yearly"] = data["yearly"] or 0
        data["hours"] = data["hours"] or 0
        return data


class MinuteForm(StepForm):
    """A decision's minute number and reason."""

    minute = forms.CharField(label=_("会议纪要编号"), max_length=60)
    reason = forms.CharField(
        label=_("理由"), max_length=300, widget=forms.Textarea(attrs={"rows": 3})
    )


class AdmitForm(StepForm):
    """The decision to admit, with its money."""

    minute = forms.CharField(label=_("会议纪要编号"), max_length=60)
    yearly = forms.DecimalField(
        label=_("每个社区每年经费（元）"), min_value=0, max_digits=12, decimal_places=2
    )
    funding = forms.CharField(label=_("经费来源"), max_length=120, required=False)


class ListForm(StepForm):
    """A list that a place brings as a spreadsheet."""

    file = forms.FileField(
        label=_("目录表格"),
        widget=forms.FileInput({"accept": ".xlsx,.xls,.et,.ods,.csv"}),
        help_text=_("要有“事项名称”一列；没有的列照现在的不变。"),
    )
    catalogue = forms.ChoiceField(
        label=_("哪个目录"), help_text=_("表里有“目录”一列的，照表里写的。")
    )
    start = DayField(label=_("从哪天起实行"))
    document = forms.CharField(
        label=_("依据文件"),
        max_length=200,
        help_text=_("批准这份目录的文件名称和文号，或会议纪要编号。"),
    )
    rest = forms.BooleanField(
        label=_("表里没有的，到前一天结束"),
        required=False,
        help_text=_("只结束本地自己的、表里写到的那几个目录里的事项。"),
    )
