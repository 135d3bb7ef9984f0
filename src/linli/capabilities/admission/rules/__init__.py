"""Pure decisions of admission: what passes the gate, how much a reduction is, what weighs on a community."""

from linli.capabilities.admission.rules.burden import Growth, Load, duplicates, growth, near
from linli.capabilities.admission.rules.counting import Reduced, reduced, whole
from linli.capabilities.admission.rules.gate import (
    Asked,
    Held,
    Passed,
    Stopped,
    certificate_refused,
    judge,
)

__all__ = [
    "Asked",
    "Growth",
    "Held",
    "Load",
    "Passed",
    "Reduced",
    "Stopped",
    "certificate_refused",
    "duplicates",
    "growth",
    "judge",
    "near",
    "reduced",
    "whole",
]
