"""What the forms of this room offer: items, kinds, streets, communities; names that become codes."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linli.capabilities.admission.selectors import lists
from linli.capabilities.admission.selectors.naming import field_names as field_names
from linli.capabilities.admission.selectors.naming import field_title as field_title
from linli.capabilities.admission.selectors.naming import field_titles as field_titles
from linli.capabilities.admission.selectors.naming import fields as fields
from linli.capabilities.admission.selectors.naming import unit_codes as unit_codes
from linli.capabilities.admission.selectors.naming import unit_names as unit_names
from linli.kernel.access import offices
from linli.kernel.acts import Act, Refusal
from linli.kernel.places import selectors as places
from linli.kernel.places.models import Area
from linli.kernel.places.rules import Level
from linli.ui.spoken import said

KINDS = {
    "table": _("填表"),
    "task": _("办事"),
    "ledger": _("记台账"),
    "meeting": _("开会"),
    "inspection": _("检查"),
    "contest": _("创建评比"),
    "signboard": _("挂牌"),
    "system": _("用系统"),
    "post": _("派驻人员"),
    "body": _("设机构"),
    "seal": _("开证明"),
}
DEMANDED = ("table", "task", "ledger", "inspection", "contest", "meeting", "signboard")


def today(act: Act) -> date:
    """The day of the act."""
    return timezone.localdate(act.at)


def items(act: Act, kinds: Iterable[str], lead: str = "") -> list[tuple[str, str]]:
    """Items under which one of the kinds may come down, for a list to choose from."""
    found = lists.of_kinds(today(act), kinds, lead, lists.here(act))
    return [("", "—"), *((v.item.code, f"{v.item.code} {said(v.title)}") for v in found)]


def kinds(codes: Iterable[str]) -> list[tuple[str, Any]]:
    """Kinds of demands to choose from."""
    return [(code, KINDS[code]) for code in codes]


def streets(act: Act) -> list[tuple[int, str]]:
    """The streets of the actor; of the whole city for a department."""
    every = places.at_level(Level.STREET)
    seen = [area for area in every if act.sees(area.pk)] if act.spans else every
    return [(area.pk, area.name) for area in seen]


def communities(act: Act, *, everywhere: bool = False) -> list[tuple[int, str]]:
    """The communities of the actor; all of them for a department that may choose any."""
    every = places.at_level(Level.COMMUNITY)
    seen = [a for a in every if act.sees(a.pk)] if act.spans or not everywhere else every
    return [(area.pk, places.near_name(area)) for area in seen[:3000]]


def chosen(streets_: Collection[int], only: Collection[str]) -> tuple[int, ...]:
    """The communities of some streets, or only those of them that are named."""
    if not streets_ and not only:
        raise Refusal(_("请选街道，或者写明社区。"), field="streets", code="required")
    found = [a for street in streets_ for a in places.descendants(street, Level.COMMUNITY)]
    if not only:
        return tuple(area.pk for area in found)
    if not found:
        found = places.at_level(Level.COMMUNITY)
    kept = [a for a in found if any(_called(a, name) for name in only)]
    missing = [name for name in only if not any(_called(a, name) for a in kept)]
    if missing:
        raise Refusal(
            _("找不到社区：%(names)s。") % {"names": " ".join(missing)}, field="only", code="area"
        )
    return tuple(area.pk for area in kept)


def _called(area: Area, name: str) -> bool:
    """Whether a name as people say it means a community: its code, or the beginning of its name."""
    return name == area.code or area.name.startswith(name)


def application(item: str, title: str, fields_: Iterable[str]) -> str:
    """The page where an item is applied for, filled with what was asked for in vain."""
    asked = {"item": item, "title": title, "fields": ",".join(fields_)}
    kept = urlencode({name: value for name, value in asked.items() if value})
    return f"{reverse('admission:application_new')}?{kept}"


def unit_name(key: int) -> str:
    """A unit by its key, as people call it."""
    found = offices.unit(key)
    return said(found.name) if found else str(key)


def area_name(key: int) -> str:
    """An area by its key, as people call it."""
    found = places.tree().by_id.get(key)
    return found.name if found else ""


def streets_of(communities_: Iterable[int]) -> tuple[int, ...]:
    """The streets that some communities lie in."""
    found = (places.street_of(area) for area in communities_)
    return tuple(sorted({street for street in found if street is not None}))
