"""The lists: what is in force, every version of an item, counts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery

from linli.capabilities.admission.models import Item, ItemVersion
from linli.capabilities.admission.policy import AdmissionPolicy
from linli.kernel.acts import Act
from linli.kernel.places import selectors as places
from linli.kernel.places.models import Area
from linli.kernel.policy import current

PAGE = 100


@dataclass(frozen=True, slots=True)
class Filters:
    """What is looked for: words in the title or code, a list, a department, whose business, the state.

    `at` is the place whose lists are meant: of items that bear one code the nearest one around it; None means all of them.
    """

    q: str = ""
    catalogue: str = ""
    lead: str = ""
    affair: str = ""
    state: str = ""
    at: int | None = None


@dataclass(frozen=True, slots=True)
class ItemPage:
    """One page of items with what they say today; `next` is the key of the page after it."""

    rows: list[ItemVersion]
    next: str


def section() -> AdmissionPolicy:
    """The pack's section in force."""
    return current().section(AdmissionPolicy)


def _newest(day: date) -> Subquery:
    found = ItemVersion.objects.filter(item=OuterRef("item")).filter(
        Q(start__isnull=True) | Q(start__lte=day)
    )
    return Subquery(found.order_by("-number").values("number")[:1])


def _begun(day: date) -> Q:
    return Q(versions__start__isnull=True) | Q(versions__start__lte=day)


def near(rows: QuerySet[ItemVersion], day: date, at: int | None) -> QuerySet[ItemVersion]:
    """Of items around a place that bear one code, those of the nearest list that has begun; all of them without a place."""
    if at is None:
        return rows
    nearer = Item.objects.filter(
        _begun(day), code=OuterRef("item__code"), area_id__lte=at, area__hi__gt=at
    ).filter(area_id__gt=OuterRef("item__area_id"))
    return rows.filter(~Exists(nearer), item__area_id__lte=at, item__area__hi__gt=at)


def in_force(day: date, at: int | None = None) -> QuerySet[ItemVersion]:
    """What each usable item says on a day, in the lists of a place."""
    return (
        near(spoken(day), day, at)
        .filter(item__state=Item.State.OPEN)
        .filter(Q(end__isnull=True) | Q(end__gte=day))
    )


def spoken(day: date) -> QuerySet[ItemVersion]:
    """The version of each item that speaks on a day, whatever became of the item."""
    return ItemVersion.objects.select_related("item").filter(number=_newest(day))


def listed(day: date, f: Filters, after: str = "", size: int = PAGE) -> ItemPage:
    """Items by code, a page at a time (one statement)."""
    rows = near(spoken(day), day, f.at) if f.state else in_force(day, f.at)
    if f.state:
        rows = rows.filter(item__state=f.state)
    for name in ("lead", "affair"):
        if value := getattr(f, name):
            rows = rows.filter(**{name: value})
    if f.catalogue:
        rows = rows.filter(item__catalogue=f.catalogue)
    if f.q:
        rows = rows.filter(_words(f.q))
    if after:
        rows = rows.filter(item__code__gt=after)
    found = list(rows.order_by("item__code", "item_id")[: size + 1])
    return ItemPage(found[:size], found[size - 1].item.code if len(found) > size else "")


def _words(q: str) -> Q:
    return Q(title__icontains=q) | Q(item__code__iexact=q) | Q(owner__icontains=q)


def here(act: Act) -> int | None:
    """The place whose lists are in force for the actor: where the post stands; None for a guest."""
    return (act.spans[0].lo if act.spans else act.ground) or None


def item(code: str, at: int | None = None, day: date | None = None) -> Item | None:
    """One item by its code: of the list in force at a place, the nearest one around it; else whichever bears the code.

    On a `day` a list that has not begun does not hide the one around it.
    """
    rows = Item.objects.select_related("area").filter(code=code)
    if at is not None:
        around = rows.filter(area_id__lte=at, area__hi__gt=at)
        if day is not None:
            around = around.filter(Q(pk__in=around.filter(_begun(day)).values("pk")))
        if found := around.order_by("-area_id").first():
            return found
    return rows.order_by("id").first()


def versions(found: Item) -> list[ItemVersion]:
    """Every version of an item, newest first."""
    return list(found.versions.order_by("-number"))


def version_on(found: Item, day: date) -> ItemVersion | None:
    """What an item says on a day; None before its first day."""
    rows = found.versions.filter(Q(start__isnull=True) | Q(start__lte=day))
    return rows.order_by("-number").first()


COMPARED = (
    "title",
    "owner",
    "lead",
    "basis",
    "frequency",
    "fields",
    "affair",
    "yearly",
    "funding",
    "hours",
    "inside",
    "form",
    "start",
    "end",
)


def difference(old: ItemVersion, new: ItemVersion) -> list[tuple[str, object, object]]:
    """What one version says otherwise than another: name of the value, before, after."""
    pairs = ((name, getattr(old, name), getattr(new, name)) for name in COMPARED)
    return [(name, a, b) for name, a, b in pairs if a != b]


def one(pk: int) -> Item | None:
    """One item by its key."""
    return Item.objects.select_related("area").filter(pk=pk).first()


def counts(day: date, at: int | None = None) -> dict[str, int]:
    """How many items of each list are in force at a place."""
    rows = in_force(day, at).values(code=F("item__catalogue")).annotate(n=Count("id"))
    return {row["code"]: row["n"] for row in rows}


def coming(day: date, f: Filters, most: int = PAGE) -> list[ItemVersion]:
    """Versions that begin after a day, the next first: what was decided and is not in force yet."""
    rows = ItemVersion.objects.select_related("item").filter(start__gt=day)
    if f.at is not None:
        rows = rows.filter(item__area_id__lte=f.at, item__area__hi__gt=f.at)
    if f.catalogue:
        rows = rows.filter(item__catalogue=f.catalogue)
    if f.affair:
        rows = rows.filter(affair=f.affair)
    if f.q:
        rows = rows.filter(_words(f.q))
    return list(rows.exclude(item__state=Item.State.REVOKED).order_by("start", "item_id")[:most])


def grounds() -> list[Area]:
    """The places that have lists of their own, the widest first."""
    found = Item.objects.order_by("area_id").values_list("area_id", flat=True).distinct()
    tree = places.tree().by_id
    return [tree[key] for key in found if key in tree]


def of_kinds(
    day: date, kinds: Iterable[str], lead: str = "", at: int | None = None
) -> list[ItemVersion]:
    """Items in force under which one of the kinds may come down; of one department when it is named."""
    wanted = set(kinds)
    lists = [c.code for c in section().catalogues if wanted & {str(k) for k in c.kinds}]
    rows = in_force(day, at).filter(item__catalogue__in=lists)
    if lead:
        rows = rows.filter(Q(lead=lead) | Q(lead=""))
    return list(rows.order_by("item__code"))
