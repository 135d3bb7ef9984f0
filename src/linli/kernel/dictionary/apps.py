"""Manifest of the data dictionary."""

from __future__ import annotations

from typing import ClassVar

from linli.kernel.dictionary.check import contradictions
from linli.kernel.dictionary.shapes import DictionaryPolicy
from linli.ui.manifest import Room


class DictionaryConfig(Room):
    """Data elements and code tables, read from the pack."""

    name = "linli.kernel.dictionary"
    label = "dictionary"
    policy_sections: ClassVar = {"dictionary": DictionaryPolicy}
    policy_checks: ClassVar = (contradictions,)
