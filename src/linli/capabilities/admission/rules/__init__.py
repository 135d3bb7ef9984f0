"""Pure decisions of admission: what passes the gate, how much a reduction is, what weighs on a community."""

from linli.capabilities.admission.rules.burden import (
    Growth,
    Joint,
    Load,
    Saved,
    against_mean,
    duplicates,
    growth,
    half_of,
    joint,
    near,
    saved,
    tone_of,
)
from linli.capabilities.admission.rules.counting import Reduced, reduced, whole
from linli.capabilities.admission.rules.gate import (
    Asked,
    Held,
    Passed,
    Stopped,
    certificate_refused,
    judge,
    named_duty,
)

__all__ = [
    "Asked",
    "Growth",
    "Held",
    "Joint",
    "Load",
    "Passed",
    "Reduced",
    "Saved",
    "Stopped",
    "against_mean",
    "certificate_refused",
    "duplicates",
    "growth",
    "half_of",
    "joint",
    "judge",
    "named_duty",
    "near",
    "reduced",
    "saved",
    "tone_of",
    "whole",
]
