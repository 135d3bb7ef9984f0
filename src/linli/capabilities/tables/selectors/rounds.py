"""Rounds as their department and the streets see them: every community, how far it is, how long it still has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from linli.capabilities.registry.selectors.dossier import names_of
from linli.capabilities.tables.models import Edition, Gap, Round, Sheet
from linli.capabilities.tables.rules import share
from linli.capabilities.tables.selectors.sheets import EMPTY, empty
from linli.kernel.acts import EVERYWHERE, Act, crossing
from linli.kernel.calendar.selectors import calendar
from linli.kernel.places import selectors as places
from linli.ui.manifest import Today

PAGE = 50
NAMED = 30
RoundRow = Round
# What a community's line says, in the order of the way it goes: its code, words, tone.
STATES: Mapping[str, tuple[Any, str]] = {
    "street": (_("待街道下发"), "neutral"),
    "declined": (_("不予承接"), "bad"),
    "counting": (_("正在预填"), "neutral"),
    "unopened": (_("未打开"), "warn"),
    "filling": (_("填报中"), "warn"),
    "empty": (_("没有记录，待零报告"), "info"),
    "returned": (_("退回重核"), "bad"),
    "signed": (_("社区已确认"), "info"),
    "accepted": (_("部门已确认"), "good"),
    "merged": (_("已并入"), "neutral"),
    "recalled": (_("已收回"), "neutral"),
}
_AT_STREET = Q(demand__state__in=("at_street", "held"))
_NO = Q(demand__state="declined")
_BACK = Q(demand__state="recalled")
_DOWN = ~(_AT_STREET | _NO | _BACK)
_BY_STATE: Mapping[str, Q] = {
    "street": _AT_STREET,
    "declined": _NO,
    "recalled": _BACK,
    "counting": _DOWN & Q(state="counting"),
    "unopened": _DOWN & ~EMPTY & Q(state="filling", opened__isnull=True),
    "filling": _DOWN & ~EMPTY & Q(state="filling", opened__isnull=False),
    "empty": _DOWN & EMPTY,
    "returned": _DOWN & ~EMPTY & Q(state="returned"),
    "signed": _DOWN & Q(state="signed"),
    "accepted": _DOWN & Q(state="accepted"),
    "merged": Q(state="merged"),
}


def state_of(sheet: Sheet) -> str:
    """How far a community is, as its department reads it."""
    upstream = {"at_street": "street", "held": "street", "declined": "declined"}
    upstream["recalled"] = "recalled"
    if sheet.state == Sheet.State.MERGED:
        return "merged"
    if sheet.demand.state in upstream:
        return upstream[sheet.demand.state]
    if sheet.open and empty(sheet):
        return "empty"
    if sheet.state == Sheet.State.FILLING and sheet.opened is None:
        return "unopened"
    return str(sheet.state)


@dataclass(frozen=True, slots=True)
class Row:
    """One community of a round."""

    sheet: Sheet
    state: str
    left: int
    who: str = ""

    @property
    def words(self) -> Any:
        """Its state in words."""
        if self.state in ("unopened", "filling", "returned") and self.left:
            return _t("%(state)s，缺 %(n)s 处") % {"state": STATES[self.state][0], "n": self.left}
        if self.state in ("signed", "accepted") and empty(self.sheet):
            return _t("%(state)s：零报告") % {"state": STATES[self.state][0]}
        return STATES[self.state][0]

    @property
    def tone(self) -> str:
        """The tone of its state."""
        return STATES[self.state][1]


@dataclass(slots=True)
class RoundPage:
    """One screen of a round's communities."""

    rows: list[Row] = field(default_factory=list)
    next_href: str = ""
    first_href: str = ""


@dataclass(frozen=True, slots=True)
class Figures:
    """How far a whole round is: communities by state, values known at once, gaps left."""

    by_state: Mapping[str, int]
    known: float
    left: int
    total: int
    done: int

    @property
    def waits(self) -> int:
        """How many communities an edition still waits for."""
        return self.total - self.done - self.by_state["declined"] - self.by_state["street"]


def _mine(act: Act) -> Q:
    found = Q(unit=act.unit) if act.unit and act.unit_sight else Q(pk__in=[])
    return found


def _in_sight(act: Act) -> Q:
    found = Q(pk__in=[])
    for span in act.spans:
        found |= Q(area__gte=span.lo, area__lt=span.hi)
    return found


_OUT = Q(state=Round.State.OPEN)
SOON = timedelta(days=3)
# What a department looks for on its day: code, words, icon, tone.
DAY: Mapping[str, tuple[Any, str, str]] = {
    "out": (_("在填的报表"), "clipboard-list", ""),
    "returned": (_("有社区等收表"), "checks", "info"),
    "due": (_("三天内到期或已超期"), "clock", "warn"),
    "ready": (_("收齐可定版"), "lock", "good"),
}


def _of_day(act: Act) -> Mapping[str, Q]:
    return {
        "out": _OUT,
        "returned": _OUT & Q(signed__gt=0),
        "due": _OUT & Q(due__lte=act.at + SOON),
        "ready": _OUT & Q(accepted__gt=0, waits=0),
    }


def _counted(rows: QuerySet[Round]) -> QuerySet[Round]:
    """Rounds with how many communities they have, how many confirmed, were taken, are waited for."""
    away = ("at_street", "held", "declined", "recalled")
    waits = ~Q(sheets__demand__state__in=away) & ~Q(sheets__state__in=("accepted", "merged"))
    return rows.annotate(
        many=Count("sheets", filter=~Q(sheets__state="merged")),
        signed=Count("sheets", filter=Q(sheets__state="signed")),
        accepted=Count("sheets", filter=Q(sheets__state="accepted")),
        waits=Count("sheets", filter=waits),
    )


def today(act: Act) -> list[Today]:
    """How the rounds of one's unit stand, each number with its rows; one statement. Nothing where none is out."""
    if not (act.unit and act.unit_sight and act.may("tables.rounds")):
        return []
    with crossing(EVERYWHERE):
        rows = _counted(Round.objects.filter(_mine(act)))
        told = rows.aggregate(
            **{f"n_{code}": Count("pk", filter=where) for code, where in _of_day(act).items()}
        )
    if not told["n_out"]:
        return []
    at = reverse("tables:rounds")
    return [
        Today(words, told[f"n_{code}"], f"{at}?show={code}", icon, tone)
        for code, (words, icon, tone) in DAY.items()
    ]


def rounds(
    act: Act, after: int = 0, size: int = PAGE, *, show: str = ""
) -> tuple[list[Round], int]:
    """Rounds of one's unit, and those that came to one's communities, newest first; two statements."""
    there = Sheet.objects.filter(_in_sight(act)).values("round")
    rows = Round.objects.filter(_mine(act) | Q(pk__in=there)).select_related("unit")
    if after:
        rows = rows.filter(pk__lt=after)
    rows = _counted(rows).filter(_of_day(act).get(show, Q()))
    found: list[Any] = list(rows.order_by("-pk")[: size + 1])
    return found[:size], found[size - 1].pk if len(found) > size else 0


def one(act: Act, key: int) -> Round | None:
    """One round of one's unit, or that came to one's communities."""
    there = Sheet.objects.filter(_in_sight(act), round=key).values("round")
    rows = Round.objects.filter(_mine(act) | Q(pk__in=there), pk=key)
    return rows.select_related("unit", "before").first()


def confirmed(sheet: Sheet) -> bool:
    """Whether a community has confirmed its sheet, so that its department may read it."""
    return sheet.state in (Sheet.State.SIGNED, Sheet.State.ACCEPTED)


def own(act: Act, round: Round) -> bool:
    """Whether the actor acts for the unit that asks."""
    return act.unit == round.unit_id and act.unit_sight


def _sheets(act: Act, round: Round) -> QuerySet[Sheet]:
    rows = Sheet.objects.filter(round=round)
    return rows if own(act, round) else rows.filter(_in_sight(act))


def seen(act: Act, round: Round) -> Any:
    """The department that asks reads how far its communities are; a street its own."""
    return crossing(EVERYWHERE) if own(act, round) else crossing(act.spans[0])


def figures(act: Act, round: Round) -> Figures:
    """How far a round is; two statements."""
    with seen(act, round):
        rows = _sheets(act, round)
        told = rows.aggregate(
            cells=Sum("cells", filter=~Q(state="merged"), default=0),
            known=Sum("known", filter=~Q(state="merged"), default=0),
            **{code: Count("pk", filter=where) for code, where in _BY_STATE.items()},
        )
        left = Gap.objects.filter(
            sheet__in=rows.filter(_DOWN, state__in=("filling", "returned")), state="open"
        ).count()
    known = share(told.pop("known"), told.pop("cells"))
    total = sum(told.values()) - told["merged"] - told["recalled"]
    return Figures(told, known, left, total, told["accepted"])


def page(
    act: Act, round: Round, *, show: str = "", street: int = 0, q: str = "", after: int = 0
) -> RoundPage:
    """One screen of a round's communities, in the order they were asked; four statements."""
    with seen(act, round):
        rows = _sheets(act, round).select_related("area", "demand").filter(pk__gt=after)
        if show in _BY_STATE:
            rows = rows.filter(_BY_STATE[show])
        if street:
            span = places.span(street)
            rows = rows.filter(area__gte=span.lo, area__lt=span.hi)
        if q:
            rows = rows.filter(area__full_name__contains=q)
        found = list(rows.order_by("pk")[: PAGE + 1])
        keys = [row.pk for row in found]
        gaps = Gap.objects.filter(sheet__in=keys, state=Gap.State.OPEN)
        left = dict(gaps.values_list("sheet").annotate(n=Count("pk")).order_by())
        names = names_of({who for row in found for who in (row.signed_by, row.accepted_by)})
    for row in found:
        row.round = round
    made = RoundPage([_row(row, left, names) for row in found[:PAGE]])
    if len(found) > PAGE:
        made.next_href = str(found[PAGE - 1].pk)
    return made


@dataclass(frozen=True, slots=True)
class Missing:
    """Whom an edition waits for, and who will not stand in it; `more` where not all of them are named."""

    waits: Sequence[Row]
    outside: Sequence[Row]
    more: bool


def missing(act: Act, round: Round) -> Missing:
    """The communities that have still to be taken before a round can be frozen; one statement."""
    rows = _sheets(act, round).exclude(state__in=("accepted", "merged")).exclude(_BACK)
    rows = rows.select_related("area", "demand").defer("area__boundary").order_by("pk")
    found = list(rows[: NAMED + 1])
    for row in found:
        row.round = round
    told = [_row(row, {}, {}) for row in found[:NAMED]]
    outside = [row for row in told if row.state in ("street", "declined")]
    return Missing([row for row in told if row not in outside], outside, len(found) > NAMED)


def _row(sheet: Sheet, left: Mapping[int, int], names: Mapping[int, str]) -> Row:
    who = names.get(sheet.accepted_by or sheet.signed_by or 0, "")
    return Row(sheet, state_of(sheet), left.get(sheet.pk, 0), who)


def sheet(act: Act, round: Round, key: int) -> Sheet | None:
    """One community's sheet of a round."""
    with seen(act, round):
        rows = _sheets(act, round).filter(pk=key)
        return rows.select_related("round", "round__unit", "area", "demand").first()


@dataclass(frozen=True, slots=True)
class Left:
    """The promise: the day it is due, how many working days are left, in words."""

    due: Any
    state: str
    words: str


def left_of(act: Act, round: Round) -> Left | None:
    """What is left of a round's time, in working days; none without a due day."""
    if round.due is None:
        return None
    today, due = timezone.localdate(act.at), timezone.localdate(round.due)
    if round.state == Round.State.FROZEN:
        return Left(round.due, "done", _t("已定版"))
    if act.at > round.due:
        over = calendar().working_in(due, today) - 1
        return Left(round.due, "late", _t("已超期 %(n)s 个工作日") % {"n": max(over, 0)})
    days = calendar().working_in(today, due) - 1
    words = _t("还剩 %(n)s 个工作日") % {"n": days} if days > 0 else _t("今天到期")
    return Left(round.due, "soon" if days <= 2 else "ok", words)


def rows_of(act: Act, round: Round) -> int:
    """How many rows a round has in all."""
    with seen(act, round):
        return int(_sheets(act, round).aggregate(n=Sum("rows", default=0))["n"])


def streets(act: Act, round: Round) -> list[tuple[int, str]]:
    """The streets of a round's communities, for choosing."""
    with seen(act, round):
        areas = _sheets(act, round).values_list("area_id", flat=True)
        found = {places.street_of(area) for area in areas}
    tree = places.tree().by_id
    return sorted((key, tree[key].name) for key in found if key and key in tree)


def editions(round: Round) -> Sequence[Edition]:
    """The frozen editions of a round, newest first."""
    return list(Edition.objects.filter(round=round).order_by("-number"))
