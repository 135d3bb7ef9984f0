"""What a reader adds to a ledger: conditions, words, columns, an order, a community; written in the address and back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from linli.capabilities.tables.selectors.ledgers.catalogue import Head, View
from linli.kernel.acts import Act, Refusal, Span
from linli.kernel.dictionary import offers
from linli.kernel.dictionary.offers import Condition, Op, Query
from linli.kernel.dictionary.offers.conditions import BARE, Group
from linli.kernel.places import selectors as places
from linli.ui.spoken import Spoken

COLUMNS_MOST, GROUPS_MOST = 40, 12


@dataclass(frozen=True, slots=True)
class Asked:
    """Everything that a reader may add; every field is a query parameter."""

    groups: tuple[Group, ...] = ()
    q: str = ""
    columns: tuple[str, ...] = ()
    sort: str = ""
    area: int | None = None
    on: date | None = None

    def query(self, view: View) -> Query:
        """The ledger's question with what the reader added."""
        span = places.span(self.area) if self.area else None
        own = view.query()
        return own.with_(
            elements=tuple(head.element for head in self.heads(view) if head.element),
            conditions=(*own.conditions, *self.groups),
            spans=(Span(span.lo, span.hi),) if span else (),
            on=self.on,
            sort=(self.sort,) if self.sort else own.sort,
            text=self.q,
        )

    def heads(self, view: View) -> tuple[Head, ...]:
        """The columns shown: the ledger's own, or those that were chosen."""
        if not self.columns:
            return view.heads
        titles = {head.element: head for head in view.heads}
        known = offers.offered(view.record_set)
        return tuple(
            titles.get(code) or Head(code, known[code].element.label)
            for code in self.columns
            if code in known
        )

    def without(self, at: int) -> Asked:
        """The same without one group of conditions."""
        return replace(self, groups=(*self.groups[:at], *self.groups[at + 1 :]))


def query_string(asked: Asked, **changes: Any) -> str:
    """What was asked as a query string."""
    now = replace(asked, **changes)
    pairs = [("f", _written(group)) for group in now.groups]
    plain = {
        "q": now.q,
        "cols": ".".join(each.replace(".", "-") for each in now.columns),
        "sort": now.sort,
        "area": str(now.area or ""),
        "on": now.on.isoformat() if now.on else "",
    }
    return urlencode([*pairs, *((name, value) for name, value in plain.items() if value)])


def _written(group: Group) -> str:
    return "|".join("~".join((each.element, each.op.value, *each.values)) for each in group)


def _group(raw: str) -> Group:
    found = []
    for part in raw[:600].split("|"):
        element, _tilde, rest = part.partition("~")
        op, *values = rest.split("~")
        kept = [value for value in values if value.strip()]
        found.append(Condition.of({"element": element, "op": op, "values": kept}))
    return tuple(found)


def asked_of(act: Act, view: View, given: Mapping[str, Sequence[str]]) -> Asked:
    """What an address asks, as far as the actor may; a Refusal where a condition cannot be read."""
    groups = tuple(_group(raw) for raw in given.get("f", ())[:GROUPS_MOST])
    known = {one.element.code: one for one in offers.readable(act, view.record_set)}
    for each in (each for group in groups for each in group):
        if each.element not in known:
            raise Refusal(Spoken("这个条件读不懂，请重新选择。"), code="condition")
        # Nobody's number stands in an address.
        if known[each.element].column.sealed and each.op not in BARE:
            raise Refusal(Spoken("证件号码和电话不能写进筛选条件。"), code="sealed")
    columns = tuple(code.replace("-", ".") for code in _one(given, "cols").split(".") if code)
    sort = _one(given, "sort")
    sortable = known.get(sort.removeprefix("-"))
    return Asked(
        groups=groups,
        q=_one(given, "q").replace("\x00", "").strip()[:40],
        columns=tuple(code for code in columns if code in known)[:COLUMNS_MOST],
        sort=sort if sortable is not None and sortable.sortable else "",
        area=_area(act, _one(given, "area")),
        on=_day(_one(given, "on")),
    )


def _one(given: Mapping[str, Sequence[str]], name: str) -> str:
    values = given.get(name, ())
    return values[0][:2000] if values else ""


def _area(act: Act, raw: str) -> int | None:
    if not raw.isdecimal() or len(raw) > 20:
        return None
    return int(raw) if int(raw) in places.tree().by_id and act.sees(int(raw)) else None


def _day(raw: str) -> date | None:
    try:
        return date.fromisoformat(raw) if raw else None
    except ValueError:
        return None


OPS_WITHOUT_VALUES = frozenset(op.value for op in (Op.EMPTY, Op.FILLED))
