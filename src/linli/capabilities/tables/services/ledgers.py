"""Ledgers that a community makes for itself, and taking a ledger's rows out of the house."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from linli.capabilities.tables.models import Ledger, LedgerEdition
from linli.kernel.acts import Act, Refusal, action, note
from linli.kernel.dictionary import offers, taking
from linli.kernel.dictionary.offers import Query
from linli.kernel.dictionary.offers.conditions import checked
from linli.kernel.files import exports
from linli.kernel.files.models import Export
from linli.kernel.places import selectors as places

KIND = "ledger"
TITLE_MOST, COLUMNS_MOST = 60, 40
DIRECT_MOST = 1000


def _body(act: Act, query: Query) -> dict[str, Any]:
    """What an edition keeps; a Refusal where it could not be read by whoever makes it."""
    readable = {one.element.code for one in offers.readable(act, query.record_set)}
    columns = [code for code in query.elements if code in readable]
    if not columns:
        raise Refusal(_("请至少选一列。"), field="columns", code="columns")
    if len(columns) > COLUMNS_MOST:
        raise Refusal(_("最多 %(n)s 列。") % {"n": COLUMNS_MOST}, field="columns", code="columns")
    checked(query.conditions)
    kept = query.as_json()
    return {
        "record_set": query.record_set,
        "columns": columns,
        "conditions": kept["conditions"],
        "sort": kept["sort"],
    }


def _title(title: str) -> str:
    plain = title.strip()
    if not 2 <= len(plain) <= TITLE_MOST:
        raise Refusal(
            _("请给台账起个名字，2 到 %(n)s 个字。") % {"n": TITLE_MOST},
            field="title",
            code="title",
        )
    return plain


def _edition(act: Act, ledger: Ledger, body: dict[str, Any]) -> None:
    LedgerEdition.objects.create(
        ledger=ledger,
        version=ledger.version,
        title=ledger.title,
        body=body,
        by_id=act.actor,
        at=act.at,
    )


@action("tables.make_ledger", title=_("自建台账"))
def make(act: Act, *, title: str, query: Query) -> Ledger:
    """Make a community's own ledger from a question; everybody who works there finds it in the list."""
    body, named = _body(act, query), _title(title)
    if not act.spans:
        raise Refusal(_("您还没有所属社区，不能建台账。"), code="no-area")
    area = places.area(act.spans[0].lo)
    ledger = Ledger(area=area, title=named, maker_id=act.actor, made=act.at)
    _saved(ledger)
    _edition(act, ledger, body)
    note(record_set=query.record_set, columns=body["columns"], version=1)
    return ledger


def _saved(ledger: Ledger) -> None:
    try:
        with transaction.atomic():
            ledger.save()
    except IntegrityError:
        raise Refusal(_("已经有同名的台账，请换个名字。"), field="title", code="twice") from None


def _held(act: Act, pk: int) -> Ledger:
    held = Ledger.objects.select_for_update().filter(pk=pk, ended__isnull=True).first()
    if held is None or not act.sees(held.area_id):
        raise Refusal(_("这本台账已经停用，或不在您的社区。"), code="gone")
    return held


@action("tables.change_ledger", title=_("修改自建台账"))
def change(act: Act, *, ledger: int, title: str, query: Query, was: int) -> Ledger:
    """Write a ledger's next edition; the former one stays to be read. Refused where somebody changed it meanwhile."""
    held = _held(act, ledger)
    if held.version != was:
        raise Refusal(_("别人刚改过这本台账，请打开最新的再改。"), code="changed")
    body = _body(act, query)
    held.title, held.version = _title(title), held.version + 1
    _saved(held)
    _edition(act, held, body)
    note(record_set=query.record_set, columns=body["columns"], version=held.version)
    return held


@action("tables.end_ledger", title=_("停用自建台账"), keep=("reason",))
def end(act: Act, *, ledger: int, reason: str) -> Ledger:
    """Take a ledger out of the list; its editions stay, the records it showed are untouched."""
    held = _held(act, ledger)
    if len(reason.strip()) < 2:
        raise Refusal(_("请写明为什么停用。"), field="reason", code="reason")
    held.ended = act.at
    held.save(update_fields=["ended"])
    return held


@action("tables.restore_ledger", title=_("恢复自建台账"))
def restore(act: Act, *, ledger: int) -> Ledger:
    """Take a ledger that was ended back into the list; refused where another bears its name meanwhile."""
    held = Ledger.objects.select_for_update().filter(pk=ledger, ended__isnull=False).first()
    if held is None or not act.sees(held.area_id):
        raise Refusal(_("这本台账没有停用，或不在您的社区。"), code="gone")
    held.ended = None
    _saved(held)
    return held


@action("tables.export_ledger", title=_("导出台账"), keep=("reason",), codes=("format", "key"))
def export(
    act: Act,
    *,
    key: str,
    title: str,
    query: Query,
    heads: Sequence[tuple[str, str]],
    reason: str,
    format: str,
    clear: bool = False,
) -> Export:
    """Note an export of a ledger before a single row leaves: who, which ledger, how many, why; see `taking.allow`."""
    total = taking.allow(act, query, clear=clear)
    return exports.begin(
        act,
        KIND,
        total=total,
        most=taking.MOST,
        reason=reason,
        query="",
        format=format,
        more={
            "title": title,
            "heads": [list(each) for each in heads],
            "query": query.as_json(),
            "clear": clear,
        },
    )


def _heads(made: Export) -> list[object]:
    return [_t("序号"), *(title for _code, title in made.more["heads"])]


def _rows(act: Act, made: Export) -> Iterable[list[object]]:
    query = Query.of(made.more["query"])
    codes = [code for code, _title in made.more["heads"]]
    for at, cells in enumerate(taking.rows(act, query, codes, clear=made.more["clear"]), 1):
        yield [at, *cells]


exports.declare(
    exports.Exporter(KIND, _("台账"), "tables.export_ledger", "tables:ledgers", _heads, _rows)
)
