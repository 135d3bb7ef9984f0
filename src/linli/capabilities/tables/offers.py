"""What is entered in ledgers, as record sets: one for each kind that the pack in force declares.

An entry that belongs to another ledger too stands there without being written again: an activity that cost money is a
spending, a consultation whose result was posted is a public notice.
"""

from __future__ import annotations

from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from linli.capabilities.tables.policy import Also, EntryKind, LedgersPolicy
from linli.capabilities.tables.verbs import LEDGERS
from linli.kernel.dictionary import selectors
from linli.kernel.dictionary.offers.shapes import Column, Join, Offer
from linli.kernel.dictionary.shapes import Element, Kind
from linli.kernel.policy import current

# As it stood at the end of the day asked for; of today the entry itself holds it, and no edition is looked up.
_BASE = """tables_entry e LEFT JOIN LATERAL (
    SELECT x.body, x.day, x.what FROM tables_entryedition x
    WHERE x.entry_id = e.id AND x.at < %(end)s AND e.changed >= %(end)s
    ORDER BY x.version DESC LIMIT 1
) v ON true"""
_BODY = "coalesce(v.body, e.body)"
_DAY = "coalesce(v.day, e.day)"
_STANDS = "CASE WHEN v.what IS NULL THEN NOT e.struck ELSE v.what <> 'strike' END"
_NUMBER = "CASE WHEN {x} ~ '^-?[0-9]+([.][0-9]+)?$' THEN ({x})::numeric END"
_ISO = "CASE WHEN {x} ~ '^[0-9]+-[0-9]+-[0-9]+$' THEN ({x})::date END"
_COMMON = {
    "photos": Column("photos.n", ("photos",)),
    "by": Column("ac.name", ("by",)),
    "community": Column("e.area_id", level="community"),
}
Foreign = tuple[EntryKind, Also]


def entry_offers() -> tuple[Offer, ...]:
    """One record set for each kind of entry of the pack in force."""
    kinds = current().section(LedgersPolicy).entries
    return tuple(
        _offer(kind, [(k, also) for k in kinds for also in k.also if also.record_set == kind.code])
        for kind in kinds
    )


def _offer(kind: EntryKind, foreign: list[Foreign]) -> Offer:
    return Offer(
        record_set=kind.code,
        title=_called(kind.code),
        needs=LEDGERS.code,
        takes="tables.export_ledger",
        base=_BASE,
        key="e.id",
        area="e.area_id",
        where=f"({_kinds(kind, foreign)}) AND e.made < %(end)s AND {_STANDS}",
        order=("-e.day", "-e.id"),
        columns=_columns(kind, foreign),
        joins={
            "by": Join("LEFT JOIN access_account ac ON ac.id = e.maker_id"),
            "photos": Join(
                "LEFT JOIN LATERAL (SELECT count(*) AS n FROM files_file f WHERE"
                " f.owner_type = 'tables.entry' AND f.owner_id = e.id AND f.created < %(end)s)"
                " photos ON true"
            ),
        },
        name=f"({_BODY} ->> '{_key(kind.name)}')",
        files=("tables.entry",),
        memory="tables_entryedition",
        opens="tables:entry",
        note=_("由社区在台账里登记"),
    )


def _label(code: str) -> str:
    return selectors.record_sets()[code].label


# Offers are kept for every reader, each of whom reads their own language.
_called = lazy(_label, str)


def _kinds(kind: EntryKind, foreign: list[Foreign]) -> str:
    """Which rows: of the kind, and those of others that belong here."""
    arms = [f"e.kind = '{kind.code}'"]
    for other, also in foreign:
        filled = f"coalesce({_BODY} ->> '{_key(also.filled)}', '') <> ''"
        arms.append(f"e.kind = '{other.code}' AND {filled}")
    return " OR ".join(f"({arm})" for arm in arms)


def _columns(kind: EntryKind, foreign: list[Foreign]) -> dict[str, Column]:
    found = {f"{kind.code}.{name}": column for name, column in _COMMON.items()}
    known = selectors.elements()
    written = [kind.day, *(each.element for each in kind.fields)]
    for code in written:
        found[code] = _column(known[code], kind, foreign)
    for code, source in kind.told.items():
        said = "person.phone" if known[code].kind is Kind.PHONE else "person.name"
        found[code] = Column(_people(source), refers=said, asked=False)
    return found


def _column(element: Element, kind: EntryKind, foreign: list[Foreign]) -> Column:
    field = kind.by_element.get(element.code)
    if field is not None and field.people:
        return Column(_people(element.code), refers="person.name", asked=False)
    own = (
        _DAY
        if element.code == kind.day
        else _typed(element, f"({_BODY} ->> '{_key(element.code)}')")
    )
    arms = [(other.code, _theirs(element, other, also)) for other, also in foreign]
    if not arms:
        return Column(own)
    cases = " ".join(f"WHEN '{code}' THEN {sql}" for code, sql in arms)
    return Column(f"(CASE e.kind {cases} ELSE {own} END)")


def _theirs(element: Element, other: EntryKind, also: Also) -> str:
    """The value of an element in an entry of another kind."""
    if element.code in also.fixed:
        return f"'{also.fixed[element.code]}'"
    source = also.columns.get(element.code, "")
    if not source:
        return "NULL"
    return _DAY if source == other.day else _typed(element, f"({_BODY} ->> '{_key(source)}')")


def _typed(element: Element, raw: str) -> str:
    if element.kind in (Kind.INTEGER, Kind.DECIMAL):
        return f"({_NUMBER.format(x=raw)})"
    return f"({_ISO.format(x=raw)})" if element.kind is Kind.DATE else raw


def _people(code: str) -> str:
    return f"ARRAY(SELECT jsonb_array_elements_text({_BODY} -> '{_key(code)}'))"


def _key(code: str) -> str:
    """Under which name a value stands in the body: the element's last part."""
    return code.partition(".")[2]
