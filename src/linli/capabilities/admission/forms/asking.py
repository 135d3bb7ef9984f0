"""What is asked of communities, and the agreements behind it."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from linli.capabilities.admission.forms.parts import DayField, NamesField, NumberField, StepForm

RESPONSIBLE = [("unit", _("本单位负责，社区协助")), ("community", _("社区负责"))]


class DemandForm(StepForm):
    """A demand as it comes to the gate."""

    kind = forms.ChoiceField(label=_("要社区做什么"))
    title = forms.CharField(label=_("名称"), max_length=120)
    item = forms.ChoiceField(
        label=_("依据哪一项准入事项"), required=False, help_text=_("目录外的，填购买服务协议编号。")
    )
    agreement = NumberField(label=_("购买服务协议编号"), max_length=40, required=False)
    leads = NamesField(
        label=_("牵头单位"),
        required=False,
        help_text=_("写单位名称，只能有一个。不填就是本单位；街道统筹的，填主管部门。"),
    )
    responsible = forms.ChoiceField(label=_("谁负责"), choices=RESPONSIBLE)
    streets = forms.TypedMultipleChoiceField(
        label=_("哪些街道（镇）的社区"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    only = NamesField(
        label=_("只要其中几个社区"),
        required=False,
        help_text=_("写社区名称，用顿号隔开；不写就是全部。"),
    )
    direct = forms.BooleanField(label=_("不经街道，直接发给社区"), required=False)
    fields_ = NamesField(
        label=_("要填的字段"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("写数据字典里的字段名称或代码，用顿号隔开。"),
    )
    hours = forms.DecimalField(
        label=_("每个社区大约用时（小时）"),
        min_value=0,
        max_value=9999,
        decimal_places=1,
        required=False,
    )
    due = DayField(label=_("什么时候要"), required=False)
    words = forms.CharField(
        label=_("说明"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


class SpentForm(StepForm):
    """What a meeting or a task really took."""

    hours = forms.DecimalField(
        label=_("实际用时（小时）"), min_value=0, max_value=2000, decimal_places=1, required=False
    )


class DeliverForm(SpentForm):
    """What a table or a ledger really took."""

    by_hand = forms.IntegerField(
        label=_("手工填了多少个字段"), min_value=0, max_value=100000, required=False
    )


class FindingForm(StepForm):
    """The supervisor's finding on a refusal."""

    upheld = forms.TypedChoiceField(
        label=_("结论"),
        choices=[("yes", _("社区有理")), ("no", _("属于准入事项，应当承接"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    finding = forms.CharField(
        label=_("督查意见"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )


class AgreeForm(StepForm):
    """A purchase or commission of one community's work."""

    area = forms.TypedChoiceField(label=_("社区"), coerce=int)
    title = forms.CharField(label=_("协议名称"), max_length=120)
    item = forms.ChoiceField(label=_("准入事项"), required=False)
    fee = forms.DecimalField(label=_("金额（元）"), min_value=0, max_digits=12, decimal_places=2)
    budget = forms.CharField(label=_("预算项目"), max_length=120)
    start = DayField(label=_("开始"))
    end = DayField(label=_("结束"))
    acceptance = forms.CharField(
        label=_("验收办法"), max_length=400, widget=forms.Textarea(attrs={"rows": 3})
    )


class SettleForm(StepForm):
    """What was paid and how it was found."""

    paid = forms.DecimalField(label=_("付款（元）"), min_value=0, max_digits=12, decimal_places=2)
    finding = forms.CharField(
        label=_("验收意见"), max_length=400, widget=forms.Textarea(attrs={"rows": 3})
    )
