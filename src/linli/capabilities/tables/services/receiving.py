"""The department's side of a round: urge, look, give back, take, take back; two reviewers never do it twice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linli.capabilities.registry.selectors.colleagues import clerks_of
from linli.capabilities.registry.selectors.doors import households_of
from linli.capabilities.tables.models import Gap, Round, Sheet
from linli.capabilities.tables.notices import REMINDED, RETURNED
from linli.capabilities.tables.rules import Column, Plan, Way
from linli.capabilities.tables.services import rounds
from linli.capabilities.tables.services.rows import held, unit_of
from linli.kernel.acts import EVERYWHERE, Act, Refusal, Span, action, crossing, note
from linli.kernel.notices.services import tell

MARKS_MOST = 200


@dataclass(frozen=True, slots=True)
class Mark:
    """What is wrong with one cell of a sheet, or with a whole row (no `column`)."""

    record_set: str
    record: int
    column: str
    words: str


@action("tables.open", title=_("打开表格"), guard=False)
def open_(act: Act, sheet: Sheet) -> None:
    """Remember when a community first looked at its sheet."""
    Sheet.objects.filter(pk=sheet.pk, opened__isnull=True).update(opened=act.at)


def own_round(act: Act, round: Round, *, writing: bool = True) -> Round:
    """A round of the actor's unit, held until the transaction ends; refused once it is frozen or taken back."""
    rows = Round.objects.filter(pk=round.pk, unit=unit_of(act))
    row = held(rows, _("找不到这次填报，或它不是本单位的。"))
    if writing and row.state == Round.State.FROZEN:
        raise Refusal(_("这次填报已经定版，不能再改。"), code="frozen")
    if writing and row.state == Round.State.RECALLED:
        raise Refusal(_("这次填报已经收回。"), code="recalled")
    return row


@action("tables.accept", title=_("确认收表"), codes=())
def accept(act: Act, round: Round, *, sheets: Sequence[int] | None = None) -> int:
    """Take signed sheets as they are (the second of the two confirmations), all of them where none is named.

    Returns how many. Of two reviewers one takes a sheet; the other is told who did when nothing is left to take.
    """
    row = own_round(act, round)
    asked = _held(row, sheets)
    rows = [each for each in asked if each.state == Sheet.State.SIGNED]
    if not rows:
        for each in asked:
            rounds.changed_by(each)
        picked(sheets)
        words = (
            _("没有等待确认的社区。") if sheets is None else _("选中的社区还没有上报，不能收下。")
        )
        raise Refusal(words, code="none")
    for each in rows:
        each.state, each.accepted, each.accepted_by = Sheet.State.ACCEPTED, act.at, act.actor
    Sheet.objects.bulk_update(rows, ["state", "accepted", "accepted_by"], batch_size=500)
    note(sheets=[each.pk for each in rows], round=row.pk)
    return len(rows)


@action("tables.unaccept", title=_("撤回收表"), codes=())
def unaccept(act: Act, round: Round, *, sheets: Sequence[int]) -> int:
    """Take back that sheets were taken, until the edition is frozen; returns how many."""
    row = own_round(act, round)
    rows = [each for each in _held(row, sheets) if each.state == Sheet.State.ACCEPTED]
    if not rows:
        picked(sheets)
        raise Refusal(_("选中的社区还没有收下，不用撤回。"), code="none")
    for each in rows:
        each.state, each.accepted, each.accepted_by = Sheet.State.SIGNED, None, None
    Sheet.objects.bulk_update(rows, ["state", "accepted", "accepted_by"], batch_size=500)
    note(sheets=[each.pk for each in rows], round=row.pk)
    return len(rows)


def picked(sheets: Sequence[int] | None) -> None:
    """A Refusal where something is done to sheets and none was picked."""
    if sheets is not None and not sheets:
        raise Refusal(_("请先勾选要办的，再点。"), code="unpicked")


def _held(round: Round, sheets: Sequence[int] | None) -> list[Sheet]:
    rows = Sheet.objects.select_for_update(of=("self",)).select_related("area")
    rows = rows.filter(round=round)
    if sheets is not None:
        rows = rows.filter(pk__in=list(sheets))
    else:
        rows = rows.filter(state=Sheet.State.SIGNED)
    return list(rows.order_by("pk"))


@action("tables.hand_back", title=_("退回表格"), keep=("reason",))
def hand_back(act: Act, sheet: Sheet, *, reason: str, marks: Sequence[Mark] = ()) -> Sheet:
    """Give a signed sheet back to its community, with what is wrong: as a whole, and at rows and cells.

    What was marked is asked again; a marked value stays until somebody answers.
    """
    row = rounds.sheet_in(sheet, Sheet.State.SIGNED)
    held_ = own_round(act, Round(pk=row.round_id))
    why = " ".join(reason.split())
    if len(why) < 2:
        raise Refusal(_("请写明哪里要重核。"), field="reason", code="reason")
    if len(marks) > MARKS_MOST:
        raise Refusal(_("一次最多标 %(most)s 处。") % {"most": MARKS_MOST}, code="many")
    span = Span(row.area.pk, row.area.hi)
    with crossing(span):
        for mark in marks:
            _marked(row, Plan.of(held_.plan), mark)
    row.state, row.reason = Sheet.State.RETURNED, why[:300]
    row.save(update_fields=["state", "reason"])
    rounds.to_community(act, [row])
    people = clerks_of(row.area_id, timezone.localdate(act.at))
    tell(act, people, RETURNED.code, row, {"title": str(held_)})
    note(round=row.round_id, marks=len(marks))
    return row


def _marked(sheet: Sheet, plan: Plan, mark: Mark) -> None:
    """One cell or row is asked again, with what is wrong."""
    column = _column(plan, mark)
    words = " ".join(mark.words.split())[:200]
    if len(words) < 2:
        raise Refusal(_("请写明这一处哪里不对。"), field="reason", code="reason")
    home, area = households_of([mark.record]).get(mark.record, (None, sheet.area_id))
    person = mark.record_set == "person"
    Gap.objects.update_or_create(
        sheet=sheet,
        column=mark.column,
        record=mark.record,
        defaults={
            "state": Gap.State.OPEN,
            "remark": words,
            "element": column.element if column and column.way is Way.KNOWN else "",
            "record_set": mark.record_set,
            "household": home if person else None,
            "area": area if person else sheet.area_id,
        },
    )


def _column(plan: Plan, mark: Mark) -> Column | None:
    parts = [part for part in plan.parts if part.record_set == mark.record_set]
    if not parts:
        raise Refusal(_("这一行不在这张表里，请刷新页面。"), code="row")
    found = [each for part in parts for each in part.columns if each.key == mark.column]
    if mark.column and not found:
        raise Refusal(_("这一列不在这张表里，请刷新页面。"), code="column")
    return found[0] if found else None


@action("tables.remind", title=_("催报表格"), codes=())
def remind(act: Act, round: Round, *, sheets: Sequence[int] = ()) -> int:
    """Urge communities that have not handed in (all of them where none is named), each at most once a day.

    Returns how many were told; a Refusal when all were told today already.
    """
    row = own_round(act, round)
    with crossing(EVERYWHERE):
        late = Sheet.objects.select_for_update(of=("self",)).select_related("area")
        late = late.filter(
            round=row,
            state__in=(Sheet.State.FILLING, Sheet.State.RETURNED),
            demand__state__in=rounds.OPEN,
        )
        if sheets:
            late = late.filter(pk__in=list(sheets))
        waiting = list(late.order_by("pk"))
    day = timezone.localdate(act.at)
    rows = [s for s in waiting if not s.reminded or timezone.localdate(s.reminded) < day]
    if not rows:
        words = (
            _("今天已经催过，明天再催。")
            if waiting
            else _("没有要催的：都上报了，或还没有下发到社区。")
        )
        raise Refusal(words, code="today" if waiting else "none")
    due = timezone.localdate(row.due).isoformat() if row.due else ""
    for each in rows:
        each.reminded = act.at
        tell(
            act, clerks_of(each.area_id, day), REMINDED.code, each, {"title": str(row), "due": due}
        )
    Sheet.objects.bulk_update(rows, ["reminded"], batch_size=500)
    note(sheets=[each.pk for each in rows])
    return len(rows)
