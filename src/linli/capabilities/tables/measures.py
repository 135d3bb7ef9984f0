"""What ledgers offer to the sheet of indicators: what a community did, by the month in which it happened."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from linli.capabilities.tables.selectors import monthly
from linli.capabilities.tables.selectors.entries import kinds
from linli.capabilities.tables.selectors.ledgers import Asked, query_string
from linli.capabilities.tables.verbs import LEDGERS
from linli.kernel.acts import Act
from linli.kernel.dictionary.offers import Condition, Op
from linli.kernel.measures import Counted, Measure, Measured
from linli.kernel.measures.months import after
from linli.kernel.places.models import Area

COUNTED = {
    "activity": _("办的活动"),
    "project": _("新立的项目"),
    "consultation": _("议事协商"),
    "disclosure": _("公开公示"),
}
NONE = (0, 0.0)


def _opens(kind: str) -> Callable[[Area | None, date], str]:
    def address(area: Area | None, first: date) -> str:
        if kind not in kinds():
            return ""
        days = (first.isoformat(), (after(first) - timedelta(1)).isoformat())
        asked = Asked(
            groups=((Condition(kinds()[kind].day, Op.BETWEEN, days),),),
            area=area.pk if area else None,
        )
        ledger = reverse("tables:ledger", args=[f"set-{kind}"])
        return f"{ledger}?{query_string(asked)}"

    return address


def _read(
    act: Act, area: Area | None, firsts: Sequence[date]
) -> Mapping[str, Mapping[date, Counted]]:
    told = monthly.counts(act, area, firsts, list(COUNTED))
    found = {
        f"tables.{kind}": {first: Counted(told.get((kind, first), NONE)[0]) for first in firsts}
        for kind in COUNTED
    }
    found["tables.hours"] = {
        first: Counted(told.get(("activity", first), NONE)[1]) for first in firsts
    }
    return found


MEASURES = Measured(
    _("台账"),
    LEDGERS.code,
    (
        *(Measure(f"tables.{kind}", title, opens=_opens(kind)) for kind, title in COUNTED.items()),
        Measure("tables.hours", _("志愿服务时长"), "hours", opens=_opens("activity")),
    ),
    _read,
)
