"""Reads of 12345 work orders: the list with three deadlines' lights, the replies to give back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from linli.capabilities.matters.models import HotlineFile, Matter
from linli.capabilities.matters.selectors.lists import _COLUMNS, PAGE, Row, row_of
from linli.capabilities.matters.selectors.names import names
from linli.capabilities.matters.selectors.sight import in_sight
from linli.kernel.access import offices
from linli.kernel.acts import Act
from linli.kernel.acts.models import Words

_STAGES = {"sign": "sign", "contact": "contact", "resolve": "hotline"}  # light → the flow's stage
_SOON = 0.2


@dataclass(frozen=True, slots=True)
class Light:
    """One of the hotline's deadlines: when it is due, when it was met, good | warn | bad."""

    stage: str
    due: datetime | None
    met: datetime | None
    tone: str
    own: bool


@dataclass(frozen=True, slots=True)
class WorkOrder:
    """One line of the hotline's list."""

    row: Row
    lights: tuple[Light, ...]
    replied: datetime | None
    received: datetime | None
    can_contact: bool


@dataclass(frozen=True, slots=True)
class Orders:
    """A page of work orders; `next_href`, `first_href` as `ui.pager` takes them."""

    rows: list[WorkOrder]
    next_href: str
    first_href: str


def _when(raw: object) -> datetime | None:
    return datetime.fromisoformat(str(raw)) if raw else None


def _met(position: dict[str, Any], light: str) -> datetime | None:
    """When a deadline of the hotline was met, as the clock on the matter's own page tells it."""
    runs = [run for run in position.get("stages", ()) if run["code"] == _STAGES[light]]
    return _when(runs[-1].get("met")) if runs else None


def _light(hotline: dict[str, Any], position: dict[str, Any], stage: str, now: datetime) -> Light:
    due, met = _when(hotline.get(f"{stage}_by")), _met(position, stage)
    began = _when(hotline.get("received_at")) or now
    tone = "neutral"
    if due is not None:
        whole = (due - began).total_seconds()
        near = whole > 0 and (due - (met or now)).total_seconds() / whole < _SOON
        tone = "bad" if (met or now) > due else "warn" if near and met is None else "good"
    return Light(stage, due, met, tone, hotline.get(f"{stage}_from") == "hotline")


def _order(raw: dict[str, Any], act: Act) -> WorkOrder:
    hotline, position = raw["hotline"], raw["position"]
    done = position.get("done", {})
    row = row_of(raw, act.at)
    mine = raw["unit_id"] == act.unit and raw["state"] in ("reported", "handling")
    return WorkOrder(
        row,
        tuple(_light(hotline, position, stage, act.at) for stage in _STAGES),
        _when(hotline.get("replied")),
        _when(hotline.get("received_at")),
        mine and "matters.contact" not in done and act.may("matters.contact"),
    )


def _shown(act: Act, show: str) -> QuerySet[Matter]:
    rows = in_sight(act).filter(channel="hotline")
    finished = Q(closed__isnull=False)
    unsent = ~Q(hotline__has_key="replied")
    arms = {"open": ~finished, "unsent": finished & unsent, "sent": Q(hotline__has_key="replied")}
    return rows.filter(arms[show]) if show in arms else rows


def hotline_orders(act: Act, show: str = "open", after: str = "") -> Orders:
    """One page of the work orders in sight, newest first: open, unsent (finished, not replied), sent, all."""
    rows = _shown(act, show).order_by("-id")
    if after.isdecimal() and len(after) < 19:
        rows = rows.filter(id__lt=int(after))
    raws = list(rows.values(*_COLUMNS, "hotline", "position")[: PAGE + 1])
    found = [_order(raw, act) for raw in raws[:PAGE]]
    more = f"?show={show}&after={found[-1].row.id}" if len(raws) > PAGE else ""
    return Orders(found, more, f"?show={show}" if after else "")


def to_reply(act: Act, keys: Iterable[int] = (), *, again: bool = False) -> list[Matter]:
    """Work orders to answer: the chosen ones, else all that are finished; those answered only with `again`."""
    wanted = list(keys)
    rows = _shown(act, "all" if wanted else "unsent")
    if wanted:
        rows = rows.filter(pk__in=wanted)
        if not again:
            rows = rows.exclude(hotline__has_key="replied")
    return list(rows.select_related("handler").order_by("id"))


def replies(matters: list[Matter]) -> tuple[list[str], list[list[Any]]]:
    """Header and rows of the reply file, by the columns of the pack."""
    columns = names().policy.hotline.replies
    kept = Words.objects.filter(
        fact__subject_type="matters.matter",
        fact__subject_id__in=[m.pk for m in matters],
        fact__verb__in=("matters.handle", "matters.refuse", "matters.merge", "matters.withdraw"),
        name__in=("outcome", "reason"),
    )
    outcomes = dict(kept.order_by("fact_id").values_list("fact__subject_id", "body"))
    grades = {g.value: g.title for g in names().policy.ratings.grades}
    rows = []
    for m in matters:
        unit = offices.unit(m.unit_id)
        values: dict[str, Any] = {
            "number": m.external,
            "state": names().states.get(m.state, m.state),
            "signed_at": _met(m.position, "sign"),
            "contacted_at": _met(m.position, "contact"),
            "resolved_at": _met(m.position, "resolve") or m.closed,
            "handled_by": unit.name if unit else "",
            "outcome": outcomes.get(m.pk, ""),
            "rating": grades.get(m.rating, "") if m.rating else "",
            "note": m.delay_reason,
        }
        rows.append([values.get(c.code, "") for c in columns])
    return [c.name for c in columns], rows


def hotline_files(act: Act, most: int = 10) -> list[HotlineFile]:
    """The latest workbooks, without their contents."""
    return list(HotlineFile.objects.defer("rows", "refused").order_by("-id")[:most])


def hotline_file(act: Act, pk: int) -> HotlineFile | None:
    """One workbook in sight."""
    return HotlineFile.objects.filter(pk=pk).first()


def hotline_matter(act: Act, number: int) -> Matter | None:
    """One work order in sight by its key."""
    return in_sight(act).filter(pk=number, channel="hotline").first()
