"""Taking rows out of the house: with a reason, a watermark and a fact."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict, replace
from datetime import date
from typing import Any

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from linli.capabilities.matters.selectors import (
    CHANNELS,
    Filters,
    Row,
    exported,
    listed,
    listed_rows,
)
from linli.kernel.acts import Act, action, under
from linli.kernel.files import exports
from linli.kernel.files.models import Export
from linli.ui.spoken import Spoken

KIND = "matters"
DIRECT_MOST = 5000
MOST = 200_000
PAGE = 1000
HEADS = (
    Spoken("编号"),
    Spoken("诉求"),
    Spoken("类别"),
    Spoken("状态"),
    Spoken("地点"),
    Spoken("地址"),
    Spoken("承办单位"),
    Spoken("渠道"),
    Spoken("提交时间"),
    Spoken("到期时间"),
    Spoken("办结时间"),
    Spoken("是否按时"),
    Spoken("轮次"),
    Spoken("催办次数"),
    Spoken("评价"),
    Spoken("超期原因"),
    Spoken("热线编号"),
)


def count(act: Act, f: Filters) -> int:
    """How many rows a filter gives, counted up to one more than may be exported."""
    return exported(act, f, MOST + 1).count()


@action("matters.export", title=_("导出诉求"), keep=("reason",), codes=("format", "query"))
def export(act: Act, *, filters: Filters, query: str, reason: str, format: str) -> Export:
    """Note an export before a single row leaves: who, which filter, how many, why."""
    rows = count(act, filters)
    return exports.begin(
        act,
        KIND,
        total=rows,
        most=MOST,
        reason=reason,
        query=query,
        format=format,
        more=_said(filters),
    )


def _said(f: Filters) -> dict[str, Any]:
    return {n: v.isoformat() if isinstance(v, date) else v for n, v in asdict(f).items()}


def _filters(made: Export) -> Filters:
    days = {n: date.fromisoformat(made.more[n]) for n in ("since", "until") if made.more.get(n)}
    return Filters(**{**made.more, **days})


def line(row: Row) -> tuple[object, ...]:
    """One matter as cells, in the order of `HEADS`; nothing protected is among them."""
    on_time = {True: _t("是"), False: _t("否")}.get(row.on_time) if row.on_time is not None else ""
    return (
        row.number,
        row.title,
        row.entry,
        row.state_title,
        row.area,
        row.address,
        row.unit,
        CHANNELS.get(row.channel, row.channel),
        row.opened,
        row.due,
        row.closed,
        on_time,
        row.round,
        row.urged,
        row.rating,
        row.delay_reason,
        row.external,
    )


def _pages(act: Act, made: Export) -> Iterator[tuple[object, ...]]:
    """Page after page, each in a transaction of its own, so that the progress is seen."""
    plain, after = replace(_filters(made), sort="new"), ""
    while True:
        with under(act):
            page = listed(act, plain, after, PAGE)
        yield from (line(row) for row in page.rows)
        after = page.next_after
        if not after:
            return


def rows(act: Act, made: Export) -> Iterable[tuple[object, ...]]:
    """The rows of an export, as they stand."""
    if made.total > DIRECT_MOST:
        return _pages(act, made)
    found = listed_rows(exported(act, _filters(made), DIRECT_MOST), act.at, DIRECT_MOST)
    return (line(row) for row in found)


exports.declare(
    exports.Exporter(KIND, _("诉求"), "matters.export", "matters:list", lambda made: HEADS, rows)
)
