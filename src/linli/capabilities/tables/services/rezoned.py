"""Communities joined or divided while a form is out: one sheet for each community as it is today, nothing lost."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from linli.capabilities.admission import services as admission
from linli.capabilities.tables.models import Gap, Round, Sheet
from linli.capabilities.tables.rules import Plan
from linli.capabilities.tables.services import gaps, rounds
from linli.kernel.acts import Act, action, note
from linli.kernel.dictionary import offers
from linli.kernel.places import moving
from linli.kernel.places.models import Area, AreaShift, Rezoning
from linli.kernel.places.rules import Level, enclosing
from linli.kernel.tasks import services as tasks

_LIVE = (Round.State.COUNTING, Round.State.OPEN)
_CONFIRMED = (Sheet.State.SIGNED, Sheet.State.ACCEPTED)


def after(act: Act, rezoning: int) -> None:
    """What follows for rounds from a rezoning that has come into force."""
    for row in Rezoning.objects.filter(pk=rezoning):
        rezoned(act, row)


@action("tables.rezone", title=_("表格随区划调整"), guard=False)
def rezoned(act: Act, rezoning: Rezoning) -> int:
    """Bring every round that is out up to date with a rezoning; returns how many sheets changed.

    Sheets stand on new numbers already. A community that was divided shares its sheet with what came out of it; of two
    sheets that came to lie in one community, one takes in the other.
    """
    shared = [sheet for pair in _parted(rezoning) for sheet in _shared(act, rezoning, *pair)]
    joined = [sheet for area in _receivers(rezoning) for sheet in _joined(act, rezoning, area)]
    changed = {sheet.pk: sheet for sheet in (*shared, *joined)}
    for sheet in changed.values():
        _again(act, sheet)
    note(sheets=sorted(changed))
    return len(changed)


def _shifts(rezoning: Rezoning) -> Iterator[tuple[int, int]]:
    """From which community to which ground went, by their numbers of today and of then."""
    rows = AreaShift.objects.filter(rezoning=rezoning).order_by("id")
    for before, after in rows.values_list("before", "after"):
        old, new = enclosing(before, Level.COMMUNITY), enclosing(after, Level.COMMUNITY)
        if old and new:
            yield old, new


def _parted(rezoning: Rezoning) -> list[tuple[int, int]]:
    """Pairs of a community's number today and another that received some of its ground."""
    pairs = ((moving.became(old), new) for old, new in _shifts(rezoning))
    return sorted({(here, new) for here, new in pairs if here != new})


def _receivers(rezoning: Rezoning) -> list[int]:
    return sorted({new for _old, new in _shifts(rezoning)})


def _live(area: int) -> list[Sheet]:
    rows = Sheet.objects.select_for_update(of=("self",)).select_related("round", "area", "demand")
    return list(
        rows.filter(area=area, round__state__in=_LIVE)
        .exclude(state=Sheet.State.MERGED)
        .order_by("round_id", "pk")
    )


def _shared(act: Act, rezoning: Rezoning, here: int, there: int) -> list[Sheet]:
    """The sheets of a divided community, and new ones for what came out of it."""
    own = _live(here)
    known = {each.round_id for each in _live(there)}
    found: list[Sheet] = []
    for sheet in own:
        if sheet.round_id in known:
            made = next(each for each in _live(there) if each.round_id == sheet.round_id)
        else:
            made = _made(act, sheet, Area.objects.get(pk=there))
        if _carried(act, sheet, made) or sheet.round_id not in known:
            _say(
                rezoning, made, _("由“%(place)s”划入的住户，缺项和已补的都已转来"), sheet.area.name
            )
            _say(rezoning, sheet, _("划到“%(place)s”的住户，缺项和已补的都已转去"), made.area.name)
            found += [sheet, made]
    return found


def _made(act: Act, sheet: Sheet, area: Area) -> Sheet:
    """A sheet for a community that came out of another, as far as the other's was."""
    demand = admission.divide(act, sheet.demand, area)
    names = ("state", "signed", "signed_by", "accepted", "accepted_by", "left", "reason", "opened")
    kept: dict[str, Any] = {name: getattr(sheet, name) for name in names}
    return Sheet.objects.create(
        round=sheet.round, demand=demand, area=area, unit_id=sheet.unit_id, **kept
    )


def _carried(act: Act, sheet: Sheet, to: Sheet) -> int:
    """Gaps whose records came to lie in another sheet's community; one asked there already is not kept twice."""
    moved = 0
    for part in Plan.of(sheet.round.plan).parts:
        asked = Gap.objects.filter(sheet=sheet, record_set=part.record_set)
        records = set(asked.values_list("record", flat=True))
        here = offers.some(act, gaps.query_of(to, part), records).keys if records else []
        for gap in asked.filter(record__in=here).order_by("pk"):
            moved += _given(gap, to)
    return moved


def _given(gap: Gap, to: Sheet) -> bool:
    """One gap goes to another sheet, unless it is asked there."""
    if Gap.objects.filter(sheet=to, column=gap.column, record=gap.record).exists():
        gap.delete()
        return False
    gap.sheet = to
    if gap.record_set != "person":
        gap.area = to.area_id
    gap.save(update_fields=["sheet", "area"])
    return True


def _joined(act: Act, rezoning: Rezoning, area: int) -> list[Sheet]:
    """Of the sheets of a round that lie in one community, the one that was there first takes in the others."""
    by_round: dict[int, list[Sheet]] = {}
    for sheet in _live(area):
        by_round.setdefault(sheet.round_id, []).append(sheet)
    found = []
    for held in by_round.values():
        if len(held) > 1:
            found.append(_one(act, rezoning, held))
    return found


def _one(act: Act, rezoning: Rezoning, held: list[Sheet]) -> Sheet:
    kept, *gone = held
    states = {each.state for each in held}
    for each in gone:
        for gap in Gap.objects.filter(sheet=each).order_by("pk"):
            _given(gap, kept)
        each.state, each.into = Sheet.State.MERGED, kept
        _say(rezoning, each, _("已并入“%(place)s”的同一张表"), kept.area.name)
        each.save(update_fields=["state", "into"])
        tasks.finish(act, each)
        admission.join(act, each.demand, kept.area)
        kept.known, kept.asked = kept.known + each.known, kept.asked + each.asked
        kept.left = " ".join(filter(None, (kept.left, each.left)))[:300]
    if len(states) > 1:
        kept.state = _together(states)
    _say(rezoning, kept, _("%(place)s并入，两张表合为一张，缺项和已补的都在"), _names(rezoning))
    kept.save(update_fields=["state", "known", "asked", "left"])
    return kept


def _together(states: Collection[str]) -> str:
    """What two halves come to: confirmed only when both were; the department's word needs both as well."""
    if Sheet.State.COUNTING in states:
        return Sheet.State.COUNTING
    return Sheet.State.SIGNED if set(states) <= set(_CONFIRMED) else Sheet.State.FILLING


def _names(rezoning: Rezoning) -> str:
    ended = Area.objects.filter(pk__in=rezoning.plan.get("ended", ()), level=Level.COMMUNITY)
    return "".join(f"“{name}”" for name in ended.values_list("name", flat=True)[:4])


def _say(rezoning: Rezoning, sheet: Sheet, words: Any, place: str) -> None:
    """What became of a sheet, beside it: the day, the paper, what moved."""
    told = _("%(day)s 区划调整（%(source)s）：%(what)s。") % {
        "day": rezoning.on.isoformat(),
        "source": rezoning.source,
        "what": words % {"place": place},
    }
    sheet.remark = f"{sheet.remark} {told}".strip()[-500:]
    Sheet.objects.filter(pk=sheet.pk).update(remark=sheet.remark)


def _again(act: Act, sheet: Sheet) -> None:
    """Rows and questions are counted again; what is open is asked where it now lies."""
    fresh = Sheet.objects.select_related("round", "area", "demand").get(pk=sheet.pk)
    if fresh.state in (Sheet.State.COUNTING, Sheet.State.MERGED):
        return
    if fresh.open:
        gaps.count(act, fresh)
        _asked(act, fresh)
    else:
        fresh.rows, fresh.cells = gaps.size(act, fresh)
    held = Gap.objects.filter(sheet=fresh)
    fresh.asked = held.filter(carried=False).count()
    fresh.known = max(0, fresh.cells - held.exclude(state=Gap.State.GONE).count())
    fresh.save(update_fields=["rows", "cells", "asked", "known"])


def _asked(act: Act, sheet: Sheet) -> None:
    """Whose community it is now has the sheet on its list, once."""
    if sheet.demand.state in rounds.OPEN:
        tasks.finish(act, sheet)
        rounds.to_community(act, [sheet])
