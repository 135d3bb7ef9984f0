"""Work on the burden: what is begun, a step, its end; hours, use of systems, money."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from linli.capabilities.admission.forms.parts import DayField, StepForm

EVERY = [
    ("week", _("每周")),
    ("month", _("每月")),
    ("quarter", _("每季度")),
    ("half", _("每半年")),
    ("year", _("每年")),
]
MEASURES = [
    ("by_hand", _("手工填的字段")),
    ("fields", _("要填的字段")),
    ("hours", _("用时（小时）")),
    ("tables", _("表")),
]
YES_NO = [("", "—"), ("yes", _("是，增加义务或责任")), ("no", _("不增加"))]
# What each kind is asked beside its title, basis and first day.
ASKED = {
    "interaction": (),
    "appraisal": ("year",),
    "supervision": ("end", "sample"),
    "document": ("number", "adds", "end"),
    "campaign": ("end", "measure", "target"),
    "duty": ("every", "end"),
}
_LINES = {"rows": 3}


class BeginForm(StepForm):
    """A work that is begun; only what its kind needs is asked."""

    title = forms.CharField(label=_("名称"), max_length=120)
    number = forms.CharField(label=_("文号"), max_length=60, required=False)
    basis = forms.CharField(label=_("依据"), max_length=200, required=False)
    adds = forms.TypedChoiceField(
        label=_("是不是给社区增加义务和责任"),
        choices=YES_NO,
        coerce=lambda value: value == "yes",
        empty_value=None,
        required=False,
    )
    year = forms.IntegerField(label=_("哪一年"), min_value=2020, max_value=2100, required=False)
    measure = forms.ChoiceField(label=_("减什么"), choices=MEASURES, required=False)
    target = forms.IntegerField(label=_("减少百分之几"), min_value=1, max_value=100, required=False)
    every = forms.ChoiceField(label=_("多久一次"), choices=EVERY, required=False)
    sample = forms.IntegerField(
        label=_("抽几个社区"), min_value=1, max_value=200, required=False, initial=5
    )
    start = DayField(label=_("从哪天开始"), required=False)
    end = DayField(label=_("到哪天为止"), required=False)

    def __init__(self, kind: str, data: Any = None) -> None:
        super().__init__(data)
        for name in {name for names in ASKED.values() for name in names} - set(ASKED[kind]):
            del self.fields[name]


EVIDENCE = "image/*,.pdf,.docx,.xlsx"


class FillForm(StepForm):
    """A step that is done."""

    words = forms.CharField(label=_("情况"), max_length=500, widget=forms.Textarea(_LINES))
    value = forms.DecimalField(
        label=_("打分或权重"), min_value=0, max_value=100, decimal_places=1, required=False
    )
    due = DayField(label=_("限期整改到"), required=False, help_text=_("没有问题就不填。"))
    evidence = forms.FileField(
        label=_("照片或附件"), required=False, widget=forms.FileInput({"accept": EVIDENCE})
    )

    def __init__(self, kind: str, data: Any = None, files: Any = None, **given: Any) -> None:
        super().__init__(data, files, **given)
        if not (kind.endswith("_rates") or kind == "indicator"):
            del self.fields["value"]
        if kind != "sample":
            del self.fields["due"]


class ConcludeForm(StepForm):
    """How a work ended."""

    upheld = forms.TypedChoiceField(
        label=_("结论"),
        choices=[("yes", _("通过")), ("no", _("不通过"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        initial="yes",
    )
    number = forms.CharField(label=_("通报或文件文号"), max_length=60, required=False)
    result = forms.CharField(
        label=_("意见或评估"), max_length=1000, widget=forms.Textarea({"rows": 4})
    )


class ProposeForm(StepForm):
    """An indicator for the one appraisal."""

    title = forms.CharField(label=_("指标名称"), max_length=200)
    weight = forms.DecimalField(label=_("权重"), min_value=0, max_value=100, decimal_places=1)
    source = forms.CharField(
        label=_("从哪里取数"), max_length=500, help_text=_("从记录里取，不要社区另外填报。")
    )


class HoursForm(StepForm):
    """What some hours went to."""

    group = forms.ChoiceField(label=_("做了什么"), widget=forms.RadioSelect)
    hours = forms.DecimalField(
        label=_("多少小时"), min_value=0, max_value=24, decimal_places=1, initial=1
    )
    day = DayField(label=_("日期"), required=False)
    words = forms.CharField(label=_("说明"), max_length=100, required=False)


class UsageForm(StepForm):
    """A system in a month."""

    month = DayField(label=_("哪个月"), help_text=_("选那个月的任意一天。"))
    times = forms.IntegerField(label=_("用了多少次"), min_value=0, max_value=1_000_000)
    found = forms.IntegerField(label=_("发现多少问题"), min_value=0, max_value=1_000_000)


class PayForm(StepForm):
    """Money for delivered work."""

    amount = forms.DecimalField(label=_("拨付（元）"), min_value=0, max_digits=12, decimal_places=2)
    words = forms.CharField(label=_("凭证或说明"), max_length=200, required=False)
