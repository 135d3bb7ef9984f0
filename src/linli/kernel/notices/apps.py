"""Manifest of notices."""

from typing import ClassVar

from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel

from linli.kernel.policy.shapes import NoticesPolicy
from linli.ui.manifest import Hangs, NavItem, Room


class NoticesConfig(Room):
    """Messages to people over their channels."""

    name = "linli.kernel.notices"
    label = "notices"
    policy_sections: ClassVar[dict[str, type[BaseModel]]] = {"notices": NoticesPolicy}
    nav = (
        NavItem("portal", _("消息"), "notices:portal", "bell", needs="notices.own", order=80),
        NavItem("desk", _("消息"), "notices:desk", "bell", needs="notices.own", order=90),
    )
    codes: ClassVar[dict[str, str]] = {"kind": "linli.kernel.notices.kinds.titles"}
    hangs = (Hangs("notices_notice", "area", _("消息")),)
