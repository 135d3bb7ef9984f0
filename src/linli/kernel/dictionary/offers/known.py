"""Which record sets the rooms offer, and by which elements: drawn from manifests and the dictionary in force."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from django.apps import apps
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from linli.kernel.acts import Act, Denied, Refusal
from linli.kernel.dictionary import selectors
from linli.kernel.dictionary.offers.conditions import Op, operators
from linli.kernel.dictionary.offers.shapes import Column, Offer, Row
from linli.kernel.dictionary.shapes import Element, Kind, Sensitivity
from linli.kernel.policy.versions import current

_NUMBER = "CASE WHEN {x} ~ '^-?[0-9]+(\\.[0-9]+)?$' THEN ({x})::numeric END"


@dataclass(frozen=True, slots=True)
class Offered:
    """One element of an offer, with how it is read."""

    element: Element
    column: Column

    @property
    def operators(self) -> tuple[Op, ...]:
        """What may be asked of it."""
        if not self.column.asked:
            return ()
        return operators(self.element.kind, sealed=bool(self.column.sealed))

    @property
    def sortable(self) -> bool:
        """Whether rows can stand in its order."""
        return self.column.asked and not (self.column.many or self.column.sealed)


def known() -> Mapping[str, Offer]:
    """Every record set that a room offers, by code; some rooms draw theirs from the pack in force."""
    return _known(current().hash)


def titles() -> dict[str, str]:
    """What each record set is called, by code."""
    return {code: str(each.title) for code, each in known().items()}


@lru_cache(maxsize=8)
def _known(_pack: str) -> Mapping[str, Offer]:
    found: dict[str, Offer] = {}
    for config in apps.get_app_configs():
        for name in getattr(config, "offers", ()):
            named = import_string(name)
            for each in named() if callable(named) else named:
                found[each.record_set] = each
    return found


def offer(act: Act, record_set: str) -> Offer:
    """A record set that the actor may read; a Refusal where nobody offers it, Denied where it is not for them."""
    found = known().get(record_set)
    if found is None:
        raise Refusal(
            _("尚无数据来源：没有哪个应用提供“%(set)s”。") % {"set": record_set}, code="offer"
        )
    if not act.may(found.needs):
        raise Denied(_("您没有查看“%(title)s”的权限。") % {"title": found.title})
    return found


def offers(act: Act) -> list[Offer]:
    """The record sets that the actor may read, in the order of the rooms."""
    return [each for each in known().values() if act.may(each.needs)]


def may_read(act: Act, offer: Offer, one: Offered) -> bool:
    """Whether an element is for the actor: sensitive ones are for those who hold the verb and the clearance."""
    guarded = one.element.sensitivity is Sensitivity.SENSITIVE and not one.column.sealed
    if not guarded or one.element.record_set in offer.walled:
        return True
    return act.sensitive and bool(offer.sensitive) and act.may(offer.sensitive)


def readable(act: Act, record_set: str) -> list[Offered]:
    """The elements of a record set that the actor may read, in the dictionary's order."""
    found = offer(act, record_set)
    return [one for one in offered(record_set).values() if may_read(act, found, one)]


_drawn: dict[tuple[str, str], Mapping[str, Offered]] = {}


def offered(record_set: str) -> Mapping[str, Offered]:
    """The elements that an offer answers, by code, in the dictionary's order; empty where nobody offers the set."""
    found = known().get(record_set)
    if found is None:
        return {}
    key = (current().hash, record_set)
    if key not in _drawn:
        if len(_drawn) > 200:
            _drawn.clear()
        _drawn[key] = {one.element.code: one for one in _elements(found, selectors.elements())}
    return _drawn[key]


def _elements(offer: Offer, elements: Mapping[str, Element]) -> Iterator[Offered]:
    for code, element in elements.items():
        column = offer.columns.get(code)
        if column is None and code not in offer.without:
            row = offer.rows.get(element.record_set)
            column = _column(element, row) if row and not element.of_kind else None
        if column is not None:
            yield Offered(element, column)


def _column(element: Element, row: Row) -> Column | None:
    """A plain column of a row, or what only a city keeps there; none for what is not kept."""
    if element.key and row.more:
        return _kept(element, row)
    if not element.column or element.key:
        return None
    if element.kind in (Kind.ID_NUMBER, Kind.PHONE):
        return None  # sealed: the room says where its index stands
    return Column(
        f"{row.alias}.{element.column}",
        row.joins,
        said=row.said,
        field=element.column,
        picks=row.picks,
    )


def _kept(element: Element, row: Row) -> Column:
    raw = f"{row.more} ->> '{element.key}'"
    numeric = element.kind in (Kind.INTEGER, Kind.DECIMAL)
    return Column(
        _NUMBER.format(x=raw) if numeric else f"({raw})",
        row.joins,
        said=row.said,
        field=element.column,
        text=not numeric,
        picks=row.picks,
    )
