"""Manifest of access."""

from linli.kernel.policy.shapes import AccessPolicy
from linli.ui.manifest import Room


class AccessConfig(Room):
    """Accounts, appointments, scope."""

    name = "linli.kernel.access"
    label = "access"
    policy_sections = {"access": AccessPolicy}
