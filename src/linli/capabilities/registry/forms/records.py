"""What the desk may send about organisations, places and figures."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from linli.capabilities.registry.forms.people import CodeField, StepForm
from linli.kernel.dictionary import selectors as dictionary
from linli.ui.widgets import DayInput, PhoneInput

SEX = [("", "—"), ("1", _("男")), ("2", _("女"))]


class FigureForm(forms.Form):
    """One figure as a document says it."""

    area = forms.CharField(label=_("区划代码"), max_length=15)
    code = forms.ChoiceField(label=_("指标"), choices=lambda: dictionary.choices("indicator"))
    period = forms.CharField(label=_("统计时期"), max_length=10, help_text=_("例如 2025、2025-06"))
    value = forms.DecimalField(label=_("数值"), max_digits=20, decimal_places=4)
    unit = forms.CharField(label=_("计量单位"), max_length=20, required=False)
    as_of = forms.DateField(label=_("截止时点"), widget=DayInput)
    document = forms.CharField(label=_("数据出处"), max_length=200)
    clause = forms.CharField(label=_("出处条目"), max_length=80, required=False)


class _Facts(StepForm):
    """What may be known of an organisation."""

    short_name = forms.CharField(label=_("简称"), max_length=60, required=False)
    uscc = forms.CharField(label=_("统一社会信用代码"), max_length=18, required=False)
    head_name = forms.CharField(label=_("负责人"), max_length=60, required=False)
    public_phone = forms.CharField(
        label=_("公开电话"), max_length=40, required=False, widget=PhoneInput
    )
    place = forms.CharField(label=_("地址"), max_length=200, required=False)
    headcount = forms.IntegerField(
        label=_("人数"), required=False, min_value=0, max_value=1_000_000
    )
    valid_until = forms.DateField(label=_("证书有效期到"), required=False, widget=DayInput)
    since = forms.DateField(label=_("成立日期"), required=False, widget=DayInput)


class OrganisationForm(_Facts):
    """A new organisation."""

    area = forms.TypedChoiceField(label=_("所在辖区"), coerce=int)
    kind = forms.ChoiceField(label=_("类型"))
    name = forms.CharField(label=_("组织名称"), max_length=120)
    field_order = ("kind", "name", "area")


class ChangeOrganisationForm(_Facts):
    """What changed of an organisation; its name is changed by renaming it."""


class FileForm(StepForm):
    """A community social organisation, with few fields."""

    area = forms.TypedChoiceField(label=_("所在辖区"), coerce=int)
    name = forms.CharField(label=_("组织名称"), max_length=120)
    head_name = forms.CharField(label=_("负责人"), max_length=60)
    public_phone = forms.CharField(label=_("公开电话"), max_length=40, required=False)
    purpose = forms.CharField(
        label=_("做什么"), max_length=200, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )


class EndForm(StepForm):
    """From which day it is no more."""

    on = forms.DateField(label=_("终止日期"), required=False, widget=DayInput)


class RenameForm(StepForm):
    """A new name, since when, by which document."""

    name = forms.CharField(label=_("新名称"), max_length=120)
    on = forms.DateField(label=_("从哪天起"), required=False, widget=DayInput)
    basis = forms.CharField(label=_("依据文件"), max_length=200, required=False)


class SucceedForm(StepForm):
    """What it became."""

    kind = forms.ChoiceField(
        label=_("怎么变的"),
        choices=[
            ("merge", _("并入另一个组织")),
            ("split", _("分成几个组织")),
            ("replace", _("职能划给另一个组织")),
        ],
    )
    after = forms.TypedMultipleChoiceField(
        label=_("现在的组织"),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("请选择现在的组织；没有的先登记。")},
    )
    on = forms.DateField(label=_("从哪天起"), required=False, widget=DayInput)
    basis = forms.CharField(label=_("依据文件"), max_length=200, required=False)


class HoldForm(StepForm):
    """Who holds a post, for which term."""

    post = forms.ChoiceField(label=_("职务"))
    name = forms.CharField(label=_("姓名"), max_length=60)
    sex = forms.ChoiceField(label=_("性别"), choices=SEX, required=False)
    political = CodeField("political", label=_("政治面貌"))
    part_time = forms.BooleanField(label=_("兼职"), required=False)
    term = forms.IntegerField(label=_("第几届"), required=False, min_value=1, max_value=99)
    since = forms.DateField(label=_("任职自"), required=False, widget=DayInput)
    until = forms.DateField(label=_("任期到"), required=False, widget=DayInput)


class StationForm(StepForm):
    """Where else it is at work."""

    kind = forms.ChoiceField(label=_("怎么在这里"))
    area = forms.TypedChoiceField(label=_("社区或网格"), coerce=int)
    since = forms.DateField(label=_("从哪天起"), required=False, widget=DayInput)


class EstateForm(StepForm):
    """An estate or village."""

    name = forms.CharField(label=_("小区名称"), max_length=80)
    kind = forms.ChoiceField(label=_("类型"))
    area = forms.TypedChoiceField(label=_("社区或网格"), coerce=int)
    address = forms.CharField(label=_("地址"), max_length=200, required=False)
    built = forms.IntegerField(label=_("建成年份"), required=False, min_value=1800, max_value=2100)
    fringe = forms.BooleanField(label=_("城乡结合部"), required=False)


class ChangeEstateForm(StepForm):
    """What changed of an estate, and who looks after it."""

    name = forms.CharField(label=_("小区名称"), max_length=80)
    kind = forms.ChoiceField(label=_("类型"))
    address = forms.CharField(label=_("地址"), max_length=200, required=False)
    built = forms.IntegerField(label=_("建成年份"), required=False, min_value=1800, max_value=2100)
    fringe = forms.BooleanField(label=_("城乡结合部"), required=False)
    property_company_id = forms.TypedChoiceField(
        label=_("物业公司"), required=False, coerce=int, empty_value=None
    )
    owners_committee_id = forms.TypedChoiceField(
        label=_("业主委员会"), required=False, coerce=int, empty_value=None
    )
    authority_id = forms.TypedChoiceField(
        label=_("主管单位"), required=False, coerce=int, empty_value=None
    )


class BuildingForm(StepForm):
    """A building."""

    name = forms.CharField(label=_("楼栋名称"), max_length=60, help_text=_("例如：3幢"))
    address = forms.CharField(label=_("地址"), max_length=200)
    floors = forms.IntegerField(label=_("层数"), required=False, min_value=1, max_value=200)
    units = forms.IntegerField(label=_("单元数"), required=False, min_value=1, max_value=99)


class HomeForm(StepForm):
    """A home of a building."""

    unit_no = forms.CharField(label=_("单元"), max_length=12, required=False)
    room = forms.CharField(label=_("房号"), max_length=20)
    use = forms.ChoiceField(label=_("用途"), required=False)


class MoveForm(StepForm):
    """Where a building goes."""

    to = forms.TypedChoiceField(label=_("移到"), coerce=int)


class OutlineForm(forms.Form):
    """The outline of a grid as GeoJSON, drawn or pasted, and on what ground."""

    grid = forms.TypedChoiceField(label=_("网格"), coerce=int)
    outline = forms.CharField(
        label=_("边界（GeoJSON）"),
        max_length=400_000,
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false"}),
        help_text=_("在地图上画，或把 Polygon 粘贴到这里；坐标用经度、纬度（WGS-84）。"),
    )
    source = forms.CharField(label=_("依据"), max_length=200)
    refile = forms.BooleanField(label=_("站在别的网格里的楼栋，一并移到所在的网格"), required=False)

    def __init__(self, *args: Any, grids: Any = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        grid = self.fields["grid"]
        if isinstance(grid, forms.ChoiceField):
            grid.choices = list(grids)
