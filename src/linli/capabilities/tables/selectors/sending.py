"""Before a form is sent: whom it can reach, when it may be due, how much of it is known already."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from linli.capabilities.tables.models import Form, Round, Sheet
from linli.capabilities.tables.policy import FormsPolicy
from linli.capabilities.tables.rules import Part, Plan, Way, share
from linli.kernel.access.models import Unit
from linli.kernel.acts import EVERYWHERE, Act, Span, crossing, system_act
from linli.kernel.calendar import selectors as calendar
from linli.kernel.dictionary import offers
from linli.kernel.dictionary.offers import Condition, Op, Query
from linli.kernel.dictionary.offers.conditions import groups_of
from linli.kernel.places import selectors as places
from linli.kernel.places.models import Area
from linli.kernel.places.rules import Level
from linli.kernel.policy import current

ROWS_MOST = 200_000


@dataclass(frozen=True, slots=True)
class Branch:
    """An area to choose, with what lies below it and how many communities that are."""

    area: Area
    communities: int
    below: tuple[Branch, ...] = ()


def section() -> FormsPolicy:
    """The pack's section in force."""
    return current().section(FormsPolicy)


def earliest(day: date) -> date:
    """The first day that a form sent on a day may be due: so many working days later as the pack says."""
    days, left, found = calendar.calendar(), section().notice.days, day
    while left:
        found += timedelta(days=1)
        left -= days.is_working(found)
    return found


def tree_of(unit: Unit) -> tuple[Branch, ...]:
    """Where a unit may send: the districts, streets and communities of its area."""
    own = places.tree().by_id[unit.area_id]
    if own.level in (Level.STREET, Level.COMMUNITY):
        return tuple(each for each in [_branch(own)] if each is not None)
    return tuple(found for each in places.children(own) if (found := _branch(each)) is not None)


def _branch(area: Area) -> Branch | None:
    if area.until is not None:
        return None
    if area.level == Level.COMMUNITY:
        return Branch(area, 1)
    below = tuple(found for each in places.children(area) if (found := _branch(each)) is not None)
    count = sum(each.communities for each in below)
    return Branch(area, count, below) if count else None


def communities(chosen: Iterable[int], within: Sequence[Branch]) -> tuple[int, ...]:
    """The communities of chosen areas, each once, in the order of the tree; areas outside it count for nothing."""
    wanted, found = set(chosen), []

    def walk(branches: Iterable[Branch], whole: bool) -> None:
        for each in branches:
            here = whole or each.area.pk in wanted
            if each.area.level == Level.COMMUNITY and here:
                found.append(each.area.pk)
            walk(each.below, here)

    walk(within, False)
    return tuple(found)


AT_ONCE = 40  # communities that are drawn without being asked for
FOUND_MOST = 30  # places that a search names


@dataclass(frozen=True, slots=True)
class Twig:
    """A branch as it is drawn: how many of its communities are chosen; what lies below stays undrawn until it is asked for."""

    area: Area
    communities: int
    chosen: int
    below: tuple[Twig, ...] = ()
    drawn: bool = True

    @property
    def whole(self) -> bool:
        """Whether all of it is chosen."""
        return self.chosen == self.communities

    @property
    def part(self) -> bool:
        """Whether something of it is chosen, and not all."""
        return 0 < self.chosen < self.communities


def drawn(
    branches: Sequence[Branch], chosen: Iterable[int], opened: Iterable[int] = ()
) -> tuple[Twig, ...]:
    """Branches to draw: the communities of a street only where some are chosen, it was opened, or there are few in all."""
    wanted, open_ = frozenset(chosen), frozenset(opened)
    few = sum(each.communities for each in branches) <= AT_ONCE
    return tuple(_twig(each, wanted, open_, few) for each in branches)


def _twig(each: Branch, wanted: frozenset[int], opened: frozenset[int], few: bool) -> Twig:
    if not each.below:
        return Twig(each.area, 1, int(each.area.pk in wanted))
    below = tuple(_twig(one, wanted, opened, few) for one in each.below)
    chosen = sum(one.chosen for one in below)
    streets = any(one.below for one in each.below)
    shown = streets or few or each.area.pk in opened or 0 < chosen < each.communities
    return Twig(each.area, each.communities, chosen, below if shown else (), shown)


def branch_of(branches: Iterable[Branch], area: int) -> Branch | None:
    """The branch of an area, wherever it lies."""
    for each in branches:
        found = each if each.area.pk == area else branch_of(each.below, area)
        if found is not None:
            return found
    return None


@dataclass(frozen=True, slots=True)
class Named:
    """An area that a search found: what lies above it, how many communities it is."""

    area: Area
    above: str
    communities: int


def named(branches: Sequence[Branch], q: str, above: str = "") -> list[Named]:
    """The areas that bear some words in their name, those of a higher rank first."""
    found: list[Named] = []
    for each in branches:
        if q in str(each.area.name):
            found.append(Named(each.area, above, each.communities))
        found += named(each.below, q, f"{above} {each.area.name}".strip())
    return sorted(found, key=lambda one: -one.communities)[: FOUND_MOST + 1]


def streets_of(chosen: Iterable[int]) -> tuple[int, ...]:
    """The streets that communities are asked through."""
    return tuple(sorted({street for each in chosen if (street := places.street_of(each))}))


@dataclass(frozen=True, slots=True)
class Lacking:
    """How many values of one column nobody knows; None where only asking tells."""

    title: str
    blank: int | None


@dataclass(frozen=True, slots=True)
class Preview:
    """What sending would ask: rows, values, those known, what lacks most."""

    title: str
    rows: int
    cells: int
    known: int
    lacking: tuple[Lacking, ...]

    @property
    def share(self) -> float:
        """The share that is filled before anybody is asked."""
        return share(self.known, self.cells)


def preview(act: Act, plan: Plan, chosen: Sequence[int]) -> list[Preview]:
    """How many rows the lists of a form have in some communities, and how much of them is known; counts alone leave."""
    spans = _spans(chosen)
    lists = [part for part in plan.parts if part.shape == "list" and part.record_set]
    offered = offers.known()
    with crossing(EVERYWHERE):
        reader = system_act(act.at, channel=act.channel)
        return [_part(reader, part, spans) for part in lists if part.record_set in offered]


def _spans(chosen: Iterable[int]) -> tuple[Span, ...]:
    """The areas as few intervals: neighbours are one."""
    found: list[Span] = []
    for each in sorted(chosen):
        span = places.span(each)
        if found and found[-1].hi == span.lo:
            found[-1] = Span(found[-1].lo, span.hi)
        else:
            found.append(span)
    return tuple(found)


def _part(reader: Act, part: Part, spans: tuple[Span, ...]) -> Preview:
    query = Query(part.record_set, conditions=groups_of(part.conditions), spans=spans)
    rows = offers.count(reader, query, ROWS_MOST)
    offered, lacking, known = offers.offered(part.record_set), [], 0
    columns = part.fillable
    for column in columns:
        if column.way is Way.OWN or column.element not in offered:
            lacking.append(Lacking(column.label, None))
            continue
        empty = query.also((Condition(column.element, Op.EMPTY),))
        blank = offers.count(reader, empty, ROWS_MOST) if offered[column.element].operators else 0
        known += rows - blank
        lacking.append(Lacking(column.label, blank))
    worst = sorted(lacking, key=lambda each: -(rows if each.blank is None else each.blank))
    return Preview(part.title, rows, rows * len(columns), known, tuple(worst[:8]))


SHEETS_MOST = 200


@dataclass(frozen=True, slots=True)
class Sent:
    """How far a round is: its first sheets, how many there are, were counted and wait at streets, and what was known."""

    round: Round
    sheets: list[Sheet]
    all: int
    counted: int
    waiting: int
    rows: int
    cells: int
    known: int


def sent(form: Form, number: int) -> Sent | None:
    """One round of a form as it stands; none where it was not sent under that number."""
    made = Round.objects.filter(form=form, pk=number).select_related("ticket").first()
    if made is None:
        return None
    rows = Sheet.objects.filter(round=made).select_related("area", "demand")
    sheets = list(rows.order_by("area_id"))
    counted = [each for each in sheets if each.state != Sheet.State.COUNTING]
    return Sent(
        made,
        sheets[:SHEETS_MOST],
        len(sheets),
        len(counted),
        sum(each.demand.state == "at_street" for each in sheets),
        sum(each.rows for each in counted),
        sum(each.cells for each in counted),
        sum(each.known for each in counted),
    )
