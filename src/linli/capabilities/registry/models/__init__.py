"""Tables of the registry: people, places, organisations, batches from outside, statistics."""

from linli.capabilities.registry.models.batches import (
    Batch,
    BatchRow,
    Conflict,
    Layout,
    Source,
)
from linli.capabilities.registry.models.organisations import (
    Assessment,
    Filing,
    Holding,
    Organisation,
    Station,
    Succession,
)
from linli.capabilities.registry.models.people import (
    Bond,
    Consent,
    Household,
    Mark,
    Objection,
    Past,
    Person,
    Residence,
    Tie,
)
from linli.capabilities.registry.models.places import Building, Estate, Facility, Home
from linli.capabilities.registry.models.statistics import Coverage, Keeping, Statistic

__all__ = [
    "Assessment",
    "Batch",
    "BatchRow",
    "Bond",
    "Building",
    "Conflict",
    "Consent",
    "Coverage",
    "Estate",
    "Facility",
    "Filing",
    "Holding",
    "Home",
    "Household",
    "Keeping",
    "Layout",
    "Mark",
    "Objection",
    "Organisation",
    "Past",
    "Person",
    "Residence",
    "Source",
    "Station",
    "Statistic",
    "Succession",
    "Tie",
]
