"""Manifest of indicators."""

from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from linli.kernel.measures.shapes import MeasuresPolicy
from linli.ui.manifest import NavItem, Room


class MeasuresConfig(Room):
    """Indicators of every room on one sheet."""

    name = "linli.kernel.measures"
    label = "measures"
    policy_sections: ClassVar = {"measures": MeasuresPolicy}
    nav = (NavItem("desk", _("运行指标"), "measures:sheet", "table", "measures.read", 48),)
