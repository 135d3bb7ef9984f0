"""What stands in communities, what they certified and stamped."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, Q
from django.db.models.functions import TruncMonth
from django.utils import timezone

from linli.capabilities.admission.models import Certificate, Placement, SealUse
from linli.capabilities.admission.selectors.sight import mine, within
from linli.kernel.acts import Act
from linli.kernel.files import selectors as files

PAGE = 50


def placements(
    act: Act,
    kind: str = "",
    flagged: bool = False,
    after: int | None = None,
    gone: bool = False,
) -> list[Placement]:
    """What stands in the actor's areas, newest first, one more than a page; `flagged`: on no item; `gone`: taken down."""
    rows = Placement.objects.filter(mine(act), until__isnull=not gone)
    rows = rows.select_related("area", "item", "unit")
    if kind:
        rows = rows.filter(kind=kind)
    if flagged:
        rows = rows.filter(item__isnull=True)
    if after:
        rows = rows.filter(pk__lt=after)
    return list(rows.order_by("-id")[: PAGE + 1])


def hanging(act: Act, most: int = 30) -> list[dict[str, Any]]:
    """Communities with the signboards that hang outside and inside, admitted or not; the most outside first."""
    rows = Placement.objects.filter(mine(act), kind="signboard", until__isnull=True)
    counted = rows.values("area__name").annotate(
        outside=Count("id", filter=Q(inside=False)),
        within=Count("id", filter=Q(inside=True)),
        flagged=Count("id", filter=Q(item__isnull=True)),
    )
    ordered = counted.order_by("-outside", "-within", "area__name")
    return [dict(row) for row in ordered[:most]]


def placement(act: Act, pk: int) -> Placement | None:
    """One of them in sight."""
    return Placement.objects.filter(mine(act), pk=pk).select_related("area", "item").first()


def systems(act: Act, most: int = 100) -> list[Placement]:
    """Information systems standing in the actor's areas, by name."""
    rows = Placement.objects.filter(mine(act), kind="system", until__isnull=True)
    return list(rows.select_related("area").order_by("title", "area")[:most])


def system(act: Act, pk: int) -> Placement | None:
    """One of them, still standing."""
    rows = Placement.objects.filter(mine(act), pk=pk, kind="system", until__isnull=True)
    return rows.first()


def certificates(act: Act, after: int | None = None) -> list[Certificate]:
    """Certificates of the actor's areas, newest first, one more than a page."""
    rows = Certificate.objects.filter(within(act)).select_related("area", "item")
    if after:
        rows = rows.filter(pk__lt=after)
    return list(rows.order_by("-id")[: PAGE + 1])


def certificate(act: Act, number: str) -> Certificate | None:
    """One certificate of the actor's areas."""
    rows = Certificate.objects.filter(within(act), number=number)
    return rows.select_related("area", "item", "unit").first()


def certificate_of(act: Act, pk: int) -> Certificate | None:
    """One certificate of the actor's areas, by its key."""
    return Certificate.objects.filter(within(act), pk=pk).first()


def checked(number: str, key: UUID) -> Certificate | None:
    """A certificate by number and key, for whoever checks it; the wall asks for the key too."""
    rows = Certificate.objects.filter(number=number.strip(), key=key)
    return rows.select_related("area", "unit").first()


def stamped(act: Act, firsts: Sequence[date]) -> list[int]:
    """How often seals were used in each of some months, by their first days (one statement)."""
    rows = SealUse.objects.filter(within(act), at__date__gte=min(firsts))
    told = {
        timezone.localdate(row["month"]): row["n"]
        for row in rows.annotate(month=TruncMonth("at")).values("month").annotate(n=Count("id"))
    }
    return [told.get(first, 0) for first in firsts]


def seals(act: Act, after: int | None = None) -> list[SealUse]:
    """Uses of the seal in the actor's areas, newest first, one more than a page."""
    rows = SealUse.objects.filter(within(act)).select_related("area", "certificate", "agreement")
    if after:
        rows = rows.filter(pk__lt=after)
    return list(rows.order_by("-id")[: PAGE + 1])


def counters(act: Act) -> dict[str, int]:
    """Signboards, bodies, posts and systems in sight, and those on no item."""
    rows = Placement.objects.filter(mine(act), until__isnull=True)
    found = {str(kind): 0 for kind in Placement.Kind.values} | {"flagged": 0}
    for kind, item in rows.values_list("kind", "item_id"):
        found[kind] += 1
        found["flagged"] += item is None
    return found


def stamps(found: Certificate) -> list[int]:
    """The uses of the seal on a certificate."""
    return list(found.seal_uses.order_by("pk").values_list("pk", flat=True))


def _may_see(act: Act, use: int) -> bool:
    """Whether the actor sees a use of the seal: by area, or as who asked for the certificate."""
    return SealUse.objects.filter(pk=use).exists()


files.admit("admission.sealuse", _may_see)
