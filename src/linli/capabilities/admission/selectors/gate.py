"""What the gate asks of the lists, and what came to it."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet

from linli.capabilities.admission.models import Agreement, Demand, Item, Ticket
from linli.capabilities.admission.rules import Held
from linli.capabilities.admission.selectors.lists import item, section, version_on
from linli.capabilities.admission.selectors.sight import mine
from linli.kernel.acts import Act

PAGE = 50


def held(code: str, day: date, at: int | None) -> tuple[Held, Item, int] | None:
    """An item as the gate sees it at a place on a day, with its row and the version that speaks; None off the lists."""
    found = item(code, at, day)
    if found is None:
        return None
    version = version_on(found, day)
    catalogue = section().catalogue_by_code.get(found.catalogue)
    usable = (
        found.state == Item.State.OPEN
        and version is not None
        and (version.end is None or day <= version.end)
    )
    seen = Held(
        code=found.code,
        kinds=frozenset(str(kind) for kind in catalogue.kinds) if catalogue else frozenset(),
        lead=version.lead if version else "",
        fields=frozenset(version.fields) if version else frozenset(),
        in_force=usable,
        span=(found.area.pk, found.area.hi),
        title=version.title if version else "",
    )
    return seen, found, version.number if version else 0


def tickets(act: Act) -> QuerySet[Ticket]:
    """What came to the gate from the actor's unit or areas, newest first."""
    return Ticket.objects.filter(mine(act)).select_related("unit", "item").order_by("-id")


def ticket(pk: int) -> Ticket | None:
    """One arrival at the gate, in the scope in force."""
    return Ticket.objects.select_related("unit", "item", "agreement").filter(pk=pk).first()


def demands_of(found: Ticket) -> list[Demand]:
    """What communities were asked under a ticket, by community."""
    return list(found.demands.select_related("area").order_by("area_id"))


def agreements(act: Act) -> QuerySet[Agreement]:
    """Agreements of the actor's unit or areas, newest first."""
    rows = Agreement.objects.filter(mine(act)).select_related("unit", "area", "item")
    return rows.order_by("-id")


def agreement(number: str) -> Agreement | None:
    """One agreement in the scope in force."""
    found = Agreement.objects.select_related("unit", "area", "item").filter(number=number)
    return found.first()


def under(found: Agreement) -> list[Ticket]:
    """What came to the gate under an agreement."""
    return list(found.tickets.order_by("-id")[:PAGE])
