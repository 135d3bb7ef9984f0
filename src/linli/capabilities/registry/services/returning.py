"""What goes back to a source as a file: rows that did not get in, each with why, and values that others put right."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from linli.capabilities.registry.models import Batch, Conflict
from linli.capabilities.registry.selectors import imports as reads
from linli.capabilities.registry.services import values
from linli.kernel.access import offices
from linli.kernel.acts import Act, Refusal, action, note
from linli.kernel.files import sheets

KINDS = tuple(sheets.MEDIA)


def _reasoned(reason: str) -> None:
    if len(reason.strip()) < 2:
        raise Refusal(_("请写明下载用途。"), field="reason", code="reason")


@action("registry.import_refused", title=_("下载未导入的行"), keep=("reason",))
def take_refused(act: Act, batch: Batch, *, reason: str) -> list[reads.Kept]:
    """The rows that did not get in, as they stood, to be mended and sent again; asked with a reason."""
    _reasoned(reason)
    found = list(reads.refused(batch))
    if not found:
        raise Refusal(_("没有未导入的行。"), code="empty")
    note(rows=len(found))
    return found


@action("registry.import_return", title=_("下载给来源部门的更正"), keep=("reason",))
def take_corrections(act: Act, batch: Batch, *, reason: str) -> list[tuple[Conflict, str, str]]:
    """Where a person kept the registry's value against this import: line, what was said, what holds (R012)."""
    _reasoned(reason)
    kept = Conflict.objects.filter(batch=batch, state=Conflict.State.KEPT).order_by("line", "pk")
    found = [(each, values.clear(each.offered), values.clear(each.held)) for each in kept]
    if not found:
        raise Refusal(_("这一批没有需要退回更正的值。"), code="empty")
    note(rows=len(found))
    return found


def refused(act: Act, batch: Batch, *, reason: str, kind: str = "xlsx") -> bytes:
    """A file of the rows that did not get in: mended, it can be imported as it is."""
    kept = take_refused(act, batch, reason=reason)
    heads = [
        each["heading"] or _t("第%(n)s列") % {"n": at + 1}
        for at, each in enumerate(batch.plan.get("columns", []))
    ]
    rows = (
        (*(row.cells.get(head, "") for head in heads), row.line, "".join(row.reasons))
        for row in kept
    )
    names = [*heads, _t("原表行号"), _t("未导入原因")]
    return _file(act, batch, reason, kind, names, rows, _t("没有导入的行"))


def corrections(act: Act, batch: Batch, *, reason: str, kind: str = "xlsx") -> bytes:
    """A file of what the source should put right: where a person found the registry's value to hold."""
    kept = take_corrections(act, batch, reason=reason)
    told = {each.pk: title for each, title in reads.titles(kept)}
    rows = ((each.line, told[each.pk], said, held, each.decided) for each, said, held in kept)
    names = [_t("原表行号"), _t("数据项"), _t("来源的值"), _t("核实后的值"), _t("核实时间")]
    return _file(act, batch, reason, kind, names, rows, _t("更正"))


def _file(
    act: Act,
    batch: Batch,
    reason: str,
    kind: str,
    names: Sequence[str],
    rows: Iterable[Sequence[object]],
    title: str,
) -> bytes:
    unit = offices.unit(act.unit)
    mark = _t("下载人：%(who)s 时间：%(at)s 用途：%(why)s 批次：%(n)s 仅限内部使用") % {
        "who": f"{unit.name if unit else ''}{act.name}",
        "at": timezone.localtime(act.at).strftime("%Y-%m-%d %H:%M"),
        "why": reason,
        "n": batch.pk,
    }
    return sheets.written(kind if kind in KINDS else "xlsx", mark, names, rows, title)
