"""The town's offices of admission: who reviews, who brings it to the meeting, and the lists of the pack."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from linli.capabilities.admission import services
from linli.capabilities.admission.models import Item
from linli.capabilities.admission.services import Asking
from linli.kernel.access import offices
from linli.kernel.access.models import Account, Appointment, Unit
from linli.kernel.acts import system_act, under
from linli.kernel.places.models import Area
from tests.town import SINCE, Town

NOW = datetime(2026, 6, 1, 2, 0, tzinfo=UTC)  # Monday, ten o'clock
PEOPLE = (
    ("tang", "唐律", "legal_reviewer", "justice", "司法局"),
    ("xu", "徐文", "standing_office", "government_office", "政府办公室"),
    ("mei", "梅青", "department_worker", "civil", "民政局"),
    ("huo", "霍明", "department_worker", "fire", "消防救援支队"),
    ("shi", "石磊", "street_worker", "xi", ""),
)


def open_offices() -> None:
    """Found the offices, hire their people, write the lists."""
    with under(system_act(NOW)) as act:
        city = Area.objects.get(name="试验市")
        for key, name, post, code, title in PEOPLE:
            unit = Unit.objects.filter(code=code).first() or Unit.objects.create(
                code=code, name=title, kind="department", area=city
            )
            account = Account.objects.create(kind="staff", login=key, name=name, demo=key)
            Appointment.objects.create(
                account=account, unit=unit, area=unit.area, post=post, since=SINCE
            )
        services.seed(act)
    offices.forget()


def item(code: str) -> Item:
    """One item by its code."""
    with under(system_act(NOW)):
        return Item.objects.get(code=code)


def asking(town: Town, *communities: str, **changes: Any) -> Asking:
    """The civil affairs office asks some communities for the elders' table, through their streets."""
    areas = [town.area(name) for name in communities or ("甲社区", "乙社区", "丙社区")]
    given: dict[str, Any] = {
        "kind": "table",
        "title": "老年人需求摸排表",
        "item": "A10",
        "communities": tuple(area.pk for area in areas),
        "streets": tuple({area.parent_id for area in areas}),
        "fields": ("person.name", "person.born"),
        "hours": Decimal(8),
    }
    return Asking(**{**given, **changes})
