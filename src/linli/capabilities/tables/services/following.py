"""People move and die, communities are joined and divided while a form is out: sheets follow what they are about."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from linli.capabilities.registry.selectors import doors
from linli.capabilities.tables.models import Gap, Round, Sheet
from linli.capabilities.tables.rules import Part, Plan, Way
from linli.capabilities.tables.services import gaps
from linli.capabilities.tables.services.answers import finished
from linli.capabilities.tables.services.rounds import CONFIRM
from linli.kernel.acts import Act, action, note
from linli.kernel.acts.models import Fact
from linli.kernel.dictionary import offers
from linli.kernel.places.rules import Level, enclosing
from linli.kernel.tasks import services as tasks

Place = tuple[int | None, int]
_OPEN = (Sheet.State.FILLING, Sheet.State.RETURNED)


@dataclass(slots=True)
class _Settling:
    """Some people of one sheet: where they live, which questions are open about them, which of them it is about."""

    sheet: Sheet
    homes: dict[int, Place]
    here: set[int] = field(default_factory=set)
    wanted: dict[tuple[str, int], Gap] = field(default_factory=dict)


@action("tables.follow", title=_("表格随人调整"), codes=())
def follow(act: Act, *, people: Collection[int]) -> int:
    """Bring the open sheets up to date with some people who moved, died, came or were told more of; returns how many
    sheets were looked at.
    """
    homes = doors.households_of(people)
    sheets = _about(people, homes)
    touched: set[int] = set()
    for sheet in sheets:
        touched |= _settled(act, sheet, set(people), homes)
    finished(act, touched)
    note(people=sorted(people)[:500], sheets=[each.pk for each in sheets])
    return len(sheets)


def _about(people: Collection[int], homes: dict[int, Place]) -> list[Sheet]:
    """The sheets that ask about these people, or might from where they live now."""
    now = {enclosing(area, Level.COMMUNITY) for _home, area in homes.values()}
    asked = Gap.objects.filter(record_set="person", record__in=list(people))
    rows = Sheet.objects.filter(state__in=_OPEN, round__state=Round.State.OPEN)
    rows = rows.filter(
        Q(area__in=[a for a in now if a]) | Q(pk__in=asked.values("sheet").distinct())
    )
    return list(rows.select_related("round", "area").order_by("pk"))


def _settled(act: Act, sheet: Sheet, people: set[int], homes: dict[int, Place]) -> set[int]:
    """One sheet; returns the households where something changed."""
    found = _Settling(sheet, homes)
    for part in Plan.of(sheet.round.plan).parts:
        if part.shape == "list" and part.record_set == "person":
            _wanted(act, found, part, people)
    held = Gap.objects.filter(sheet=sheet, record_set="person", record__in=people)
    changed = [gap for gap in held.select_for_update().order_by("pk") if _kept(act, found, gap)]
    new = list(found.wanted.values())
    gaps.place(new)
    gaps.recall(new, gaps.earlier(sheet) if new else {})
    Gap.objects.bulk_create(new, ignore_conflicts=True)
    if new:
        gaps.ask(act, [sheet])
    return {gap.household for gap in (*changed, *new) if gap.household}


def _wanted(act: Act, found: _Settling, part: Part, people: set[int]) -> None:
    """Which questions are open about these people, as things stand."""
    columns = [c for c in part.fillable if gaps.asks(part, c)]
    elements = [c.element for c in columns if c.way is Way.KNOWN]
    query = gaps.query_of(found.sheet, part, *elements)
    batch = offers.some(act, query, people)
    found.here.update(batch.keys)
    for column in columns:
        known = column.way is Way.KNOWN
        values = batch.values[column.element] if known else [None] * len(batch.keys)
        for record, value in zip(batch.keys, values, strict=True):
            if value in (None, ""):
                gap = gaps.gap_of(found.sheet, part, column, record)
                found.wanted[column.key, record] = gap


def _kept(act: Act, found: _Settling, gap: Gap) -> bool:
    """A question that is there already: it stays, closes, opens again, or moves on; tells whether it changed."""
    asked = found.wanted.pop((gap.column, gap.record), None)
    before = (gap.state, gap.household, gap.area, gap.sheet_id)
    if gap.record not in found.here:
        _left(found, gap)
    else:
        gap.household, gap.area = found.homes.get(gap.record, (gap.household, gap.area))
        if gap.state == Gap.State.OPEN and asked is None and not gap.remark:
            gap.state, gap.by, gap.at, gap.carried = Gap.State.FILLED, act.actor, act.at, True
        elif gap.state == Gap.State.GONE and asked is not None:
            gap.state = Gap.State.OPEN
    if (gap.state, gap.household, gap.area, gap.sheet_id) == before:
        return False
    gap.save(update_fields=["state", "household", "area", "sheet", "by", "at", "carried"])
    return True


def _left(found: _Settling, gap: Gap) -> None:
    """Whoever went to another community takes their answers along, where that is asked too; else nothing is asked."""
    home = found.homes.get(gap.record)
    at = enclosing(home[1], Level.COMMUNITY) if home else None
    there = Sheet.objects.filter(round=found.sheet.round_id, area=at, state__in=_OPEN).first()
    taken = (
        there is None
        or Gap.objects.filter(sheet=there, column=gap.column, record=gap.record).exists()
    )
    if there is not None and home is not None and not taken:
        gap.sheet, gap.household, gap.area = there, *home
    elif gap.state == Gap.State.OPEN:
        gap.state = Gap.State.GONE


def people_of(facts: Iterable[Fact]) -> set[int]:
    """The people that facts of the registry speak of."""
    found: set[int] = set()
    stays: set[int] = set()
    for fact in facts:
        if fact.subject_type == "registry.person":
            found.add(fact.subject_id)
        data = fact.data
        for name in ("people", "members"):
            found.update(data.get(name) or ())
        if isinstance(data.get("person"), int):
            found.add(data["person"])
        if fact.subject_type == "registry.residence":
            stays.add(fact.subject_id)
    found.update(doors.people_in(stays))
    return found


def out() -> bool:
    """Whether any round is out."""
    return Round.objects.filter(state=Round.State.OPEN).exists()


def followed(act: Act, facts: Iterable[Fact]) -> None:
    """Bring open sheets up to date with the people that facts speak of; nothing where no round is out."""
    people = people_of(facts)
    if people and out():
        follow(act, people=people)


def handed_on(act: Act, demands: Collection[int]) -> None:
    """Sheets whose street handed them on come before people."""
    rows = Sheet.objects.filter(demand__in=demands, state=Sheet.State.FILLING)
    gaps.ask(act, list(rows.select_related("round", "area").order_by("pk")))


def put_back(act: Act, demands: Collection[int]) -> None:
    """Sheets of which a community took its no back: their questions stand again, those about people as things are now."""
    gone = Gap.objects.filter(sheet__demand__in=demands, state=Gap.State.GONE)
    people = set(gone.filter(record_set="person").values_list("record", flat=True))
    gone.exclude(record_set="person").update(state=Gap.State.OPEN)
    if people:
        follow(act, people=people)
    handed_on(act, demands)


def taken_off(act: Act, tickets: Collection[int], demands: Collection[int]) -> None:
    """Sheets that were declined or taken back are asked for nowhere any more; a round nobody delivered is recalled."""
    back = Round.objects.filter(ticket__in=tickets)
    back.exclude(sheets__demand__state="delivered").update(state=Round.State.RECALLED)
    rows = Sheet.objects.filter(Q(demand__ticket__in=tickets) | Q(demand__in=demands))
    rows = rows.filter(demand__state__in=("declined", "recalled"))
    keys = list(rows.values_list("pk", flat=True))
    tasks.finish_many(act, "tables.sheet", keys, [CONFIRM])
    open_ = Gap.objects.filter(sheet__in=keys, state=Gap.State.OPEN)
    homes = {home for home in open_.values_list("household", flat=True) if home}
    open_.update(state=Gap.State.GONE)
    finished(act, homes)
