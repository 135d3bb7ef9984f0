"""What stands and happens in communities; certificates, the seal, checking one."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from linli.capabilities.admission.forms.parts import DayField, NamesField, NumberField, StepForm

_PICTURE = forms.FileInput({"accept": "image/*,.pdf"})
INSIDE = [("", "—"), ("yes", _("内部")), ("no", _("外部"))]


def _inside(value: str) -> bool | None:
    return {"yes": True, "no": False}.get(value)


class PlaceForm(StepForm):
    """Something that is set up in a community."""

    area = forms.TypedChoiceField(label=_("社区"), coerce=int)
    kind = forms.ChoiceField(label=_("是什么"))
    title = forms.CharField(label=_("名称"), max_length=80)
    item = forms.ChoiceField(label=_("准入事项"), required=False)
    inside = forms.TypedChoiceField(
        label=_("内部还是外部"),
        choices=INSIDE,
        coerce=_inside,
        empty_value=None,
        required=False,
        help_text=_("标牌要选。"),
    )
    basis = forms.CharField(label=_("依据"), max_length=200, required=False)
    since = DayField(label=_("设立日期"), required=False)
    found = forms.BooleanField(label=_("已经挂着（设着），没有准入，先登记再清理"), required=False)
    photo = forms.FileField(label=_("照片"), required=False, widget=_PICTURE)


class UnplaceForm(StepForm):
    """Taken down."""

    on = DayField(label=_("摘除或撤出日期"), required=False)
    why = forms.CharField(label=_("说明"), max_length=200)
    photo = forms.FileField(label=_("摘除以后的照片"), required=False, widget=_PICTURE)


class ClearForm(StepForm):
    """By when it is to be taken down."""

    by = DayField(label=_("什么时候以前摘除、撤出"))


class ScheduleForm(StepForm):
    """A meeting, an inspection or a contest."""

    kind = forms.ChoiceField(label=_("是什么"))
    item = forms.ChoiceField(label=_("准入事项"))
    title = forms.CharField(label=_("名称"), max_length=120)
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
    day = DayField(label=_("日期"))
    place = forms.CharField(label=_("地点"), max_length=80, required=False)
    hours = forms.DecimalField(
        label=_("多少小时"), min_value=0, max_value=100, decimal_places=1, initial=2
    )
    people = forms.IntegerField(
        label=_("每个社区多少人参加"), min_value=1, max_value=500, initial=1
    )

    def alone(self) -> None:
        """One community calls its own people: there is nothing to choose from."""
        del self.fields["streets"], self.fields["only"]


class HeldForm(StepForm):
    """It took place."""

    hours = forms.DecimalField(
        label=_("实际多少小时"), min_value=0, max_value=100, decimal_places=1, required=False
    )
    host = forms.CharField(label=_("主持人"), max_length=60, required=False)
    attended = forms.IntegerField(label=_("实到人数"), min_value=0, max_value=5000, required=False)
    outcome = forms.CharField(
        label=_("议定了什么"), max_length=300, required=False, widget=forms.Textarea({"rows": 3})
    )
    minutes = forms.FileField(label=_("会议记录或照片"), required=False, widget=_PICTURE)


class CertifyForm(StepForm):
    """A certificate."""

    area = forms.TypedChoiceField(label=_("社区"), coerce=int)
    wish = forms.CharField(
        label=_("居民要开什么证明"),
        max_length=60,
        required=False,
        help_text=_("照居民说的写，先看看该不该由社区开。"),
    )
    item = forms.ChoiceField(label=_("证明目录"))
    name = forms.CharField(label=_("姓名"), max_length=60)
    document = forms.CharField(label=_("证件号码"), max_length=32, required=False)
    body = forms.CharField(
        label=_("证明内容"), max_length=1000, widget=forms.Textarea(attrs={"rows": 4})
    )
    purpose = forms.CharField(label=_("用途"), max_length=200)
    checked = forms.CharField(label=_("怎样核实的"), max_length=300)


class RequestForm(StepForm):
    """A resident asks for a certificate."""

    who = forms.ChoiceField(label=_("为谁申请"))
    words = forms.CharField(
        label=_("要证明的事"), max_length=500, widget=forms.Textarea(attrs={"rows": 4})
    )
    purpose = forms.CharField(
        label=_("用途"), max_length=200, help_text=_("交给哪个单位，办什么事。")
    )


class AnswerForm(StepForm):
    """What the certificate says and how it was checked."""

    body = forms.CharField(
        label=_("证明内容"), max_length=1000, widget=forms.Textarea(attrs={"rows": 4})
    )
    checked = forms.CharField(label=_("怎样核实的"), max_length=300)
    document = forms.CharField(label=_("证件号码"), max_length=32, required=False)


class StampForm(StepForm):
    """A use of the seal."""

    area = forms.TypedChoiceField(label=_("社区"), coerce=int)
    certificate = NumberField(label=_("证明编号"), max_length=40, required=False)
    agreement = NumberField(label=_("协议编号"), max_length=40, required=False)
    reason = forms.CharField(label=_("用印事由"), max_length=300)
    photo = forms.FileField(label=_("盖好章的文件照片"), required=False, widget=_PICTURE)


class VerifyForm(forms.Form):
    """Number and code of a certificate."""

    number = NumberField(label=_("证明编号"), max_length=40)
    code = NumberField(label=_("验证码"), max_length=20)
