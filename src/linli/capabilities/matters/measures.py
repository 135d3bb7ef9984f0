"""What matters offer to the sheet of indicators, by the month in which they were reported."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from linli.capabilities.matters.selectors import Filters
from linli.capabilities.matters.selectors.monthly import by_month
from linli.capabilities.matters.verbs import FIGURES
from linli.kernel.acts import Act
from linli.kernel.measures import Counted, Measure, Measured
from linli.kernel.measures.months import after
from linli.kernel.places.models import Area


def _opens(show: str = "all", **more: str) -> Callable[[Area | None, date], str]:
    def address(area: Area | None, first: date) -> str:
        f = Filters(
            show=show,
            area=area.pk if area else None,
            since=first,
            until=after(first) - timedelta(1),
        )
        return f"{reverse('matters:list')}?{f.query(**more)}"

    return address


def _read(
    act: Act, area: Area | None, firsts: Sequence[date]
) -> Mapping[str, Mapping[date, Counted]]:
    rows = by_month(act, area, firsts)
    shares = {"on_time": ("in_time", "judged"), "satisfied": ("satisfied", "rated")}
    found = {
        f"matters.{name}": {first: Counted(row[name]) for first, row in rows.items()}
        for name in ("received", "overdue", "reopened")
    }
    for name, (top, bottom) in shares.items():
        found[f"matters.{name}"] = {
            first: Counted(row[top], row[bottom]) for first, row in rows.items()
        }
    return found


MEASURES = Measured(
    _("诉求"),
    FIGURES.code,
    (
        Measure("matters.received", _("收到的诉求"), opens=_opens()),
        Measure("matters.on_time", _("按时办理率"), "share", "more", _opens(on_time="any")),
        Measure("matters.satisfied", _("满意率"), "share", "more", _opens(satisfied="any")),
        Measure("matters.overdue", _("当月提交、超期还没办的"), "count", "less", _opens("undone")),
        Measure("matters.reopened", _("重办的诉求"), "count", "less", _opens(again="yes")),
    ),
    _read,
)
