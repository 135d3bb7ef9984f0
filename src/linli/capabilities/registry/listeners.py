"""What follows from facts of the registry: the community that was left is told, objections find their answer."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from linli.capabilities.registry import notices
from linli.capabilities.registry.selectors.colleagues import clerks_of
from linli.capabilities.registry.selectors.objections import raised
from linli.kernel.acts import Act, listens
from linli.kernel.notices.services import tell
from linli.kernel.places import selectors as places
from linli.kernel.places.rules import Level, enclosing


def _community(area: int) -> int:
    return enclosing(area, Level.COMMUNITY) or area


def _name(area: int) -> str:
    found = places.tree().by_id.get(area)
    return found.name if found else ""


@listens("registry.adopt", "registry.move_in")
def tell_former(act: Act, facts: list[Any]) -> None:
    """Tell the clerks of the communities that somebody has left."""
    for fact in facts:
        to = _name(_community(fact.data.get("area") or fact.area))
        for area in fact.data.get("former", ()):
            params = {"place": _name(area), "to": to}
            tell(
                act,
                clerks_of(area, timezone.localdate(fact.at)),
                notices.ADOPTED.code,
                None,
                params,
            )


@listens("registry.death")
def tell_of_death(act: Act, facts: list[Any]) -> None:
    """Tell the clerks of other communities that one of their people has died."""
    for fact in facts:
        for area in fact.data.get("former", ()):
            params = {"place": _name(area), "to": _name(_community(fact.area))}
            tell(act, clerks_of(area, timezone.localdate(fact.at)), notices.DIED.code, None, params)


@listens("registry.link_at_window")
def tell_linked(act: Act, facts: list[Any]) -> None:
    """Tell whoever signs in with the phone that their account was linked by somebody else."""
    for fact in facts:
        tell(act, [fact.data["account"]], notices.LINKED.code, None, {})


@listens("registry.object", "registry.object_for")
def tell_clerks(act: Act, facts: list[Any]) -> None:
    """Tell the community that one of its people objects."""
    for fact in facts:
        row = raised(fact.subject_id)
        if row is not None:
            area = _community(row.area_id)
            params = {"place": _name(area)}
            tell(
                act,
                clerks_of(area, timezone.localdate(fact.at)),
                notices.OBJECTED.code,
                row,
                params,
            )


@listens("registry.decide_objection")
def tell_resident(act: Act, facts: list[Any]) -> None:
    """Tell whoever objected that there is an answer."""
    for fact in facts:
        row = raised(fact.subject_id)
        if row is not None and row.account_id:
            tell(act, [row.account_id], notices.ANSWERED.code, row, {})
