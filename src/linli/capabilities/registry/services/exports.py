"""Taking people's rows out of the house: with a reason, a watermark, and a fact that each person can be shown."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from linli.capabilities.registry.selectors import roll
from linli.capabilities.registry.selectors.roll import Filters, Line
from linli.kernel.acts import Act, Refusal, action, note

MOST = 2000


@action("registry.export", title=_("导出人口"), keep=("reason",), codes=("format", "query"))
def export(act: Act, *, filters: Filters, query: str, reason: str, format: str) -> Sequence[Line]:
    """Note an export before a single row leaves: who, which filter, whom, why; returns the rows.

    The fact holds the ids of everybody in it, so that each of them can be told.
    """
    if len(reason.strip()) < 2:
        raise Refusal(_("请写明导出用途。"), field="reason", code="reason")
    rows = roll.exported(act, filters, MOST + 1)
    if not rows:
        raise Refusal(_("没有可导出的人，请换个筛选。"), code="empty")
    if len(rows) > MOST:
        raise Refusal(_("超过 %(n)s 行，请缩小范围分几次导出。") % {"n": MOST}, code="too-many")
    note(rows=len(rows), people=sorted({row.person for row in rows}))
    return rows
