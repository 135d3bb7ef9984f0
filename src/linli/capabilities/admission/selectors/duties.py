"""Powers and duties: what each department answers for by the pack, and which items it leads (R074)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Count

from linli.capabilities.admission.rules import named_duty
from linli.capabilities.admission.selectors.lists import in_force
from linli.kernel.policy import current
from linli.kernel.policy.shapes import UnitEntry, UnitKind, UnitsPolicy

_BETWEEN = re.compile(r"[\u3001\uff0c,\uff1b;]")
LEAST, MOST = 2, 8  # letters of a duty that a title may name


def units() -> list[UnitEntry]:
    """Departments and utilities with the duties that the pack gives them."""
    every = current().section(UnitsPolicy).units
    return [each for each in every if each.duties and each.kind != UnitKind.CENTRE]


def words() -> Mapping[str, list[str]]:
    """The duties of each unit one by one, as titles may name them."""
    found = {}
    for each in units():
        parts = (part.strip() for part in _BETWEEN.split(str.__str__(each.duties)))
        found[each.code] = [part for part in parts if LEAST <= len(part) <= MOST]
    return found


@dataclass(frozen=True, slots=True)
class Named:
    """The unit whose duty some words name, and the duty as the list says it."""

    unit: str
    duty: str


def named(*texts: str) -> Named | None:
    """Whose duty the first of some texts names by the list of powers and duties; None where it names none, or two."""
    told = words()
    for text in texts:
        unit = named_duty(told, text)
        if unit:
            found = [word for word in told[unit] if word in text]
            return Named(unit, max(found, key=len))
    return None


def led(day: date, at: int | None) -> dict[str, int]:
    """How many items in force each unit leads at a place."""
    rows = in_force(day, at).exclude(lead="").values("lead").annotate(n=Count("id"))
    return {row["lead"]: row["n"] for row in rows.order_by("lead")}
