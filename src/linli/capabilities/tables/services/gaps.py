"""Gaps: what nobody knows is found once, asked once, answered for every table at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linli.capabilities.registry.selectors import doors
from linli.capabilities.registry.services import answering
from linli.capabilities.tables.models import Gap, Round, Sheet
from linli.capabilities.tables.rules import Column, Part, Plan, Way
from linli.capabilities.tables.services import rounds
from linli.kernel.acts import EVERYWHERE, Act, Refusal, Span, action, crossing, note, under
from linli.kernel.dictionary import offers, selectors
from linli.kernel.dictionary.offers import Condition, Op, Query
from linli.kernel.dictionary.offers.conditions import groups_of
from linli.kernel.dictionary.rules import Unreadable, read
from linli.kernel.tasks import services as tasks

MOST = 50_000  # gaps of one column of one community
VISIT = "tables.visit"


@dataclass(slots=True)
class _Count:
    rows: int = 0
    cells: int = 0
    gaps: list[Gap] | None = None


@action("tables.count", title=_("预填表格"), codes=())
def count(act: Act, sheet: Sheet) -> Sheet:
    """Find what nobody knows of one sheet, keep it as gaps and ask for it at the doors; told again, it finds what is new."""
    plan = Plan.of(sheet.round.plan)
    found = _Count(gaps=[])
    for part in plan.parts:
        if part.shape == "list" and part.record_set:
            _part(act, sheet, part, found)
    gaps = found.gaps or []
    first = sheet.state == Sheet.State.COUNTING
    with crossing(EVERYWHERE):
        _homes(gaps)
        Gap.objects.bulk_create(gaps, batch_size=2000, ignore_conflicts=True)
        sheet.rows, sheet.cells = found.rows, found.cells
        if first:
            sheet.known, sheet.asked = found.cells - len(gaps), len(gaps)
            sheet.state = Sheet.State.FILLING
        sheet.save(update_fields=["rows", "cells", "known", "asked", "state"])
    if first:
        rounds.ready(act, [sheet])
    _visits(act, sheet)
    told = {"round": sheet.round_id, "demand": sheet.demand_id}
    note(**told, rows=found.rows, cells=found.cells, gaps=len(gaps))
    return sheet


def _part(act: Act, sheet: Sheet, part: Part, found: _Count) -> None:
    area = sheet.area
    query = Query(
        part.record_set,
        conditions=groups_of(part.conditions),
        spans=(Span(area.pk, area.hi),),
    )
    rows = offers.count(act, query, MOST)
    found.rows += rows
    for column in part.fillable:
        found.cells += rows
        for key in _blank(act, query, column):
            assert found.gaps is not None
            found.gaps.append(
                Gap(
                    sheet=sheet,
                    area=area.pk,
                    column=column.key,
                    element=column.element if column.way is Way.KNOWN else "",
                    record_set=part.record_set,
                    record=key,
                )
            )


def _blank(act: Act, query: Query, column: Column) -> list[int]:
    """Which records lack a value; all of them under a column of the form's own."""
    if column.way is Way.OWN:
        return offers.keys(act, query, MOST)
    if not answering.answers(query.record_set, column.element):
        return []
    return offers.keys(act, query.also((Condition(column.element, Op.EMPTY),)), MOST)


def _homes(gaps: Sequence[Gap]) -> None:
    """Where each person lives, so that one visit asks all that is missing there."""
    people = {gap.record for gap in gaps if gap.record_set == "person"}
    homes = doors.households_of(people)
    for gap in gaps:
        if gap.record_set == "person":
            gap.household, gap.area = homes.get(gap.record, (None, gap.area))


def _visits(act: Act, sheet: Sheet) -> None:
    """One to-do for a household, however many tables ask there."""
    open_ = Gap.objects.filter(sheet=sheet, state=Gap.State.OPEN, household__isnull=False)
    homes = open_.values_list("household", "area").annotate(n=Count("pk"))
    tasks.add_many(
        act,
        [
            tasks.ToDo(
                kind=VISIT,
                subject_type="registry.household",
                subject_id=home,
                area=area,
                title=str(_("入户补采：缺 %(n)s 项") % {"n": n}),
                household=home,
                due=sheet.round.due,
            )
            for home, area, n in homes
        ],
    )


@action("tables.answer", title=_("补采信息"), codes=("channel",))
def answer(
    act: Act, *, answers: Mapping[int, str], none: Sequence[int] = (), source: str = "door"
) -> int:
    """Take answers by gap; an element's value goes to the registry and closes that gap in every table (R011, R128).

    `none`: gaps of which the visited person has nothing to tell (确无). Returns how many gaps were closed. The fact names
    people and elements, no value. A value that cannot be read: Refusal at `gap-<id>`.
    """
    wanted = [*answers, *none]
    rows = {g.pk: g for g in Gap.objects.select_for_update().filter(pk__in=wanted).order_by("pk")}
    missing = [key for key in wanted if key not in rows]
    if missing:
        raise Refusal(_("有的缺项已经不在了，请刷新页面。"), code="gone")
    closed = 0
    for record, given in _by_record(rows, answers).items():
        closed += _told(act, record, given, source)
    closed += _closed(act, [rows[key] for key in none], Gap.State.NONE)
    note(gaps=closed, elements=sorted({rows[key].element for key in wanted if rows[key].element}))
    _finished(act, {row.household for row in rows.values() if row.household})
    return closed


def _by_record(
    rows: Mapping[int, Gap], answers: Mapping[int, str]
) -> dict[tuple[str, int], list[tuple[Gap, str]]]:
    found: dict[tuple[str, int], list[tuple[Gap, str]]] = {}
    for key, text in answers.items():
        if text.strip():
            found.setdefault((rows[key].record_set, rows[key].record), []).append(
                (rows[key], text.strip())
            )
    return found


def _told(act: Act, record: tuple[str, int], given: Sequence[tuple[Gap, str]], source: str) -> int:
    known = {gap: _value(act, gap, text) for gap, text in given if gap.element}
    if known:
        values = {gap.element: value for gap, value in known.items()}
        answering.answer(act, record[0], record[1], values=values, source=source)
    own = [(gap, text) for gap, text in given if not gap.element]
    for gap, text in own:
        gap.value = text[:300]
        gap.save(update_fields=["value"])
    return _closed(act, [gap for gap, _text in given], Gap.State.FILLED)


def _value(act: Act, gap: Gap, text: str) -> Any:
    element = selectors.element(gap.element)
    day = timezone.localdate(act.at)
    found = read(element, text, selectors.table_of(element), today=day)
    if isinstance(found, Unreadable):
        words = _("“%(what)s”：%(why)s") % {"what": element.label, "why": found.reason}
        raise Refusal(words, field=f"gap-{gap.pk}", code=found.code)
    return found


def _closed(act: Act, gaps: Sequence[Gap], state: str) -> int:
    """Close gaps, and with them the same question of every other table."""
    closed = 0
    for gap in gaps:
        same = Gap.objects.filter(pk=gap.pk)
        if gap.element:
            same = Gap.objects.filter(
                record_set=gap.record_set,
                record=gap.record,
                element=gap.element,
                state=Gap.State.OPEN,
            )
        closed += same.update(state=state, by=act.actor, at=act.at)
    return closed


def _finished(act: Act, homes: set[int]) -> None:
    """End the visits of households where nothing is missing any more."""
    left = Gap.objects.filter(household__in=homes, state=Gap.State.OPEN)
    still = set(left.values_list("household", flat=True).distinct())
    if done := homes - still:
        tasks.finish_many(act, "registry.household", sorted(done), [VISIT])


def opened(act: Act, round_id: int) -> int:
    """Count every sheet of a round that is not counted yet, each in a transaction of its own, then open it; returns how many."""
    with under(act):
        waiting = Sheet.objects.filter(round_id=round_id, state=Sheet.State.COUNTING)
        keys = list(waiting.order_by("pk").values_list("pk", flat=True))
    for key in keys:
        with under(act):
            sheet = Sheet.objects.select_related("round", "area").select_for_update(of=("self",))
            count(act, sheet.get(pk=key))
    with under(act):
        Round.objects.filter(pk=round_id, state=Round.State.COUNTING).update(state=Round.State.OPEN)
    return len(keys)
