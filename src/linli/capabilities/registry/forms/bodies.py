"""What the desk may send about what an organisation is asked: posts, stations, coverage, checks, assessments."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linli.capabilities.registry.forms.people import CodeField, StepForm
from linli.capabilities.registry.policy import Attribute, AttributeKind, Checklist
from linli.kernel.dictionary import selectors as dictionary
from linli.ui.widgets import DayInput

SEX = [("", "—"), ("1", _("男")), ("2", _("女"))]


class HoldForm(StepForm):
    """Who holds a post, for which term, sent by whom."""

    post = forms.ChoiceField(label=_("职务"))
    person = forms.IntegerField(
        label=_("任职的人"),
        required=False,
        help_text=_("从人口库里找，写姓名、身份证号或手机号；重名的看年龄和住址。"),
    )
    name = forms.CharField(
        label=_("人口库里没有的，写姓名"),
        max_length=60,
        required=False,
        help_text=_("不住在辖区的人才这样写；性别和政治面貌也在这里补上。"),
    )
    sex = forms.ChoiceField(label=_("性别"), choices=SEX, required=False)
    political = CodeField("political", label=_("政治面貌"))
    part_time = forms.BooleanField(label=_("兼职"), required=False)
    delegate_of = forms.TypedChoiceField(
        label=_("派出单位"),
        required=False,
        coerce=int,
        empty_value=None,
        help_text=_("第一书记、兼职委员等由单位派出的，选派出单位；没有的先登记单位。"),
    )
    term = forms.IntegerField(label=_("第几届"), required=False, min_value=1, max_value=99)
    since = forms.DateField(label=_("任职自"), required=False, widget=DayInput)
    until = forms.DateField(label=_("任期到"), required=False, widget=DayInput)

    def clean(self) -> dict[str, Any]:
        """Somebody of the registry, or a name; of the registry's people the registry says the rest."""
        data: dict[str, Any] = dict(self.cleaned_data)
        if "name" in data and "person" in data and data["person"] is None and not data["name"]:
            self.add_error("person", _("请找到任职的人，或写姓名。"))
        if data.get("person") is not None:
            for told in ("name", "sex", "political"):
                data.pop(told, None)
        return data


class MendForm(StepForm):
    """What was entered wrongly of a post; of the registry's people the registry says who they are."""

    name = forms.CharField(label=_("姓名"), max_length=60)
    sex = forms.ChoiceField(label=_("性别"), choices=SEX, required=False)
    political = CodeField("political", label=_("政治面貌"))
    part_time = forms.BooleanField(label=_("兼职"), required=False)
    term = forms.IntegerField(label=_("第几届"), required=False, min_value=1, max_value=99)
    since = forms.DateField(label=_("任职自"), required=False, widget=DayInput)
    until = forms.DateField(label=_("任期到"), required=False, widget=DayInput)

    def __init__(
        self, data: Any = None, files: Any = None, *, known: bool = False, **given: Any
    ) -> None:
        super().__init__(data, files, **given)
        for told in ("name", "sex", "political") if known else ():
            del self.fields[told]


class StationForm(StepForm):
    """Where else it is at work, or whose house it is in."""

    kind = forms.ChoiceField(label=_("怎么在这里"))
    area = forms.TypedChoiceField(
        label=_("社区或网格"), coerce=int, required=False, empty_value=None
    )
    host = forms.TypedChoiceField(
        label=_("进驻或加入的组织"),
        coerce=int,
        required=False,
        empty_value=None,
        help_text=_("孵化入驻的选孵化园，会员选联合会；其他不用选。"),
    )
    since = forms.DateField(label=_("从哪天起"), required=False, widget=DayInput)


class HereForm(StepForm):
    """Which organisation is at work here."""

    organisation = forms.TypedChoiceField(label=_("组织"), coerce=int)
    kind = forms.ChoiceField(label=_("怎么在这里"))
    since = forms.DateField(label=_("从哪天起"), required=False, widget=DayInput)


class CoverForm(StepForm):
    """Which Party organisation covers it."""

    by = forms.TypedChoiceField(
        label=_("由哪个党组织覆盖"),
        coerce=int,
        required=False,
        empty_value=None,
        help_text=_("单独建的选它自己的党组织，联合建的选联合党组织；不选就是还没有覆盖。"),
    )


class CheckForm(StepForm):
    """A yearly check."""

    year = forms.IntegerField(label=_("年度"), min_value=1949, max_value=2100)
    passed = forms.TypedChoiceField(
        label=_("结论"),
        choices=[("yes", _("合格")), ("no", _("不合格，列入异常名录"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )


class FilingForm(StepForm):
    """Under which number and on which day a holder was filed."""

    number = forms.CharField(label=_("备案号"), max_length=60)
    on = forms.DateField(label=_("备案日期"), required=False, widget=DayInput)


class ReturnForm(StepForm):
    """Why a filing is given back."""

    reason = forms.CharField(
        label=_("退回理由"), max_length=200, widget=forms.Textarea(attrs={"rows": 3})
    )


class TakingForm(StepForm):
    """Why rows leave the house, and as which file."""

    reason = forms.CharField(label=_("用途"), max_length=300)
    format = forms.ChoiceField(
        label=_("文件"), choices=[("xlsx", "xlsx"), ("csv", "csv")], initial="xlsx"
    )


class AskingForm(StepForm):
    """What the pack asks of a post, a station or a kind; `answers` holds what was typed in."""

    def __init__(
        self, data: Any = None, files: Any = None, *, asked: Sequence[Attribute], **given: Any
    ) -> None:
        super().__init__(data, files, **given)
        self.asked = asked
        for each in asked:
            self.fields[each.code] = _field(each)

    def clean(self) -> dict[str, Any]:
        """Put the answers together, apart from the form's own fields."""
        data: dict[str, Any] = dict(self.cleaned_data)
        answers = {each.code: data.pop(each.code, None) for each in self.asked}
        return {**data, "answers": answers}


class DescribeForm(AskingForm):
    """What the kind asks for, and whether residents find it."""

    public = forms.BooleanField(
        label=_("居民可以在公开名录里查到"),
        required=False,
        help_text=_("只公开名称、地址、公开电话和服务内容，不公开负责人。"),
    )


def _field(attribute: Attribute) -> forms.Field:
    label, hint = attribute.title, attribute.hint
    if attribute.kind is AttributeKind.CHOICE:
        offered = [("", "—"), *dictionary.choices(attribute.table)]
        return forms.ChoiceField(label=label, choices=offered, required=False, help_text=hint)
    if attribute.kind is AttributeKind.TEXT:
        rows = forms.Textarea(attrs={"rows": 3})
        return forms.CharField(
            label=label, max_length=400, required=False, widget=rows, help_text=hint
        )
    this_year = timezone.localdate().year
    low, high = (1900, this_year) if attribute.kind is AttributeKind.YEAR else (0, 1_000_000)
    return forms.IntegerField(
        label=label, required=False, min_value=low, max_value=high, help_text=hint
    )


class AssessForm(StepForm):
    """Which items of a checklist were met in a year."""

    year = forms.IntegerField(label=_("年度"), min_value=2000, max_value=2100)
    met = forms.MultipleChoiceField(
        label=_("做到的打勾"), required=False, widget=forms.CheckboxSelectMultiple
    )
    note = forms.CharField(label=_("说明"), max_length=200, required=False)

    def __init__(
        self, data: Any = None, files: Any = None, *, checklist: Checklist, **given: Any
    ) -> None:
        items = [(each.code, each.title) for each in checklist.items]
        super().__init__(data, files, met=items, **given)
