"""Taking rows out of the house: with a reason, a watermark and a fact."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from linli.capabilities.matters.models import Export
from linli.capabilities.matters.selectors import (
    CHANNELS,
    Filters,
    Row,
    exported,
    listed,
    listed_rows,
)
from linli.kernel.access import offices
from linli.kernel.acts import Act, Refusal, action, note, under
from linli.kernel.files import sheets
from linli.kernel.files.examine import Clean
from linli.kernel.files.services import Holder, keep
from linli.ui.spoken import Spoken

DIRECT_MOST = 5000
MOST = 200_000
PAGE = 1000
HEADS = (
    *(
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
    ),
    *(
        Spoken("办结时间"),
        Spoken("是否按时"),
        Spoken("轮次"),
        Spoken("催办次数"),
        Spoken("评价"),
        Spoken("超期原因"),
        Spoken("热线编号"),
    ),
)


def count(act: Act, f: Filters) -> int:
    """How many rows a filter gives, counted up to one more than may be exported."""
    return exported(act, f, MOST + 1).count()


@action("matters.export", title=_("导出诉求"), keep=("reason",), codes=("format", "query"))
def export(act: Act, *, filters: Filters, query: str, reason: str, format: str) -> Export:
    """Note an export before a single row leaves: who, which filter, how many, why."""
    if not reason.strip():
        raise Refusal(_("请写明导出用途。"), field="reason", code="reason")
    rows = count(act, filters)
    if not rows:
        raise Refusal(_("没有可导出的诉求，请换个筛选。"), code="empty")
    if rows > MOST:
        raise Refusal(_("超过 %(n)s 行，请缩小范围分几次导出。") % {"n": MOST}, code="too-many")
    note(rows=rows)
    return Export.objects.create(
        account=act.actor,
        hat=act.hat,
        reason=reason.strip()[:300],
        query=query[:600],
        format=format,
        total=rows,
        asked=act.at,
    )


def watermark(act: Act, made: Export) -> str:
    """Who took the rows, when and what for: on top of every file."""
    unit = offices.unit(act.unit)
    return _t("导出人：%(who)s 时间：%(at)s 用途：%(why)s 导出编号：%(n)s 仅限内部使用") % {
        "who": f"{unit.name if unit else ''}{act.name}",
        "at": timezone.localtime(made.asked).strftime("%Y-%m-%d %H:%M"),
        "why": made.reason,
        "n": made.pk,
    }


def line(row: Row) -> tuple[object, ...]:
    """One matter as cells, in the order of `HEADS`; nothing protected is among them."""
    on_time = {True: _t("是"), False: _t("否")}.get(row.on_time) if row.on_time is not None else ""
    return (
        *(row.number, row.title, row.entry, row.state_title, row.area, row.address, row.unit),
        *(CHANNELS.get(row.channel, row.channel), row.opened, row.due, row.closed, on_time),
        *(row.round, row.urged, row.rating, row.delay_reason, row.external),
    )


def name_of(made: Export) -> str:
    """The file's name."""
    return f"{_t('诉求')}-{timezone.localtime(made.asked):%Y%m%d-%H%M}-{made.pk}.{made.format}"


def at_once(act: Act, made: Export, f: Filters) -> bytes:
    """The file of a small export (at most 5,000 rows), inside the running request."""
    rows = listed_rows(exported(act, f, DIRECT_MOST), act.at, DIRECT_MOST)
    content = sheets.written(
        made.format, watermark(act, made), HEADS, (line(r) for r in rows), _t("诉求")
    )
    made.state, made.done, made.finished = Export.State.READY, len(rows), act.at
    made.save(update_fields=["state", "done", "finished"])
    return content


def _pages(act: Act, made: Export, f: Filters) -> Iterator[tuple[object, ...]]:
    """Page after page, each in a transaction of its own, so that the progress is seen."""
    after, done = "", 0
    plain = replace(f, sort="new")
    while True:
        with under(act):
            page = listed(act, plain, after, PAGE)
            done += len(page.rows)
            Export.objects.filter(pk=made.pk).update(done=min(done, made.total))
        yield from (line(row) for row in page.rows)
        after = page.next_after
        if not after or done >= MOST:
            return


def in_background(act: Act, made: Export, f: Filters) -> None:
    """Write a big export and keep its file for whoever asked; a failure is said, not hidden."""
    try:
        content = sheets.written(
            made.format, watermark(act, made), HEADS, _pages(act, made, f), _t("诉求")
        )
    except Exception:
        with under(act):
            Export.objects.filter(pk=made.pk).update(state=Export.State.FAILED)
        raise
    with under(act):
        holder = Holder("matters.export", made.pk, 0, account=act.actor)
        clean = Clean(content, sheets.MEDIA[made.format], name_of(made))
        made.file = keep(act, clean, owner=holder, purpose="export")
        made.state, made.finished = Export.State.READY, timezone.now()
        made.save(update_fields=["file", "state", "finished"])


def one(act: Act, pk: int) -> Export | None:
    """An export of one's own."""
    return Export.objects.filter(pk=pk, account=act.actor).first()
