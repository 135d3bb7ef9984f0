"""What follows from facts: the burden of the months they touch. Batches, exactly once."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.utils import timezone

from linli.capabilities.admission import services
from linli.capabilities.admission.selectors.touched import DEMANDS, OCCASIONS, TICKETS, touched
from linli.kernel.acts import Act, listens


# Tables stand above this room: what was known before anybody was asked comes as a fact.
@listens("tables.count")
def keep_prefilled(act: Act, facts: list[Any]) -> None:
    """Keep, for each demand, how much of its table was filled from what is known (R011, R090)."""
    for fact in facts:
        data = fact.data
        if "demand" in data and data.get("cells"):
            known = int(data["cells"]) - int(data.get("gaps", 0))
            services.prefilled(
                act, demand=int(data["demand"]), cells=int(data["cells"]), known=known
            )


# Matters stand above this room too: that a system found one comes with the fact of its report.
@listens("matters.report")
def keep_handed(act: Act, facts: list[Any]) -> None:
    """Count, for each system, what it found and became a matter here (R100)."""
    counts = Counter(
        (int(fact.data["system"]), timezone.localdate(fact.at).replace(day=1))
        for fact in facts
        if fact.data.get("system")
    )
    for (placement, month), count in sorted(counts.items()):
        services.handed(act, placement=placement, month=month, count=count)


@listens(*DEMANDS, *TICKETS, *OCCASIONS, "tables.count")
def weigh_again(act: Act, facts: list[Any]) -> None:
    """Count anew the months and communities that something came down to, or was answered in."""
    areas, months = touched(facts)
    if areas:
        services.recount(act, areas=areas, months=months)
