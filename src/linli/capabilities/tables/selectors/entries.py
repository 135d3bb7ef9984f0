"""What can be entered in ledgers, and one entry with its editions as people read it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from linli.capabilities.tables.models import Entry, EntryEdition
from linli.capabilities.tables.policy import Asked, EntryKind, Ledger, LedgersPolicy
from linli.kernel.acts import Act
from linli.kernel.dictionary import offers, selectors
from linli.kernel.dictionary.offers import Condition, Op, Query
from linli.kernel.dictionary.rules import Unreadable, read
from linli.kernel.dictionary.shapes import Element, Kind
from linli.kernel.files import selectors as files
from linli.kernel.places import choosing
from linli.kernel.places import selectors as places
from linli.kernel.places.rules import Level
from linli.kernel.policy import current

OWNER = "tables.entry"
LATEST = 20
HIDDEN = _("（不在您的辖区）")
_PERSON = ("person.name", "person.born", "residence.address")


def kinds() -> dict[str, EntryKind]:
    """What can be entered, by record set, in the order of the pack."""
    return current().section(LedgersPolicy).kinds


def title_of(kind: str) -> str:
    """How a kind of entries is called."""
    return selectors.record_sets()[kind].label


def ledgers_of(kind: str, body: dict[str, Any] | None = None) -> list[str]:
    """The titles of the ledgers in which entries of a kind may stand, or in which one with these values does."""
    policy = current().section(LedgersPolicy)
    own = policy.kinds[kind]
    there = {a.record_set for a in own.also if body is None or body.get(key_of(a.filled))}
    return [
        str(each.title)
        for each in policy.ledgers
        if each.record_set in there or (each.record_set == kind and _meets(each, body))
    ]


def _meets(ledger: Ledger, body: dict[str, Any] | None) -> bool:
    """Whether values meet what a ledger asks of entries of its own kind."""
    return body is None or all(
        any(_holds(each, body.get(key_of(each.element))) for each in group)
        for group in ledger.conditions
    )


def _holds(asked: Asked, value: Any) -> bool:
    return bool(value) if asked.op is Op.FILLED else value in asked.values


def areas(act: Act) -> choosing.Offered:
    """Where the actor can enter something: their community or grid, and the grids below; of a street its communities."""
    low = any(each.level in choosing.FINE for each in choosing.own(act))
    return choosing.offered(act, choosing.FINE if low else (Level.COMMUNITY,))


@dataclass(frozen=True, slots=True)
class Told:
    """One edition: what was done, which values stand in it, and which of them were others before."""

    edition: EntryEdition
    values: list[tuple[str, str, bool]]


@dataclass(slots=True)
class Shown:
    """One entry: its values in words, its files, its editions from the newest on."""

    entry: Entry
    kind: EntryKind
    title: str
    set_title: str
    values: list[tuple[str, str]]
    ledgers: list[str]
    at: tuple[float, float] | None = None
    editions: list[Told] = field(default_factory=list)
    files: list[dict[str, str]] = field(default_factory=list)


def entry(act: Act, pk: int) -> Entry | None:
    """One entry in sight."""
    return Entry.objects.select_related("area", "maker").filter(pk=pk).first()


def shown(act: Act, row: Entry) -> Shown:
    """An entry in words; four statements."""
    kind = kinds()[row.kind]
    editions = list(row.editions.select_related("by").order_by("-version"))
    names = called(act, kind, [row.body, *(each.body for each in editions)])
    values = _values(kind, row.body, names)
    before = [each.body for each in editions[1:]] + [{}]
    told = [
        Told(each, _changes(kind, each.body, was, names))
        for each, was in zip(editions, before, strict=True)
    ]
    return Shown(
        entry=row,
        kind=kind,
        title=_name(kind, row, names),
        set_title=selectors.record_sets()[row.kind].label,
        values=[(label, text) for label, text in values if text],
        ledgers=ledgers_of(row.kind, row.body),
        at=point_of(row.body) if kind.map else None,
        editions=told,
        files=[files.shown(f.pk, f.name, f.media_type) for f in files.of(OWNER, [row.pk])],
    )


def latest(act: Act, kind: str = "") -> list[tuple[Entry, str, str]]:
    """What was entered last in the actor's areas: row, what it is, how it is called."""
    rows = Entry.objects.filter(kind=kind) if kind else Entry.objects.filter(kind__in=list(kinds()))
    found = []
    for row in rows.filter(maker=act.actor, struck=False).order_by("-id")[:LATEST]:
        declared = kinds()[row.kind]
        title = selectors.record_sets()[row.kind].label
        found.append((row, title, str(row.body.get(key_of(declared.name), ""))))
    return found


def point_of(body: Mapping[str, Any]) -> tuple[float, float] | None:
    """Where an entry stands on the map (WGS-84), if that is known."""
    lon, _comma, lat = str(body.get("at", "")).partition(",")
    return (float(lon), float(lat)) if lon and lat else None


def centre(act: Act, row: Entry | None = None) -> tuple[float, float] | None:
    """Where a map for marking an entry opens: where it stands, else on the actor's own area."""
    at = point_of(row.body) if row is not None else None
    return at or next(filter(None, map(places.centre, choosing.own(act))), None)


def key_of(code: str) -> str:
    """Under which name a value stands in an entry: the element's last part."""
    return code.partition(".")[2]


def _name(kind: EntryKind, row: Entry, names: dict[str, str]) -> str:
    return _said(kind, kind.name, row.body, names) or selectors.record_sets()[kind.code].label


def _values(kind: EntryKind, body: dict[str, Any], names: dict[str, str]) -> list[tuple[str, str]]:
    known = selectors.elements()
    return [
        (known[each.element].label, _said(kind, each.element, body, names)) for each in kind.fields
    ]


def _changes(
    kind: EntryKind, body: dict[str, Any], was: dict[str, Any], names: dict[str, str]
) -> list[tuple[str, str, bool]]:
    now, before = _values(kind, body, names), _values(kind, was, names)
    pairs = zip(now, before, strict=True)
    return [(label, text, bool(old)) for (label, text), (_l, old) in pairs if text != old]


def _said(kind: EntryKind, code: str, body: dict[str, Any], names: dict[str, str]) -> str:
    value = body.get(key_of(code), "")
    if isinstance(value, list):
        return _t("、").join(names.get(each, str(each)) for each in value)
    return offers.shown(selectors.element(code), _typed(selectors.element(code), value))


def _typed(element: Element, text: str) -> Any:
    if element.kind is Kind.BOOLEAN:
        return text == "true" if text else ""
    return text


def called(act: Act, kind: EntryKind, bodies: list[dict[str, Any]]) -> dict[str, str]:
    """How the people of some entries are called, by key, as far as the actor may see them; one statement."""
    keys = {
        int(each)
        for body in bodies
        for field in kind.fields
        if field.people
        for each in body.get(key_of(field.element), ())
        if each.isdecimal()
    }
    if not keys or not _may_see(act):
        return {str(key): str(HIDDEN) for key in keys}
    found = offers.some(act, Query("person", ("person.name",)), keys)
    names = dict(zip(map(str, found.keys), found.values["person.name"], strict=True))
    return {str(key): names.get(str(key)) or str(HIDDEN) for key in keys}


def _may_see(act: Act) -> bool:
    person = offers.known().get("person")
    return person is not None and act.may(person.needs)


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody of the registry who bears a name."""

    key: str
    name: str
    year: str
    address: str


def people_called(act: Act, names: list[str]) -> dict[str, list[Candidate]]:
    """Who of those in sight bears one of some names; what can be no name is nobody's. One statement."""
    element, today = selectors.element("person.name"), timezone.localdate(act.at)
    names = [n for n in names if not isinstance(read(element, n, today=today), Unreadable)]
    if not names or not _may_see(act):
        return {}
    query = Query("person", _PERSON, ((Condition("person.name", Op.IS, tuple(names)),),), most=200)
    found: dict[str, list[Candidate]] = {}
    for batch in offers.read(act, query):
        for key, (name, born, address) in zip(batch.keys, batch.rows(), strict=True):
            one = Candidate(str(key), name, str(born.year) if born else "", address or "")
            found.setdefault(name, []).append(one)
    return found
