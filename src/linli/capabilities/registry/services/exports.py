"""Taking people's rows out of the house: with a reason, a watermark, and a fact that each person can be shown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from linli.capabilities.registry.selectors import roll
from linli.capabilities.registry.selectors.roll import Filters, Line
from linli.capabilities.registry.selectors.search import search
from linli.capabilities.registry.selectors.telling import COLUMNS, words
from linli.capabilities.registry.verbs import CLEAR
from linli.kernel.acts import Act, Denied, action, note, under
from linli.kernel.files import exports
from linli.kernel.files.models import Export

KIND = "registry"
DIRECT_MOST, MOST, PAGE = 1000, 100_000, 500


def wanted(act: Act, f: Filters, q: str = "") -> list[int]:
    """Whom an export would take: the answers to a search or a filter's people, in order; one more than may be."""
    if not q:
        return roll.everybody(act, f, MOST)
    found: list[int] = []
    after = ""
    while len(found) <= MOST:
        page = search(act, q, after, PAGE)
        found += page.people
        after = page.after
        if not after:
            break
    return list(dict.fromkeys(found))


@action("registry.export", title=_("导出人口"), keep=("reason",), codes=("format", "columns"))
def export(
    act: Act,
    *,
    filters: Filters,
    q: str = "",
    columns: Sequence[str],
    reason: str,
    format: str,
    clear: bool = False,
) -> Export:
    """Note an export before a single row leaves: who, whom, which columns, why.

    The fact holds the ids of everybody in it, so that each of them can be told; numbers and phones are masked unless
    somebody who may asks for them in clear. What was typed into the search box stands nowhere: it may be a number.
    """
    if clear and not act.may(CLEAR.code):
        raise Denied(_("您没有导出完整证件号码和电话的权限。"))
    people = wanted(act, filters, q)
    shown = [name for name in COLUMNS if name in columns]
    made = exports.begin(
        act,
        KIND,
        total=len(people),
        most=MOST,
        reason=reason,
        query="" if q else filters.query(),
        format=format,
        more={"people": people, "columns": shown, "clear": clear},
    )
    note(people=people, query=made.query, **({"field": "clear"} if clear else {}))
    return made


def _heads(made: Export) -> list[object]:
    return [_t("姓名"), *(COLUMNS[name] for name in made.more["columns"])]


def _rows(act: Act, made: Export) -> Iterator[list[object]]:
    """Page after page, each in a transaction of its own; who went out of sight meanwhile is left out."""
    people = made.more["people"]
    for at in range(0, len(people), PAGE):
        with under(act):
            lines = roll.of_people(act, people[at : at + PAGE])
        for line in lines:
            yield cells(line, made.more["columns"], clear=made.more["clear"])


def cells(row: Line, columns: Sequence[str], *, clear: bool = False) -> list[object]:
    """One line as cells in the order of the columns; numbers and phones as they are shown unless `clear`."""
    said, comma = words(), _t("、")
    phone, document = row.phone, row.document
    shown = {
        "sex": said["sex"].get(row.sex, ""),
        "kind": comma.join(said["kind"].get(kind, kind) for kind in row.kinds),
        "relation": said["relation"].get(row.relation, ""),
        "address": comma.join(dict.fromkeys((row.address, *(each.address for each in row.also)))),
        "tags": comma.join(said["tags"].get(tag, tag) for tag in row.tags),
        "phone": (phone.open() if clear else str(phone)) if phone else "",
        "document": (document.open() if clear else str(document)) if document else "",
        "education": said["education"].get(row.education, ""),
        "employment": said["employment"].get(row.employment, ""),
        "political": said["political"].get(row.political, ""),
        "since": row.since.isoformat() if row.since else "",
    }
    return [row.name, *(shown.get(name, getattr(row, name)) for name in columns)]


exports.declare(
    exports.Exporter(KIND, _("人口"), "registry.export", "registry:people", _heads, _rows)
)
