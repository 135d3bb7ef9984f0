"""Answers to gaps: a value, that there is none, that nobody can tell; once for every table that asks."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linli.capabilities.registry.selectors.dossier import names_of
from linli.capabilities.registry.services import answering
from linli.capabilities.tables.models import Gap
from linli.capabilities.tables.rules import How, Said, said
from linli.kernel.acts import Act, Refusal, action, note
from linli.kernel.dictionary import offers, selectors
from linli.kernel.dictionary.offers import Query
from linli.kernel.dictionary.rules import Unreadable, read
from linli.kernel.tasks import services as tasks

VISIT = "tables.visit"
ANSWERED = frozenset({Gap.State.FILLED, Gap.State.NONE, Gap.State.UNKNOWN, Gap.State.DECLINED})


@dataclass(slots=True)
class _Sorted:
    """What was said, gap by gap: values, and what stands in their place."""

    values: list[tuple[Gap, str]] = field(default_factory=list)
    without: list[tuple[Gap, Said]] = field(default_factory=list)


@action("tables.answer", title=_("补采信息"), codes=("channel",))
def answer(
    act: Act,
    *,
    answers: Mapping[int, str],
    none: Sequence[int] = (),
    without: Mapping[int, Said] | None = None,
    source: str = "door",
    sure: bool = False,
) -> int:
    """Take answers by gap; an element's value goes to the registry and closes that gap in every table (R011, R128).

    `without`: gaps to which no value can be given (确无、不清楚、拒绝提供), the last two with a reason; `none` is short
    for the first. Returns how many gaps were closed. The fact names elements, no value. A value that cannot be read:
    Refusal at `gap-<id>`. What somebody else answered differently in the meantime: Refusal `changed`, unless `sure`.
    """
    told = {**dict.fromkeys(none, Said(How.NONE)), **(without or {})}
    wanted = [*answers, *told]
    rows = {g.pk: g for g in Gap.objects.select_for_update().filter(pk__in=wanted).order_by("pk")}
    if any(key not in rows or rows[key].state == Gap.State.GONE for key in wanted):
        raise Refusal(_("有的缺项已经不在了，请刷新页面。"), code="gone")
    given = _sorted(rows, answers, told)
    again = _again(act, given, sure=sure)
    closed = sum(
        _told(act, record, values, source) for record, values in _by_record(given, again).items()
    )
    closed += sum(_closed(act, gap, one) for gap, one in given.without if gap.pk not in again)
    note(gaps=closed, elements=sorted({rows[key].element for key in wanted if rows[key].element}))
    finished(act, {row.household for row in rows.values() if row.household})
    return closed


def _sorted(
    rows: Mapping[int, Gap], answers: Mapping[int, str], told: Mapping[int, Said]
) -> _Sorted:
    found = _Sorted()
    for key, text in answers.items():
        words = said(text)
        if words is not None:
            found.without.append((rows[key], words))
        elif text.strip():
            found.values.append((rows[key], text.strip()))
    found.without += [(rows[key], words) for key, words in told.items()]
    for gap, words in found.without:
        if words.lacks_reason:
            raise Refusal(
                _("请写明原因，如“拒绝提供：本人不愿意”。"), field=f"gap-{gap.pk}", code="reason"
            )
    return found


def _again(act: Act, given: _Sorted, *, sure: bool) -> set[int]:
    """Gaps that hold just this answer already; another's different answer is shown, not written over (unless `sure`)."""
    same: set[int] = set()
    for gap, text in given.values:
        if gap.state in ANSWERED and _holds(act, gap, text):
            same.add(gap.pk)
    same |= {gap.pk for gap, one in given.without if gap.state == one.how.value}
    held = [gap for gap, _one in (*given.values, *given.without)]
    other = [g for g in held if g.state in ANSWERED and g.pk not in same and g.by != act.actor]
    if other and not sure:
        raise Refusal(_conflict(act, other[0]), field=f"gap-{other[0].pk}", code="changed")
    return same


def _holds(act: Act, gap: Gap, text: str) -> bool:
    if gap.state != Gap.State.FILLED:
        return False
    return current(act, gap) == text or current(act, gap) == _shown(act, gap, text)


def current(act: Act, gap: Gap) -> str:
    """What stands under a gap's question now, in words."""
    if not gap.element:
        return gap.value
    batch = offers.some(act, Query(gap.record_set, (gap.element,)), [gap.record])
    value = batch.values[gap.element][0] if batch.keys else None
    return offers.shown(selectors.element(gap.element), value)


def _shown(act: Act, gap: Gap, text: str) -> str:
    if not gap.element:
        return text
    return offers.shown(selectors.element(gap.element), readable(act, gap, text))


def _conflict(act: Act, gap: Gap) -> Any:
    stands = current(act, gap) if gap.state == Gap.State.FILLED else gap.get_state_display()
    if selectors.book().elements.get(gap.element) is None:
        label = gap.column
    else:
        label = selectors.element(gap.element).label
    at = timezone.localtime(gap.at).strftime("%m-%d %H:%M") if gap.at else ""
    return _(
        "“%(what)s”%(who)s %(at)s 已经补为“%(now)s”，与您填的不同，没有覆盖。请核对；确认以您填的为准，再提交一次。"
    ) % {
        "what": label,
        "who": names_of({gap.by}).get(gap.by or 0, ""),
        "at": at,
        "now": stands,
    }


def _by_record(
    given: _Sorted, again: Collection[int]
) -> dict[tuple[str, int], list[tuple[Gap, str]]]:
    found: dict[tuple[str, int], list[tuple[Gap, str]]] = {}
    for gap, text in given.values:
        if gap.pk not in again:
            found.setdefault((gap.record_set, gap.record), []).append((gap, text))
    return found


def _told(act: Act, record: tuple[str, int], given: Sequence[tuple[Gap, str]], source: str) -> int:
    known = {gap: readable(act, gap, text) for gap, text in given if gap.element}
    if known:
        values = {gap.element: value for gap, value in known.items()}
        answering.answer(act, record[0], record[1], values=values, source=source)
    for gap, text in given:
        if not gap.element:
            gap.value = text[:300]
            gap.save(update_fields=["value"])
    return sum(_closed(act, gap, None) for gap, _text in given)


def readable(act: Act, gap: Gap, text: str) -> Any:
    """A value as its element holds it; Refusal at `gap-<id>` where it cannot be read."""
    element = selectors.element(gap.element)
    day = timezone.localdate(act.at)
    found = read(element, text, selectors.table_of(element), today=day)
    if isinstance(found, Unreadable):
        words = _("“%(what)s”：%(why)s") % {"what": element.label, "why": found.reason}
        raise Refusal(words, field=f"gap-{gap.pk}", code=found.code)
    return found


def _closed(act: Act, gap: Gap, without: Said | None) -> int:
    """Close a gap, and with it the same question of every other table."""
    state = Gap.State(without.how.value) if without else Gap.State.FILLED
    changes = {"state": state, "why": without.why if without else "", "by": act.actor, "at": act.at}
    closed = Gap.objects.filter(pk=gap.pk).update(carried=False, **changes)
    if gap.element:
        same = Gap.objects.filter(
            record_set=gap.record_set,
            record=gap.record,
            element=gap.element,
            state=Gap.State.OPEN,
        )
        closed += same.exclude(pk=gap.pk).update(carried=True, **changes)
    return closed


@action("tables.reopen_gap", title=_("重新补采"))
def reopen(act: Act, gap: Gap) -> Gap:
    """Ask again for what was said to be none, unknown or not told."""
    row = Gap.objects.select_for_update().select_related("sheet").filter(pk=gap.pk).first()
    said_ = (Gap.State.NONE, Gap.State.UNKNOWN, Gap.State.DECLINED)
    if row is None or row.state not in said_ or not row.sheet.open:
        raise Refusal(_("这一项现在不能重新补采，请刷新页面。"), code="state")
    row.state, row.why, row.by, row.at, row.carried = Gap.State.OPEN, "", None, None, False
    row.save(update_fields=["state", "why", "by", "at", "carried"])
    return row


@action("tables.keep", title=_("核对无误"), codes=())
def keep(act: Act, gap: Gap) -> Gap:
    """Say that what the department marked was looked at and stays as it stands."""
    row = Gap.objects.select_for_update().select_related("sheet").filter(pk=gap.pk).first()
    if row is None or row.state != Gap.State.OPEN or not row.remark or not row.sheet.open:
        raise Refusal(_("这一处现在不用核对，请刷新页面。"), code="state")
    row.state, row.by, row.at, row.carried = Gap.State.FILLED, act.actor, act.at, True
    row.save(update_fields=["state", "by", "at", "carried"])
    note(sheet=row.sheet_id)
    finished(act, {row.household} if row.household else set())
    return row


def finished(act: Act, homes: Collection[int]) -> None:
    """End the visits of households where nothing is missing any more."""
    left = Gap.objects.filter(household__in=homes, state=Gap.State.OPEN)
    still = set(left.values_list("household", flat=True).distinct())
    if done := set(homes) - still:
        tasks.finish_many(act, "registry.household", sorted(done), [VISIT])
