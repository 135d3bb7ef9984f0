"""Words for the codes that facts of matters keep, for whoever reads the audit trail."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from linli.capabilities.matters.models import Message
from linli.capabilities.matters.selectors.names import names

RESULTS = {
    "solved": _("已解决"),
    "partly": _("部分解决"),
    "explained": _("已解释说明"),
    "unable": _("暂时无法解决"),
}
SIDES: dict[Any, Any] = dict(Message.Side.choices)


def states() -> dict[str, str]:
    """Titles of the states of a matter."""
    return names().states


def routes() -> dict[str, str]:
    """Why each route sends a matter where it does."""
    return {route.code: str(route.reason) for route in names().policy.routes}


def stages() -> dict[str, str]:
    """Titles of the staged deadlines of classes."""
    return {stage.code: str(stage.title) for e in names().policy.classes for stage in e.stages}


def entries() -> dict[str, str]:
    """Titles of items and classes."""
    return names().entries
