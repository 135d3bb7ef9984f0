"""What the gate offers to the sheet of indicators: what came down on communities, and what it cost them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from linli.capabilities.admission.selectors import burden
from linli.capabilities.admission.verbs import BURDEN
from linli.kernel.acts import Act
from linli.kernel.measures import Counted, Measure, Measured
from linli.kernel.places.models import Area

COUNTS = ("tables", "by_hand", "hours", "duplicates", "meetings", "inspections")


def _opens(area: Area | None, first: date) -> str:
    asked = {"area": area.pk if area else "", "month": f"{first:%Y-%m}"}
    return f"{reverse('admission:burden')}?{urlencode({k: v for k, v in asked.items() if v})}"


def _read(
    act: Act, area: Area | None, firsts: Sequence[date]
) -> Mapping[str, Mapping[date, Counted]]:
    loads = {m.first: m.load for m in burden.index(act, firsts[-1], area, len(firsts))}
    found = {
        f"admission.{name}": {first: Counted(getattr(each, name)) for first, each in loads.items()}
        for name in COUNTS
    }
    found["admission.known"] = {first: Counted(x.known, x.cells) for first, x in loads.items()}
    return found


MEASURES = Measured(
    _("基层减负"),
    BURDEN.code,
    (
        Measure("admission.tables", _("下到社区的表"), "count", "less", _opens),
        Measure("admission.known", _("表里已经知道、不用再填的"), "share", "more", _opens),
        Measure("admission.by_hand", _("手工填的字段"), "count", "less", _opens),
        Measure("admission.hours", _("社区用时"), "hours", "less", _opens),
        Measure("admission.duplicates", _("几个部门重复要的字段"), "count", "less", _opens),
        Measure("admission.meetings", _("会议"), "count", "less", _opens),
        Measure("admission.inspections", _("检查"), "count", "less", _opens),
    ),
    _read,
)
