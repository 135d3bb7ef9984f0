"""Taking the rows of a register out of the house: with a reason, a watermark and a fact."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from linli.kernel.acts import Act, action
from linli.kernel.dictionary import offers, taking
from linli.kernel.dictionary.offers import Query
from linli.kernel.files import exports
from linli.kernel.files.models import Export

KIND = "admission.register"
DIRECT_MOST = 2000


@action("admission.export", title=_("导出登记册"), keep=("reason",), codes=("format", "record_set"))
def export(act: Act, *, record_set: str, reason: str, format: str) -> Export:
    """Note the export of a register before a single row leaves: who, which, how many, why."""
    known = offers.offered(record_set)
    readable = {one.element.code for one in offers.readable(act, record_set)}
    heads = [(code, one.element.title) for code, one in known.items() if code in readable]
    query = Query(record_set, tuple(code for code, _title in heads))
    total = taking.allow(act, query)
    more = {"heads": [list(head) for head in heads], "query": query.as_json()}
    return exports.begin(
        act,
        KIND,
        total=total,
        most=taking.MOST,
        reason=reason,
        query="",
        format=format,
        more=more,
    )


def _heads(made: Export) -> list[object]:
    return [_t("序号"), *(title for _code, title in made.more["heads"])]


def _rows(act: Act, made: Export) -> Iterable[list[object]]:
    codes = [code for code, _title in made.more["heads"]]
    query = Query.of(made.more["query"])
    for at, cells in enumerate(taking.rows(act, query, codes), 1):
        yield [at, *cells]


exports.declare(
    exports.Exporter(KIND, _("登记册"), "admission.export", "admission:demands", _heads, _rows)
)
