"""Reads of access, narrowed to the actor's areas: people and posts, facts, one's own sessions."""

from linli.kernel.access.selectors.audit import (
    ChainState,
    FactLine,
    FactPage,
    FactWanted,
    Opened,
    chain_state,
    fact_opened,
    facts,
    known_verbs,
)
from linli.kernel.access.selectors.own import demo_cast, own_sessions, saved_filters
from linli.kernel.access.selectors.people import (
    PeoplePage,
    appointment_in_sight,
    areas_in_sight,
    find_area,
    find_unit,
    people,
    posts_offered,
    units_in_sight,
    vacancies,
)

__all__ = [
    "ChainState",
    "FactLine",
    "FactPage",
    "FactWanted",
    "Opened",
    "PeoplePage",
    "appointment_in_sight",
    "areas_in_sight",
    "chain_state",
    "demo_cast",
    "fact_opened",
    "facts",
    "find_area",
    "find_unit",
    "known_verbs",
    "own_sessions",
    "people",
    "posts_offered",
    "saved_filters",
    "units_in_sight",
    "vacancies",
]
