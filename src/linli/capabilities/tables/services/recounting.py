"""After an import: what it told closes the questions about it, what came with blanks is asked."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from linli.capabilities.tables.models import Gap, Round, Sheet
from linli.capabilities.tables.rules import Column, Part, Plan, Way
from linli.capabilities.tables.services import gaps
from linli.capabilities.tables.services.answers import finished
from linli.kernel.acts import Act, Span, action, under
from linli.kernel.dictionary import offers

_OPEN = (Sheet.State.FILLING, Sheet.State.RETURNED)


@action("tables.recount", title=_("导入后重数表格"), codes=())
def recount(act: Act, sheet: Sheet) -> Sheet:
    """Close the questions of an open sheet that were answered elsewhere, and count it anew."""
    homes: set[int] = set()
    for part in Plan.of(sheet.round.plan).parts:
        if part.shape == "list" and part.record_set:
            for column in part.fillable:
                if column.way is Way.KNOWN and gaps.asks(part, column):
                    homes |= _closed(act, sheet, part, column)
    finished(act, homes)
    return gaps.count(act, sheet)


def _closed(act: Act, sheet: Sheet, part: Part, column: Column) -> set[int]:
    """Open questions of one column that have an answer now, or whose record went; returns their households."""
    open_ = Gap.objects.filter(
        sheet=sheet, column=column.key, state=Gap.State.OPEN, remark=""
    ).select_for_update()
    asked = {gap.record: gap for gap in open_.order_by("pk")}
    if not asked:
        return set()
    query = gaps.query_of(sheet, part, column.element)
    batch = offers.some(act, query, asked)
    values = dict(zip(batch.keys, batch.values[column.element], strict=True))
    closed = [gap for record, gap in asked.items() if values.get(record, "gone") not in (None, "")]
    for gap in closed:
        gap.state = Gap.State.FILLED if gap.record in values else Gap.State.GONE
        gap.by, gap.at, gap.carried = act.actor, act.at, True
    Gap.objects.bulk_update(closed, ["state", "by", "at", "carried"], batch_size=1000)
    return {gap.household for gap in closed if gap.household}


def recounted(act: Act, span: Span) -> int:
    """Count every open sheet of an area anew, each in a transaction of its own; returns how many."""
    with under(act):
        rows = Sheet.objects.filter(
            state__in=_OPEN, round__state=Round.State.OPEN, area__gte=span.lo, area__lt=span.hi
        )
        keys = list(rows.order_by("pk").values_list("pk", flat=True))
    return sum(_recounted(act, key) for key in keys)


def _recounted(act: Act, key: int) -> bool:
    with under(act):
        rows = Sheet.objects.select_related("round", "area").select_for_update(of=("self",))
        sheet = rows.filter(pk=key, state__in=_OPEN).first()
        if sheet is not None:
            recount(act, sheet)
    return sheet is not None
