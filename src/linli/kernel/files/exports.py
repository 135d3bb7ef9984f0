"""Taking rows out of the house: any room says what its rows are; reason, watermark, progress, shelf are the same."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from linli.kernel.access import offices
from linli.kernel.acts import Act, Denied, Refusal, action, note, queue, under
from linli.kernel.files import sheets
from linli.kernel.files.examine import Clean
from linli.kernel.files.models import Export, File
from linli.kernel.files.services import Holder, keep
from linli.ui.manifest import Words

SHELF_DAYS = 7
SHELF_MOST = 50
STRIDE = 500
# A job whose worker died so often is not tried once more by itself.
TRIES_MOST = 3
SETTLED = timedelta(minutes=1)
SILENT_SECONDS = 60
WRITING = "files.write_export"
REASON_LEAST, REASON_MOST = 2, 300
Row = Sequence[object]


@dataclass(frozen=True, slots=True)
class Exporter:
    """What a room exports: under which verb, from which page, with which heads and rows.

    `rows` reads page by page, each page under the act given (a transaction of its own in the background).
    """

    kind: str
    title: Words
    grant: str
    back: str
    heads: Callable[[Export], Sequence[object]]
    rows: Callable[[Act, Export], Iterable[Row]]


_exporters: dict[str, Exporter] = {}


def declare(exporter: Exporter) -> Exporter:
    """Make a room's rows known to the shelf and to the queue."""
    _exporters[exporter.kind] = exporter
    return exporter


def of(made: Export) -> Exporter:
    """Whose rows an export takes."""
    return _exporters[made.kind]


def begin(
    act: Act,
    kind: str,
    *,
    total: int,
    most: int,
    reason: str,
    query: str,
    format: str,
    more: Any = None,
) -> Export:
    """Note an export before a single row leaves; part of the room's own verb, whose fact says the rest."""
    why = reason.strip()
    if len(why) < REASON_LEAST:
        raise Refusal(_("请写明导出用途。"), field="reason", code="reason")
    if not total:
        raise Refusal(_("没有可导出的内容，请换个筛选。"), code="empty")
    if total > most:
        raise Refusal(_("超过 %(n)s 行，请缩小范围分几次导出。") % {"n": most}, code="too-many")
    note(rows=total)
    return Export.objects.create(
        kind=kind,
        account=act.actor,
        hat=act.hat,
        reason=why[:REASON_MOST],
        query=query[:600],
        more=more or {},
        format=format,
        total=total,
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


def name_of(made: Export) -> str:
    """The file's name."""
    title = str(of(made).title)
    return f"{title}-{timezone.localtime(made.asked):%Y%m%d-%H%M}-{made.pk}.{made.format}"


def _written(act: Act, made: Export, rows: Iterable[Row]) -> bytes:
    exporter = of(made)
    heads = [str(head) for head in exporter.heads(made)]
    return sheets.written(made.format, watermark(act, made), heads, rows, str(exporter.title))


def at_once(act: Act, made: Export) -> bytes:
    """The file of a small export, inside the running request; it stands on the shelf too."""
    content = _written(act, made, of(made).rows(act, made))
    _kept(act, made, content)
    return content


def in_background(act: Act, made: Export) -> None:
    """Write a big export and keep its file for whoever asked; a failure is said, not hidden."""
    try:
        content = _written(act, made, _counted(act, made))
        end_export(act, made, state=Export.State.READY, content=content)
    except Exception:
        end_export(act, made, state=Export.State.FAILED)
        raise


@action("files.end_export", title=_("导出文件写完"), codes=("state",), guard=False)
def end_export(act: Act, made: Export, *, state: str, content: bytes = b"") -> Export:
    """Note how a big export ended; whoever asked for it is told from this fact."""
    if state == Export.State.READY:
        _kept(act, made, content)
    else:
        Export.objects.filter(pk=made.pk).update(state=state)
    return made


def _counted(act: Act, made: Export) -> Iterator[Row]:
    """Row after row, with the progress told now and then."""
    for at, row in enumerate(of(made).rows(act, made), 1):
        yield row
        if at % STRIDE == 0:
            with under(act):
                Export.objects.filter(pk=made.pk).update(done=min(at, made.total))


def _kept(act: Act, made: Export, content: bytes) -> None:
    holder = Holder("files.export", made.pk, 0, account=act.actor)
    clean = Clean(content, sheets.MEDIA[made.format], name_of(made))
    made.file = keep(act, clean, owner=holder, purpose="export")
    made.state, made.done, made.finished = Export.State.READY, made.total, timezone.now()
    made.save(update_fields=["file", "state", "done", "finished"])


@action("files.again", title=_("重新生成导出文件"), codes=("kind",), guard=False)
def again(act: Act, made: Export, *, kind: str) -> Export:
    """Have the file of an export that was not finished written once more: same rows, same reason, no second asking."""
    if not act.may(of(made).grant):
        raise Denied(_("您现在没有导出这些内容的权限。"))
    if standing(made, act.at) not in AGAIN:
        raise Refusal(_("文件已经在生成，或已经好了。"), code="state")
    made.state, made.done = Export.State.WAITING, 0
    made.save(update_fields=["state", "done"])
    return made


def standing(made: Export, now: datetime) -> str:
    """How an export stands to the one who waits: its state; `lost` when no job is left, `halted` when nobody works."""
    if made.state != Export.State.WAITING or now - made.asked < SETTLED:
        return str(made.state)
    if not queue.waits(WRITING, "export", made.pk):
        return "lost"
    beat = queue.beat()
    return str(made.state) if beat is not None and beat < SILENT_SECONDS else "halted"


AGAIN = (Export.State.FAILED, "lost")


def one(act: Act, pk: int) -> Export | None:
    """An export of one's own."""
    return Export.objects.filter(pk=pk, account=act.actor).first()


def shelf(act: Act) -> list[Export]:
    """One's own exports, newest first."""
    return list(Export.objects.filter(account=act.actor).order_by("-id")[:SHELF_MOST])


def clear(act: Act, now: datetime) -> int:
    """Take files off the shelf that stood there for a week; that there was an export stays. Returns how many."""
    with under(act):
        old = File.objects.filter(
            owner_type__in=("files.export", "matters.export"),
            created__lt=now - timedelta(days=SHELF_DAYS),
        )
        return int(old.delete()[1].get("files.File", 0))
