"""What the desk may send about organisations, places and figures."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from linli.capabilities.registry.forms.people import ReasonForm, StepForm
from linli.kernel.dictionary import selectors as dictionary
from linli.ui.choosing import Choosing, FindField
from linli.ui.widgets import DayInput, PhoneInput

MORE_AFTER = ("second", "third")


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

    labels = forms.MultipleChoiceField(
        label=_("重点类别"), required=False, widget=forms.CheckboxSelectMultiple
    )
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

    parent_id = forms.TypedChoiceField(
        label=_("上级组织"), required=False, coerce=int, empty_value=None
    )
    competent_id = forms.TypedChoiceField(
        label=_("业务主管单位"), required=False, coerce=int, empty_value=None
    )

    def __init__(self, data: Any = None, files: Any = None, **given: Any) -> None:
        super().__init__(data, files, **given)
        for name in ("labels", "parent_id"):
            offered = given.get(name, ())
            few = isinstance(offered, list | tuple) and len(offered) < (1 + (name != "labels"))
            if few:
                del self.fields[name]


class FileForm(StepForm):
    """A community social organisation, with few fields."""

    area = forms.TypedChoiceField(label=_("所在辖区"), coerce=int)
    name = forms.CharField(label=_("组织名称"), max_length=120)
    head_name = forms.CharField(label=_("负责人"), max_length=60)
    public_phone = forms.CharField(label=_("公开电话"), max_length=40, required=False)
    labels = forms.MultipleChoiceField(
        label=_("类别"), required=False, widget=forms.CheckboxSelectMultiple
    )
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
    field_order = ("kind", "after", *MORE_AFTER, "on", "basis")

    def __init__(self, data: Any = None, files: Any = None, **given: Any) -> None:
        super().__init__(data, files, **given)
        offered = given.get("after")
        if isinstance(offered, Choosing):
            for name, label in zip(MORE_AFTER, (_("第二个"), _("第三个")), strict=True):
                self.fields[name] = FindField(choosing=offered, label=label, required=False)
            self.order_fields(self.field_order)

    def clean(self) -> dict[str, Any]:
        """All that it became, however they were chosen."""
        data: dict[str, Any] = dict(self.cleaned_data)
        after = data.get("after")
        if isinstance(after, int):
            others = [data.pop(name, None) for name in MORE_AFTER]
            data["after"] = list(dict.fromkeys(each for each in (after, *others) if each))
        return data


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


class MoveHomeForm(ReasonForm):
    """Where one home goes, and why."""

    building = forms.IntegerField(label=_("楼栋"))
    area = forms.TypedChoiceField(
        label=_("网格"),
        coerce=int,
        required=False,
        empty_value=None,
        help_text=_("一栋楼分在几个网格时才选；不选就跟楼栋走。"),
    )
    unit_no = forms.CharField(label=_("单元"), max_length=12, required=False)
    room = forms.CharField(label=_("房号"), max_length=20)
    field_order = ("building", "area", "unit_no", "room", "reason")


class OutlineForm(forms.Form):
    """The outline of a grid as GeoJSON, drawn or pasted, and on what ground."""

    grid = forms.TypedChoiceField(label=_("网格"), coerce=int)
    outline = forms.CharField(
        label=_("边界（GeoJSON）"),
        max_length=400_000,
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false"}),
        help_text=_("在地图上画，或把 Polygon 粘贴到这里；坐标用经度、纬度（WGS-84）。"),
    )
    on = forms.DateField(
        label=_("从哪天起"),
        required=False,
        widget=DayInput,
        help_text=_("不填就从今天起；以前的边界留作旧版本。"),
    )
    source = forms.CharField(label=_("依据"), max_length=200)
    refile = forms.BooleanField(label=_("站在别的网格里的楼栋，一并移到所在的网格"), required=False)

    def __init__(self, *args: Any, grids: Any = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        grid = self.fields["grid"]
        if isinstance(grid, forms.ChoiceField):
            grid.choices = list(grids)


class FacilityForm(StepForm):
    """A facility: its class of the pack's catalogue, where it stands."""

    code = forms.ChoiceField(label=_("类别"))
    name = forms.CharField(label=_("名称"), max_length=80)
    number = forms.CharField(label=_("编号"), max_length=40, required=False)
    area = forms.TypedChoiceField(label=_("社区或网格"), coerce=int)
    address = forms.CharField(label=_("位置"), max_length=200, required=False)
    lon = forms.FloatField(
        label=_("经度"), required=False, min_value=-180, max_value=180, widget=forms.HiddenInput
    )
    lat = forms.FloatField(
        label=_("纬度"), required=False, min_value=-90, max_value=90, widget=forms.HiddenInput
    )
    state = forms.ChoiceField(
        label=_("情况"),
        required=False,
        choices=[("", "—"), ("good", _("完好")), ("damaged", _("损坏")), ("lost", _("缺失"))],
    )
    steward_id = forms.TypedChoiceField(
        label=_("管护单位"), required=False, coerce=int, empty_value=None
    )


class DivideForm(forms.Form):
    """Which grid each building goes to, by number; the hidden fields of a proposal."""

    source = forms.CharField(label=_("依据"), max_length=200)


class DedicatedForm(StepForm):
    """A dedicated grid's name."""

    name = forms.CharField(
        label=_("网格名称"), max_length=120, help_text=_("例如：实验小学专属网格")
    )
