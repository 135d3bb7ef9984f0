"""Applications of the actor's unit, or waiting for it; public notices with comments."""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet

from linli.capabilities.admission.models import Application, Comment, Item, PublicNotice
from linli.capabilities.admission.selectors.lists import section
from linli.capabilities.admission.selectors.sight import mine
from linli.kernel.acts import Act
from linli.kernel.acts.models import Fact
from linli.kernel.files import selectors as files
from linli.kernel.flow import Allowed, actions_from, load
from linli.kernel.policy import version
from linli.kernel.policy.pack import Pack

PAGE = 50
UNITS = ("unit_id", "reviewer_id", "decider_id")


def listed(act: Act, show: str = "", after: int | None = None) -> list[Application]:
    """Applications in sight, newest first, one more than a page; `show` is a state or "mine" (waiting for the actor)."""
    rows = Application.objects.filter(mine(act, *UNITS)).select_related("unit")
    if show == "mine":
        rows = rows.filter(_waiting(act))
    elif show:
        rows = rows.filter(state=show)
    if after:
        rows = rows.filter(pk__lt=after)
    return list(rows.order_by("-id")[: PAGE + 1])


def _waiting(act: Act) -> Q:
    unit = act.unit or 0
    return (
        Q(state__in=("review", "notice"), reviewer_id=unit)
        | Q(state="meeting", decider_id=unit)
        | Q(state="draft", unit_id=unit)
    )


def one(act: Act, pk: int) -> Application | None:
    """One application in sight."""
    rows = Application.objects.filter(mine(act, *UNITS))
    return rows.select_related("unit", "reviewer", "decider", "item").filter(pk=pk).first()


def may(act: Act, row: Application) -> list[tuple[str, str]]:
    """What the actor may do now: verb and title, in the flow's order."""
    pack: Pack = version(row.policy)
    flow = pack.section(type(section())).machine
    found = actions_from(flow, load(row.position), set(act.roles), act.actor)
    return [(each.verb, each.action.title) for each in found if isinstance(each, Allowed)]


def comments(row: Application) -> list[Comment]:
    """What was said to it, oldest first."""
    return list(row.comments.order_by("id"))


def comment(pk: int) -> Comment | None:
    """One comment in the scope in force."""
    return Comment.objects.filter(pk=pk).first()


def story(row: Application) -> list[Fact]:
    """What was done to it, oldest first."""
    facts = Fact.objects.filter(subject_type="admission.application", subject_id=row.pk)
    return list(facts.order_by("id")[:100])


def notices(open_only: bool = False, most: int = 50) -> list[PublicNotice]:
    """Public notices, newest first; anybody reads them."""
    rows: QuerySet[PublicNotice] = PublicNotice.objects.order_by("-open", "-opened")
    return list((rows.filter(open=True) if open_only else rows)[:most])


def notice(pk: int) -> PublicNotice | None:
    """One public notice."""
    return PublicNotice.objects.filter(application=pk).first()


def items_of(act: Act, lead: str, day: date) -> list[Item]:
    """Items of a department, to be changed."""
    found = Item.objects.filter(versions__lead=lead).exclude(state=Item.State.REVOKED)
    return list(found.distinct().order_by("code")[:200])


def _may_read(act: Act, pk: int) -> bool:
    return one(act, pk) is not None


# Whoever reads an application reads what is attached to it.
files.admit("admission.application", _may_read)
