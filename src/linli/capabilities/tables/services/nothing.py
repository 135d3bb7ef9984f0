"""A sheet whose lists are about nobody in its community: said so by hand, in one click, by the community or its street."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from linli.capabilities.tables.models import Gap, Sheet
from linli.capabilities.tables.rules import Plan
from linli.capabilities.tables.services import gaps, rounds
from linli.capabilities.tables.services.receiving import picked
from linli.kernel.acts import Act, Refusal, action, note, system_act
from linli.kernel.tasks import services as tasks

MOST = 500


@dataclass(frozen=True, slots=True)
class Reported:
    """How many sheets were confirmed as empty, and how many turned out to have rows by now."""

    many: int
    found: int = 0


@action("tables.report_none", title=_("零报告"), codes=())
def report_none(act: Act, *, sheets: Sequence[int]) -> Reported:
    """Confirm that sheets hold nothing: the head of a community for its own, a street for several of its communities.

    Each is counted anew, with what the actor's post does not see; one that has rows by now, or a question open, stays
    open to be confirmed as it is. A Refusal where none of them is open any more.
    """
    rows = Sheet.objects.select_for_update(of=("self",)).select_related("round", "area", "demand")
    asked = list(rows.filter(pk__in=list(sheets)[:MOST]).order_by("pk"))
    waiting = [row for row in asked if row.open and row.demand.state in rounds.OPEN]
    if not waiting:
        for row in asked:
            rounds.changed_by(row)
        picked(sheets)
        raise Refusal(_("没有可以零报告的表，请刷新页面。"), code="none")
    empty = [row for row in waiting if _empty(act, row)]
    for row in empty:
        row.state, row.signed, row.signed_by = Sheet.State.SIGNED, act.at, act.actor
        row.left, row.reason = "", ""
        # A street delivers nothing else in a community's place.
        rounds.delivered(act.on(verbs=act.verbs | {"admission.deliver"}), row, 0)
    names = ["state", "signed", "signed_by", "left", "reason"]
    Sheet.objects.bulk_update(empty, names, batch_size=500)
    tasks.finish_many(act, "tables.sheet", [row.pk for row in empty], [rounds.CONFIRM])
    note(sheets=[row.pk for row in empty], rounds=sorted({row.round_id for row in empty}))
    return Reported(len(empty), len(waiting) - len(empty))


def _empty(act: Act, row: Sheet) -> bool:
    """Whether a sheet is about nobody today; what was counted when it was sent is brought up to date."""
    rows, cells = gaps.size(system_act(act.at), row)
    if (rows, cells) != (row.rows, row.cells):
        row.rows, row.cells = rows, cells
        row.save(update_fields=["rows", "cells"])
    asked = Gap.objects.filter(sheet=row, state=Gap.State.OPEN)
    return rows == 0 and bool(Plan.of(row.round.plan).lists) and not asked.exists()
