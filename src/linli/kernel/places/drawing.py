"""What a room's own verb does to areas once it has been granted: add some below one in sight, give them outlines.

The fact is the room's; whoever calls has checked the grant, and the areas must lie in the actor's sight all the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.utils import timezone

from linli.kernel.acts import Act

from . import selectors, services
from .models import Area
from .services import Outline, Seed


def add(act: Act, seeds: Sequence[Seed], *, source: str = "") -> list[Area]:
    """Add areas below ones in sight; their codes must be free."""
    services.in_sight(act, [each.parent for each in seeds if each.parent is not None])
    return services.put(seeds, source)


def outline(
    act: Act, outlines: Mapping[int, dict[str, Any]], *, datum: str, source: str, since: date | None
) -> int:
    """Give areas in sight their outlines; the ones before are kept in editions."""
    services.in_sight(act, list(outlines))
    drawn = [Outline(lo, it) for lo, it in outlines.items()]
    services.trace(drawn, datum, source, since or timezone.localdate(act.at))
    selectors.forget()
    return len(drawn)
