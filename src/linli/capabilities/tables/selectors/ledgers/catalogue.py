"""The ledgers that somebody may open: those of the pack, their community's own, and any record set as it is."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import F, Q

from linli.capabilities.tables.models import LedgerEdition
from linli.capabilities.tables.policy import Ledger, LedgersPolicy, Reduction
from linli.kernel.acts import Act
from linli.kernel.dictionary import offers, selectors
from linli.kernel.dictionary.offers import Condition, Query
from linli.kernel.dictionary.offers.conditions import Group, groups_of
from linli.kernel.policy import current
from linli.ui.keys import key_of

OWN, SET = "own-", "set-"
FEW = 8


@dataclass(frozen=True, slots=True)
class Head:
    """One column: its element and title, or why nobody records it."""

    element: str
    title: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class View:
    """One ledger as it is opened: where its rows come from, or why there are none.

    `key` is the catalogue's code, `own-<id>` of a community's own, `set-<record set>` of a record set as it is.
    """

    key: str
    title: str
    heads: tuple[Head, ...]
    record_set: str = ""
    conditions: tuple[Group, ...] = ()
    sort: tuple[str, ...] = ()
    owner: str = ""
    frequency: str = ""
    why: str = ""
    status: str = ""
    document: str = ""
    version: int = 0
    own: int = 0

    @property
    def live(self) -> bool:
        """Whether a room keeps the rows."""
        return bool(self.record_set) and self.record_set in offers.known()

    def may_open(self, act: Act) -> bool:
        """Whether the actor may read the rows."""
        return self.live and act.may(offers.known()[self.record_set].needs)

    def query(self) -> Query:
        """The ledger's own question, without what a reader adds to it."""
        elements = tuple(head.element for head in self.heads if head.element)
        return Query(self.record_set, elements, self.conditions, sort=self.sort)


@dataclass(frozen=True, slots=True)
class Ledgers:
    """All ledgers, with what they spare: columns of the booklets, and how many different facts they are."""

    views: list[View]
    own: list[View]
    paper: Reduction

    @property
    def columns(self) -> int:
        """Columns of all booklets together."""
        return sum(len(each.heads) for each in self.views)

    @property
    def recorded(self) -> int:
        """Columns that are filled from what is recorded once."""
        return sum(1 for each in self.views for head in each.heads if head.element)

    @property
    def different(self) -> int:
        """How many different facts stand behind them."""
        return len({head.element for each in self.views for head in each.heads if head.element})


def ledgers(act: Act) -> Ledgers:
    """The catalogue of the pack in force, and the communities' own in sight; one statement."""
    policy = current().section(LedgersPolicy)
    return Ledgers([_listed(each) for each in policy.ledgers], own(act), policy.paper)


def own(act: Act) -> list[View]:
    """The communities' own ledgers in sight, by title."""
    editions = LedgerEdition.objects.filter(_in_force(act)).select_related("ledger")
    return [_own(each) for each in editions.order_by("title", "id")[:200]]


def ended(act: Act) -> list[View]:
    """The communities' own ledgers that were ended and can be taken back, those ended last first."""
    rows = LedgerEdition.objects.filter(
        _within(act), ledger__ended__isnull=False, version=F("ledger__version")
    )
    return [_own(each) for each in rows.select_related("ledger").order_by("-ledger__ended")[:FEW]]


def was_ended(act: Act, key: str) -> bool:
    """Whether a key is that of a community's own ledger that was ended."""
    number = key_of(key.removeprefix(OWN)) if key.startswith(OWN) else None
    rows = LedgerEdition.objects.filter(_within(act), ledger=number, ledger__ended__isnull=False)
    return bool(number) and rows.exists()


def view(act: Act, key: str) -> View | None:
    """One ledger by its key; None where there is none in sight."""
    if key.startswith(OWN):
        number = key_of(key.removeprefix(OWN))
        found = LedgerEdition.objects.filter(_in_force(act), ledger=number)
        one = found.select_related("ledger").first() if number else None
        return _own(one) if one is not None else None
    if key.startswith(SET):
        return _free(act, key.removeprefix(SET))
    entry = current().section(LedgersPolicy).by_code.get(key)
    return _listed(entry) if entry is not None else None


def editions(act: Act, ledger: int) -> list[LedgerEdition]:
    """The editions of a community's own ledger, newest first."""
    rows = LedgerEdition.objects.filter(ledger=ledger).select_related("by", "ledger")
    return list(rows.filter(_within(act)).order_by("-version")[:50])


def free_sets(act: Act) -> list[tuple[str, str]]:
    """The record sets from which a ledger can be made."""
    return [(each.record_set, str(each.title)) for each in offers.offers(act)]


def _within(act: Act) -> Q:
    found = Q(pk__in=[])
    for span in act.spans:
        found |= Q(ledger__area__gte=span.lo, ledger__area__lt=span.hi)
        # Whoever stands on a grid reads the ledgers of the community around it.
        found |= Q(ledger__area__lte=span.lo, ledger__area__hi__gte=span.hi)
    return found


def _in_force(act: Act) -> Q:
    return _within(act) & Q(ledger__ended__isnull=True, version=F("ledger__version"))


def _listed(entry: Ledger) -> View:
    owners = selectors.owners()
    heads = tuple(
        Head(column.element or "", str(column.title) or _title(column.element), str(column.why))
        for column in entry.columns
    ) or tuple(Head("", str(heading), str(entry.why)) for heading in entry.headings)
    conditions = tuple(
        tuple(Condition(each.element, each.op, each.values) for each in group)
        for group in entry.conditions
    )
    return View(
        key=entry.code,
        title=str(entry.title),
        heads=heads,
        record_set=entry.record_set or "",
        conditions=conditions,
        sort=entry.sort,
        owner=owners[entry.owner].label,
        frequency=str(entry.frequency),
        why=str(entry.why),
        status=entry.status.value,
        document=str(entry.source.document),
    )


def _title(code: str | None) -> str:
    return selectors.element(code).label if code else ""


def _own(edition: LedgerEdition) -> View:
    body = edition.body
    known = selectors.elements()
    heads = tuple(Head(code, known[code].label) for code in body["columns"] if code in known)
    return View(
        key=f"{OWN}{edition.ledger_id}",
        title=edition.title,
        heads=heads,
        record_set=body["record_set"],
        conditions=groups_of(body["conditions"]),
        sort=tuple(body.get("sort", ())),
        version=edition.version,
        own=edition.ledger_id,
    )


def _free(act: Act, record_set: str) -> View | None:
    found = offers.known().get(record_set)
    if found is None or not act.may(found.needs):
        return None
    usual = [one.element for one in offers.readable(act, record_set)][:FEW]
    heads = tuple(Head(each.code, each.label) for each in usual)
    return View(
        key=f"{SET}{record_set}", title=str(found.title), heads=heads, record_set=record_set
    )
