"""Departments' files join the registry: plan → confirm → run → report, resumable, each value with its source."""

from linli.capabilities.registry.services.imports import profiles
from linli.capabilities.registry.services.imports.departments import widened
from linli.capabilities.registry.services.imports.opening import (
    begin,
    choose,
    propose,
    source_of,
)
from linli.capabilities.registry.services.imports.running import cancel, finish, rehearse, run

__all__ = [
    "begin",
    "cancel",
    "choose",
    "finish",
    "profiles",
    "propose",
    "rehearse",
    "run",
    "source_of",
    "widened",
]
