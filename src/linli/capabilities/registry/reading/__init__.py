"""Files from outside: opened whatever their layout, their columns recognised, their rows checked (no Django tables)."""

from linli.capabilities.registry.reading.checking import REASONS, SLOTS, Checked, Checker
from linli.capabilities.registry.reading.columns import Column, Plan, plan
from linli.capabilities.registry.reading.elements import SETS
from linli.capabilities.registry.reading.fitting import other_source
from linli.capabilities.registry.reading.opening import open_table
from linli.capabilities.registry.reading.table import Heading, Table

__all__ = [
    "REASONS",
    "SETS",
    "SLOTS",
    "Checked",
    "Checker",
    "Column",
    "Heading",
    "Plan",
    "Table",
    "open_table",
    "other_source",
    "plan",
]
