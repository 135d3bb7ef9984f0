"""What the living style page shows: made-up forms, rows and shapes, no real person or place."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from linli.ui.entries import Entry
from linli.ui.widgets import (
    CodeInput,
    DayInput,
    FilesField,
    PhoneInput,
    RadioCards,
    Stars,
)


class SampleForm(forms.Form):
    """One field of every kind."""

    kind = forms.ChoiceField(
        label=_("是什么事"),
        choices=[("repair", _("报修")), ("clean", _("环境卫生")), ("dispute", _("邻里纠纷"))],
        widget=RadioCards,
    )
    title = forms.CharField(label=_("一句话说清"), max_length=40)
    text = forms.CharField(
        label=_("详细情况"),
        max_length=500,
        widget=forms.Textarea,
        help_text=_("什么时候、在哪里、什么样子。"),
    )
    area = forms.ChoiceField(
        label=_("所在社区"), choices=[("", _("请选择")), ("a", _("甲社区")), ("b", _("乙社区"))]
    )
    phone = forms.CharField(
        label=_("手机号"),
        widget=PhoneInput,
        help_text=_("只用来联系您，办事人员看到的是打码的号码。"),
    )
    code = forms.CharField(label=_("验证码"), widget=CodeInput, required=False)
    day = forms.DateField(label=_("发现日期"), widget=DayInput, required=False)
    photos = FilesField(label=_("照片"), required=False)
    ways = forms.MultipleChoiceField(
        label=_("怎么告诉您进展"),
        choices=[("app", _("站内消息")), ("sms", _("短信"))],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    hidden_name = forms.BooleanField(
        label=_("不公开我的姓名"), required=False, help_text=_("承办人仍能看到，其他居民看不到。")
    )


class RatingForm(forms.Form):
    """A rating in stars."""

    stars = forms.ChoiceField(
        label=_("您满意吗"),
        widget=Stars,
        choices=[
            ("1", _("很差")),
            ("2", _("较差")),
            ("3", _("一般")),
            ("4", _("满意")),
            ("5", _("很满意")),
        ],
    )


class FilterForm(forms.Form):
    """A list's filters."""

    q = forms.CharField(label=_("关键词"), required=False)
    state = forms.ChoiceField(
        label=_("状态"), required=False, choices=[("", _("全部")), ("open", _("办理中"))]
    )
    since = forms.DateField(label=_("起始日期"), required=False, widget=DayInput)


def wrong_form() -> SampleForm:
    """The sample form as it comes back with errors."""
    return SampleForm(
        {"title": "路灯" * 30, "text": _("从前天晚上开始不亮。"), "phone": "", "day": "2026-13-01"},
        auto_id="wrong_%s",
    )


def timeline() -> list[Entry]:
    """A matter's life as a resident reads it."""
    return [
        Entry(
            _("收到您的诉求"),
            datetime(2026, 7, 8, 1, 12, tzinfo=UTC),
            _("甲社区 一窗受理"),
            _("编号 20260708-0017，承诺 3 个工作日办结。"),
            "info",
        ),
        Entry(
            _("已派给网格员"),
            datetime(2026, 7, 8, 3, 5, tzinfo=UTC),
            _("孙强 · 甲社区第三网格"),
        ),
        Entry(
            _("等待供电部门更换灯具"),
            datetime(2026, 7, 9, 7, 30, tzinfo=UTC),
            _("市政 郑磊"),
            _("已下单，期间暂停计时。"),
            "warn",
        ),
        Entry(_("正在处理"), who=_("市政 郑磊"), current=True),
    ]


ROWS: tuple[dict[str, Any], ...] = (
    {"id": "0017", "title": _("三号楼门口路灯不亮"), "state": _("办理中"), "tone": "info", "due": "soon", "left": _("还剩 1 个工作日"), "day": "7月11日", "who": _("郑磊")},
    {"id": "0016", "title": _("楼道堆放杂物，电动车在门厅充电"), "state": _("待核实"), "tone": "warn", "due": "ok", "left": _("还剩 3 个工作日"), "day": "7月15日", "who": _("孙强")},
    {"id": "0012", "title": _("下水道返水"), "state": _("已超期"), "tone": "bad", "due": "late", "left": _("超期 2 个工作日"), "day": "7月6日", "who": _("吴敏")},
    {"id": "0009", "title": _("老年人优待证办理"), "state": _("已办结"), "tone": "good", "due": "done", "left": _("按时办结"), "day": "7月4日", "who": _("陈静")},
)  # fmt: skip

BARS: dict[str, Any] = {
    "legend": {},
    "tooltip": {"trigger": "axis"},
    "xAxis": {"type": "category", "data": ["1月", "2月", "3月", "4月", "5月", "6月"]},
    "yAxis": {"type": "value"},
    "series": [
        {"name": "收到", "type": "bar", "data": [132, 118, 160, 148, 171, 190]},
        {"name": "按时办结", "type": "bar", "data": [121, 112, 151, 143, 166, 181]},
    ],
}
FLOW: dict[str, Any] = {
    "series": [
        {
            "type": "sankey",
            "left": 8,
            "right": 90,
            "data": [
                {"name": n}
                for n in ("社区微实事资金", "企业捐赠", "居民众筹", "路灯改造", "儿童角", "助老餐")
            ],
            "links": [
                {"source": "社区微实事资金", "target": "路灯改造", "value": 42},
                {"source": "社区微实事资金", "target": "助老餐", "value": 30},
                {"source": "企业捐赠", "target": "儿童角", "value": 18},
                {"source": "居民众筹", "target": "儿童角", "value": 6},
                {"source": "企业捐赠", "target": "助老餐", "value": 12},
            ],
        }
    ]
}


def _square(name: str, west: float, south: float) -> dict[str, Any]:
    east, north = west + 0.05, south + 0.035
    corners = ((west, south), (east, south), (east, north), (west, north), (west, south))
    ring = [[x + (y - 31.46) / 7, y - (x - 120.25) / 9] for x, y in corners]
    return {
        "type": "Feature",
        "properties": {"name": name},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }


def areas() -> dict[str, Any]:
    """Four made-up districts as GeoJSON (WGS-84)."""
    places = (
        ("甲社区", 120.25, 31.46),
        ("乙社区", 120.30, 31.46),
        ("丙社区", 120.25, 31.495),
        ("丁社区", 120.30, 31.495),
    )
    return {"type": "FeatureCollection", "features": [_square(*p) for p in places]}  # fmt: skip


def points() -> dict[str, Any]:
    """Forty made-up matters as GeoJSON points with state and tone."""
    tones = (("good", "已办结"), ("warn", "快到期"), ("bad", "已超期"), ("info", "办理中"))
    features = []
    for n in range(40):
        tone, state = tones[n % 4]
        lon = 120.252 + (n * 37 % 97) / 1000
        lat = 31.462 + (n * 53 % 67) / 1000
        features.append(
            {
                "type": "Feature",
                "properties": {
                    "title": f"示例 {n + 1:02}",
                    "state": state,
                    "tone": tone,
                    "href": "/ui/",
                },
                "geometry": {"type": "Point", "coordinates": [lon, lat]},
            }
        )
    return {"type": "FeatureCollection", "features": features}
