"""Verbs of the registry, one function each."""

from linli.capabilities.registry.services import moving as moving
from linli.capabilities.registry.services import places as places
