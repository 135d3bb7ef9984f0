"""The record sets that the registry offers to other rooms, read through the kernel's dictionary."""

from linli.capabilities.registry.offers.areas import AREA, STATISTIC
from linli.capabilities.registry.offers.bodies import HOLDING, ORGANISATION
from linli.capabilities.registry.offers.people import PERSON
from linli.capabilities.registry.offers.places import BUILDING, ESTATE, FACILITY, HOME, HOUSEHOLD
from linli.capabilities.registry.offers.visits import VISIT

OFFERS = (
    PERSON,
    HOUSEHOLD,
    HOME,
    BUILDING,
    ESTATE,
    FACILITY,
    ORGANISATION,
    HOLDING,
    AREA,
    STATISTIC,
    VISIT,
)
