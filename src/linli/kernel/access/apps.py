"""Manifest of access."""

from typing import ClassVar

from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel

from linli.kernel.policy.shapes import AccessPolicy
from linli.ui.manifest import Hangs, NavItem, Room


class AccessConfig(Room):
    """Accounts, appointments, scope."""

    name = "linli.kernel.access"
    label = "access"
    policy_sections: ClassVar[dict[str, type[BaseModel]]] = {"access": AccessPolicy}
    codes: ClassVar[dict[str, str]] = {
        "way": "linli.kernel.access.selectors.wording.WAYS",
    }
    names: ClassVar[dict[str, str]] = {
        "access.sign_in": "linli.kernel.access.selectors.wording.SIGNING"
    }
    nav = (
        NavItem("desk", _("人员岗位"), "access:people", "users", "access.read", 80),
        NavItem("desk", _("操作记录"), "access:audit", "history", "access.audit", 85),
    )
    hangs = (
        Hangs("access_unit", title=_("办事机构"), late=True),
        Hangs("access_appointment", title=_("任职"), late=True),
        Hangs("access_account", "home_id", _("居民账号"), late=True),
    )
