"""Manifest of policy."""

from typing import ClassVar

from pydantic import BaseModel

from linli.kernel.policy.shapes import KERNEL_SECTIONS
from linli.ui.manifest import Room


class PolicyConfig(Room):
    """Packs and their versions."""

    name = "linli.kernel.policy"
    label = "policy"
    policy_sections: ClassVar[dict[str, type[BaseModel]]] = dict(KERNEL_SECTIONS)
