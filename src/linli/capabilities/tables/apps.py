"""Manifest of the room."""

from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from linli.capabilities.tables.policy import LedgersPolicy
from linli.ui.manifest import Hangs, NavItem, Room


class TablesConfig(Room):
    """Forms filled from the registry; cloud ledgers."""

    name = "linli.capabilities.tables"
    label = "tables"
    policy_sections: ClassVar = {"ledgers": LedgersPolicy}
    hangs: ClassVar[tuple[Hangs, ...]] = (Hangs("tables_ledger", title=_("自建台账")),)
    nav: ClassVar[tuple[NavItem, ...]] = (
        NavItem("desk", _("云台账"), "tables:ledgers", "book-2", "tables.ledgers", 34),
    )
