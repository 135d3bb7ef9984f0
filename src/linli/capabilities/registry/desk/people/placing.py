"""From what was typed about a place to a stay that the services understand."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from linli.capabilities.registry import services
from linli.capabilities.registry.selectors import doors
from linli.capabilities.registry.services.staying import HEAD, Stay
from linli.kernel.acts import Act, Refusal
from linli.kernel.places.choosing import Offered, offered


def area_choices(act: Act) -> Offered:
    """Communities and grids in sight, nothing chosen first."""
    return offered(act, blank=_("按住址确定"))


def stay_of(act: Act, data: dict[str, Any]) -> Stay:
    """The stay that a form says; a Refusal at its field when the door is not known."""
    home = _home(act, data["home"], new=data.get("new_home", False)) if data["home"] else None
    household = None
    if home is not None and data["relation"]:
        there = doors.households_at(act, home)
        if data["relation"] != HEAD:
            household = there[0][0] if len(there) == 1 else None
        elif there and not data["apart"]:
            raise _second_head(there[0][1])
    return Stay(
        kind=data["residence_kind"],
        area=data["area"] if home is None else None,
        home=home,
        household=household,
        relation=data["relation"],
        lives=data["lives"],
        since=data["since"],
    )


def _second_head(name: str) -> Refusal:
    """A home with a head is seldom another's too: whoever means it says so."""
    return Refusal(
        _(
            "这套房屋里已有一户，户主是%(name)s。是一家人的，请改选与户主的关系；不是一家人的，勾选后再登记。"
        )
        % {"name": name},
        field="apart",
        code="head",
    )


def _home(act: Act, text: str, *, new: bool) -> int:
    found = doors.home_at(act, text)
    if found.home is not None:
        return found.home
    if found.many:
        raise Refusal(_("有几处这样的地址，请写上单元。"), field="home", code="many")
    if found.building is None:
        raise Refusal(
            _("没有找到这栋楼，请从提示里选，或先登记楼栋；也可以空着住址，只选到网格。"),
            field="home",
            code="no-building",
        )
    building = doors.building(act, found.building)
    if new and found.room and building is not None and act.may("registry.places.add_home"):
        made = services.places.add_home(act, building, room=found.room, unit_no=found.unit)
        return int(made.pk)
    raise Refusal(
        _("楼栋找到了，但没有这个房号。请核对；确是新房屋的，勾选“这是新的房屋”。"),
        field="home",
        code="no-home",
    )
