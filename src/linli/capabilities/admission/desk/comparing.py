"""Areas beside each other: the burden of each against the mean of all, in a table, on a map, as a file (R098)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from linli.capabilities.admission.desk import choosing
from linli.capabilities.admission.rules import Growth, Load, against_mean, tone_of
from linli.capabilities.admission.selectors import burden as weights
from linli.capabilities.admission.verbs import BURDEN
from linli.capabilities.admission.words.showing import Cell, Map, Table, heads
from linli.kernel.access.doors import act_in, needs
from linli.kernel.acts import Act
from linli.kernel.files import sheets
from linli.kernel.measures import month_of
from linli.kernel.places import choosing as areas
from linli.kernel.places import outlines
from linli.kernel.places import selectors as places
from linli.kernel.places.models import Area
from linli.kernel.places.rules import Level

MEASURES = {
    "tables": _("表"),
    "fields": _("要填的字段"),
    "by_hand": _("手工填的字段"),
    "hours": _("用时（小时）"),
    "duplicates": _("几个部门重复要的字段"),
    "meetings": _("会议"),
    "inspections": _("检查"),
    "contests": _("创建评比"),
    "systems": _("信息系统"),
    "declined": _("不予承接"),
}
SIMPLIFY_M = 30.0
LEGEND = (
    {"label": _("高于平均四分之一以上"), "tone": "bad"},
    {"label": _("平均上下"), "tone": "warn"},
    {"label": _("低于平均四分之一以上"), "tone": "good"},
)


@dataclass(frozen=True, slots=True)
class Compared:
    """One area: its load, what grew, how many communities it has, hours of each of them, and how far off the mean."""

    area: Area
    load: Load
    grew: list[Growth]
    communities: int
    each: Decimal
    percent: int


def link(*, area: Area | None, month: date, at: str = "", **more: str) -> str:
    """The page of burdens, or another one, of an area and a month."""
    asked = {"area": str(area.pk) if area else "", "month": f"{month:%Y-%m}", **more}
    return f"{at}?{urlencode({k: v for k, v in asked.items() if v})}"


def grown_cell(grew: list[Growth]) -> Cell:
    """What grew most under another name."""
    if not grew:
        return Cell("")
    most = max(grew, key=lambda each: each.percent)
    words = _("%(grew)s多了 %(n)s%%") % {"grew": MEASURES[most.grew], "n": most.percent}
    return Cell(words, tone="warn")


def below(act: Act, area: Area | None) -> list[Area]:
    """The next level down, as far as the actor sees it."""
    tops = [area] if area else [places.tree().by_id.get(span.lo) for span in act.spans]
    return [
        each
        for top in tops
        if top is not None
        for each in places.children(top)
        if act.sees(each.pk) and each.level != Level.GRID
    ]


def compared(act: Act, first: date, among: Sequence[Area]) -> list[Compared]:
    """Hours of one community on average, area by area, against the mean of the areas; most fields first."""
    rows = weights.places(act, first, among)
    counted = [max(1, len(places.descendants(area, Level.COMMUNITY))) for area, _l, _g in rows]
    each = [Decimal(row[1].hours) / n for row, n in zip(rows, counted, strict=True)]
    off = against_mean(each)
    return [
        Compared(*row, n, hours.quantize(Decimal("0.1")), percent)
        for row, n, hours, percent in zip(rows, counted, each, off, strict=True)
    ]


def table(found: Sequence[Compared], first: date) -> Table:
    """Areas beside each other, to go on by clicking."""
    return Table(
        heads(
            _("辖区"),
            _("表"),
            _("要填的字段"),
            _("手工填的字段"),
            _("用时（小时）"),
            _("会议"),
            _("检查"),
            _("每个社区用时"),
            _("和平均比"),
            _("隐性增长"),
            nums=range(1, 8),
        ),
        [
            [
                Cell(row.area.name, link(area=row.area, month=first)),
                row.load.tables,
                row.load.fields,
                row.load.by_hand,
                weights.hours(row.load),
                row.load.meetings,
                row.load.inspections,
                row.each,
                Cell(f"{row.percent:+d}%", tone=tone_of(row.percent)),
                grown_cell(row.grew),
            ]
            for row in found
        ],
        title=_("辖区比较"),
        note=_("按每个社区的平均用时比；相差四分之一以上标出来，是建议值。"),
        fold=True,
    )


def map_of(area: Area | None, among: Sequence[Area], first: date) -> Map:
    """The same areas on the map."""
    at = link(area=area, month=first, at=reverse("admission:burden_areas"))
    label = _("每个社区平均用时，各辖区和平均比；数字在下面的表里")
    centre = places.centre(
        area or (places.area(among[0].parent_id) if among[0].parent_id else None)
    )
    return Map(at, label, LEGEND, centre)


@require_safe
@needs(BURDEN.code)
def outlines_of(request: HttpRequest) -> HttpResponse:
    """Outlines of the areas that are compared, each with its tone."""
    act = act_in(request)
    area = areas.named(act, request.GET.get("area", ""))
    today = choosing.today(act)
    first = min(month_of(request.GET.get("month", "")) or today, today).replace(day=1)
    among = below(act, area)
    tones = {row.area.code: tone_of(row.percent) for row in compared(act, first, among)}
    simplify = SIMPLIFY_M if len(among) > 20 else None
    found: dict[str, Any] = outlines.geojson(among, simplify=simplify, datum="WGS-84")
    for feature in found["features"]:
        feature["properties"]["tone"] = tones.get(feature["properties"].get("code"), "")
    body = json.dumps(found, ensure_ascii=False)
    answer = HttpResponse(body, content_type="application/geo+json")
    answer["Cache-Control"] = "private, no-cache"
    return answer


def taken(act: Act, first: date, among: Sequence[Area], format: str) -> HttpResponse:
    """The month area by area as a file; numbers alone, nobody's name."""
    names = [name for name in MEASURES if name != "systems"]  # which is counted for one area alone
    columns = [_t("辖区"), _t("社区"), *(str(MEASURES[name]) for name in names)]
    rows = [
        [
            row.area.full_name,
            row.communities,
            *(
                str(weights.hours(row.load)) if n == "hours" else getattr(row.load, n)
                for n in names
            ),
            str(row.each),
            f"{row.percent}%",
        ]
        for row in compared(act, first, among)
    ]
    title = _t("社区负担")
    heads_ = [*columns, _t("每个社区用时"), _t("和平均比")]
    content = sheets.written(format, f"{title} {first:%Y-%m}", heads_, rows, title)
    answer = HttpResponse(content, content_type=sheets.MEDIA[format])
    answer["Content-Disposition"] = f'attachment; filename="burden-{first:%Y-%m}.{format}"'
    return answer
