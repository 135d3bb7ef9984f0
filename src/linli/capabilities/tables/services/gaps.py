"""Gaps: what nobody knows is found once and asked once; what was told before is not asked again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from linli.capabilities.admission.services.gate import ANSWER
from linli.capabilities.registry.selectors import doors
from linli.capabilities.registry.services import answering
from linli.capabilities.tables.models import Gap, Round, Sheet
from linli.capabilities.tables.rules import Column, Part, Plan, Way
from linli.capabilities.tables.services import rounds
from linli.capabilities.tables.services.answers import VISIT
from linli.kernel.acts import EVERYWHERE, Act, Span, action, crossing, note, under
from linli.kernel.dictionary import offers
from linli.kernel.dictionary.offers import Condition, Op, Query
from linli.kernel.dictionary.offers.conditions import groups_of
from linli.kernel.tasks import services as tasks

MOST = 50_000  # gaps of one column of one community
Question = tuple[str, int, str]  # record set, record, element (or the column of the form's own)
_STAYS = (Gap.State.NONE, Gap.State.DECLINED)


@dataclass(slots=True)
class _Count:
    rows: int = 0
    cells: int = 0
    gaps: list[Gap] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Told:
    """What was answered to a question before."""

    state: str
    value: str
    why: str
    by: int | None
    at: datetime | None


@action("tables.count", title=_("预填表格"), codes=())
def count(act: Act, sheet: Sheet) -> Sheet:
    """Find what nobody knows of one sheet, keep it as gaps and ask for it at the doors; told again, it finds what is new."""
    plan = Plan.of(sheet.round.plan)
    found = _Count()
    for part in plan.parts:
        if part.shape == "list" and part.record_set:
            _part(act, sheet, part, found)
    first = sheet.state == Sheet.State.COUNTING
    with crossing(EVERYWHERE):
        place(found.gaps)
        recall(found.gaps, earlier(sheet))
        asked = sum(gap.state == Gap.State.OPEN for gap in found.gaps)
        Gap.objects.bulk_create(found.gaps, batch_size=2000, ignore_conflicts=True)
        sheet.rows, sheet.cells = found.rows, found.cells
        if first:
            sheet.known, sheet.asked = found.cells - len(found.gaps), asked
            sheet.state = Sheet.State.FILLING
        sheet.save(update_fields=["rows", "cells", "known", "asked", "state"])
    ask(act, [sheet])
    told = {"round": sheet.round_id, "demand": sheet.demand_id}
    note(**told, rows=found.rows, cells=found.cells, gaps=len(found.gaps))
    return sheet


def query_of(sheet: Sheet, part: Part, *elements: str) -> Query:
    """Which records a part of a sheet is about."""
    area = sheet.area
    conditions = groups_of(part.conditions)
    return Query(part.record_set, elements, conditions, spans=(Span(area.pk, area.hi),))


def _part(act: Act, sheet: Sheet, part: Part, found: _Count) -> None:
    query = query_of(sheet, part)
    rows = offers.count(act, query, MOST)
    found.rows += rows
    for column in part.fillable:
        found.cells += rows
        found.gaps += [gap_of(sheet, part, column, key) for key in _blank(act, query, column)]


def size(act: Act, sheet: Sheet) -> tuple[int, int]:
    """How many rows a sheet has now, and how many values it asks for."""
    lists = Plan.of(sheet.round.plan).lists
    rows = [offers.count(act, query_of(sheet, part), MOST) for part in lists]
    cells = (many * len(part.fillable) for many, part in zip(rows, lists, strict=True))
    return sum(rows), sum(cells)


def gap_of(sheet: Sheet, part: Part, column: Column, record: int) -> Gap:
    """One value of a sheet that nobody knows yet."""
    return Gap(
        sheet=sheet,
        area=sheet.area_id,
        column=column.key,
        element=column.element if column.way is Way.KNOWN else "",
        record_set=part.record_set,
        record=record,
    )


def asks(part: Part, column: Column) -> bool:
    """Whether a blank under a column can be filled by asking."""
    return column.way is Way.OWN or answering.answers(part.record_set, column.element)


def _blank(act: Act, query: Query, column: Column) -> list[int]:
    """Which records lack a value; all of them under a column of the form's own."""
    if column.way is Way.OWN:
        return offers.keys(act, query, MOST)
    if not answering.answers(query.record_set, column.element):
        return []
    return offers.keys(act, query.also((Condition(column.element, Op.EMPTY),)), MOST)


def place(gaps: Sequence[Gap]) -> None:
    """Where each person lives, so that one visit asks all that is missing there."""
    people = {gap.record for gap in gaps if gap.record_set == "person"}
    homes = doors.households_of(people)
    for gap in gaps:
        if gap.record_set == "person":
            gap.household, gap.area = homes.get(gap.record, (None, gap.area))


def earlier(sheet: Sheet) -> dict[Question, Told]:
    """What was told before of the records of a sheet's community: that there is none, that it is not told.

    Of the form's own columns what the period before holds, where the round keeps it.
    """
    area = sheet.area
    rows = Gap.objects.filter(area__gte=area.pk, area__lt=area.hi, state__in=_STAYS)
    told = _told(rows.exclude(element="").order_by("at"))
    if sheet.round.before_id and sheet.round.keep_own:
        own = Gap.objects.filter(sheet__round=sheet.round.before_id, element="")
        own = own.filter(area__gte=area.pk, area__lt=area.hi)
        told |= _told(own.filter(state__in=(*_STAYS, Gap.State.FILLED)))
    return told


def _told(rows: object) -> dict[Question, Told]:
    names = ("record_set", "record", "element", "column", "state", "value", "why", "by", "at")
    found: dict[Question, Told] = {}
    for set_, record, element, column, *rest in rows.values_list(*names):  # type: ignore[attr-defined]
        found[set_, record, element or column] = Told(*rest)
    return found


def recall(gaps: Sequence[Gap], told: Mapping[Question, Told]) -> None:
    """Close the questions that were answered before."""
    for gap in gaps:
        kept = told.get((gap.record_set, gap.record, gap.element or gap.column))
        if kept is not None:
            gap.state, gap.value, gap.why = kept.state, kept.value, kept.why
            gap.by, gap.at, gap.carried = kept.by, kept.at, True


def ask(act: Act, sheets: Sequence[Sheet]) -> None:
    """Put sheets and their gaps before people: once their street has handed them on, not before."""
    with crossing(EVERYWHERE):
        keys = [row.pk for row in sheets if row.open]
        handed = list(
            Sheet.objects.filter(pk__in=keys, demand__state__in=rounds.OPEN).select_related("round")
        )
        fresh = Sheet.objects.filter(pk__in=[row.pk for row in handed], handed__isnull=True)
        fresh.update(handed=act.at)
    rounds.to_community(act, handed)
    # The sheet is where its demand is answered too: one to-do, not two.
    tasks.finish_many(act, "admission.demand", [row.demand_id for row in handed], [ANSWER])
    for sheet in handed:
        visits(act, sheet)


def visits(act: Act, sheet: Sheet) -> None:
    """One to-do for a household, however many tables ask there."""
    with crossing(EVERYWHERE):
        open_ = Gap.objects.filter(
            sheet=sheet, state=Gap.State.OPEN, household__isnull=False
        ).order_by()
        homes = list(open_.values_list("household", "area").distinct())
    tasks.add_many(
        act,
        [
            tasks.ToDo(
                kind=VISIT,
                subject_type="registry.household",
                subject_id=home,
                area=area,
                household=home,
                due=sheet.round.due,
            )
            for home, area in homes
            if home is not None
        ],
    )


def opened(act: Act, round_id: int) -> int:
    """Count every sheet of a round that is not counted yet, each in a transaction of its own, then open it; returns how many."""
    with under(act):
        waiting = Sheet.objects.filter(round_id=round_id, state=Sheet.State.COUNTING)
        keys = list(waiting.order_by("pk").values_list("pk", flat=True))
    counted = sum(_counted(act, key) for key in keys)
    with under(act):
        left = Sheet.objects.filter(round_id=round_id, state=Sheet.State.COUNTING).exists()
        waiting_ = Round.objects.filter(pk=round_id, state=Round.State.COUNTING)
        if not left:
            waiting_.update(state=Round.State.OPEN)
    return counted


def _counted(act: Act, key: int) -> bool:
    """Count one sheet unless another worker has done so in the meantime."""
    with under(act):
        rows = Sheet.objects.select_related("round", "area").select_for_update(of=("self",))
        sheet = rows.filter(pk=key, state=Sheet.State.COUNTING).first()
        if sheet is not None:
            count(act, sheet)
    return sheet is not None
