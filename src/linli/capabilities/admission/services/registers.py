"""What is set up in communities and what they are called to: signboards, bodies, systems; meetings, inspections."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from linli.capabilities.admission.models import Item, Occasion, Placement
from linli.capabilities.admission.rules import Stopped
from linli.capabilities.admission.selectors import gate as reads
from linli.capabilities.admission.selectors.lists import section
from linli.capabilities.admission.services.gate import Turned
from linli.capabilities.admission.services.rows import community, locked, said, today, unit_of
from linli.kernel.acts import Act, Refusal, Span, action, crossing, note
from linli.kernel.files.services import check, keep
from linli.kernel.places import selectors as places

OFFICE = frozenset({"committee", "street_office"})


@dataclass(frozen=True, slots=True)
class Standing:
    """What is set up where: kind, title, the item it rests on, inside or outside, the basis."""

    area: int
    kind: str
    title: str
    item: str = ""
    inside: bool | None = None
    basis: str = ""
    since: date | None = None
    found: bool = False


@action("admission.place", title=_("登记挂牌和机构"), codes=())
def place(act: Act, *, standing: Standing, photo: UploadedFile[Any] | None = None) -> Placement:
    """Register what is set up in a community. Only what was admitted may be set up; what is merely found is flagged.

    `found`: it stands there already, unapproved, and is to be cleared (R077, R078).
    """
    area = community(act, standing.area)
    item = _item(act, standing.item, standing.kind)
    if item is None and not standing.found:
        raise Turned(section(), Stopped("unknown_item"))
    if standing.kind == Placement.Kind.SIGNBOARD:
        _room_for(standing, area.pk)
    row = Placement.objects.create(
        area=area,
        kind=standing.kind,
        title=said(standing.title, "title", 80, _("名称")),
        item=item,
        unit_id=act.unit,
        inside=standing.inside,
        basis=standing.basis.strip()[:200],
        since=standing.since or today(act),
    )
    if photo is not None:
        keep(act, check(photo, "photo"), owner=row, purpose="placement")
    note(kind=standing.kind, approved=item is not None)
    return row


def _room_for(standing: Standing, area: int) -> None:
    limit = section().signboards
    if standing.inside is None:
        raise Refusal(_("请选内部还是外部。"), field="inside", code="required")
    most = limit.inside if standing.inside else limit.outside
    hanging = Placement.objects.filter(
        area=area, kind=Placement.Kind.SIGNBOARD, inside=standing.inside, until__isnull=True
    ).exclude(item=None)
    if not standing.found and hanging.count() >= most:
        raise Turned(section(), Stopped("signboards"))


def _item(act: Act, code: str, kind: str) -> Item | None:
    if not code:
        return None
    found = reads.held(code, today(act))
    if found is None:
        raise Turned(section(), Stopped("unknown_item"))
    held, row, _version = found
    if not held.in_force:
        raise Turned(section(), Stopped("not_in_force"))
    if kind not in held.kinds:
        raise Turned(section(), Stopped("wrong_kind"))
    return row


@action("admission.unplace", title=_("摘除或撤出"), keep=("why",))
def unplace(act: Act, placement: Placement, *, on: date | None, why: str) -> Placement:
    """Say on which day it was taken down or left."""
    row = locked(Placement, placement.pk)
    day = on or today(act)
    if row.until is not None:
        raise Refusal(_("已经登记摘除或者撤出。"), code="state")
    if not row.since <= day <= today(act):
        raise Refusal(_("日期要在设立以后、今天以前。"), field="on", code="order")
    row.until, row.why = day, said(why, "why", 200, _("说明"))
    row.save(update_fields=["until", "why"])
    return row


@dataclass(frozen=True, slots=True)
class Calling:
    """A meeting, an inspection or a contest: of which communities, when, how long, how many people each."""

    kind: str
    title: str
    item: str
    communities: tuple[int, ...]
    day: date
    hours: Decimal
    people: int = 1


@action("admission.schedule", title=_("安排会议和检查"), codes=())
def schedule(act: Act, *, calling: Calling) -> list[Occasion]:
    """Put it into the communities' calendar, under an admitted item only; a department may not reach past its streets.

    A department's own occasions go through the gate first; here it schedules within its item, the street within its area.
    """
    unit = unit_of(act)
    item = _item(act, calling.item, calling.kind)
    if item is None:
        raise Turned(section(), Stopped("unknown_item"))
    held = reads.held(calling.item, today(act))
    lead = held[0].lead if held else ""
    if unit.kind not in OFFICE and lead and lead != unit.code:
        raise Turned(section(), Stopped("not_lead", lead))
    if calling.day < today(act):
        raise Refusal(_("日期已经过了。"), field="day", code="past")
    if not 0 < calling.hours <= 100 or not 0 < calling.people <= 500:
        raise Refusal(_("请填合理的时长和人数。"), field="hours", code="number")
    title = said(calling.title, "title", 120, _("名称"))
    made = []
    for key in dict.fromkeys(calling.communities):
        area = places.tree().by_id.get(key)
        if area is None or (unit.kind in OFFICE and not act.sees(key)):
            raise Refusal(_("所选的有的不在您的范围内。"), field="communities", code="area")
        with crossing(Span(key, key + 1)):
            made.append(
                Occasion.objects.create(
                    area=area,
                    unit=unit,
                    item=item,
                    kind=calling.kind,
                    title=title,
                    day=calling.day,
                    hours=calling.hours,
                    people=calling.people,
                )
            )
    note(occasions=[row.pk for row in made], kind=calling.kind)
    return made


@action("admission.merge", title=_("合并会议和检查"), codes=())
def merge(act: Act, *, first: int, second: int) -> Occasion:
    """Hold two occasions of one community together: the second goes into the first and takes no more hours."""
    keys = sorted({first, second})
    rows = {r.pk: r for r in Occasion.objects.select_for_update().filter(pk__in=keys)}
    if len(rows) < 2:
        raise Refusal(_("没有这一条，或者不在您的范围内。"), code="gone")
    into, gone = rows[first], rows[second]
    if into.area_id != gone.area_id or not act.sees(into.area_id):
        raise Refusal(_("只能合并同一个社区的会议和检查。"), code="area")
    if {into.state, gone.state} != {Occasion.State.PLANNED}:
        raise Refusal(_("只能合并还没有进行的。"), code="state")
    gone.state, gone.into = Occasion.State.MERGED, into
    gone.save(update_fields=["state", "into"])
    into.hours = max(into.hours, gone.hours)
    into.save(update_fields=["hours"])
    note(into=into.pk, gone=gone.pk)
    return into


@action("admission.held", title=_("登记已进行"), keep=("outcome",))
def held_(
    act: Act, occasion: Occasion, *, outcome: str = "", hours: Decimal | None = None
) -> Occasion:
    """Say that it took place, and how long it really took."""
    row = locked(Occasion, occasion.pk)
    if row.state != Occasion.State.PLANNED:
        raise Refusal(_("这一条已经登记过。"), code="state")
    if row.day > today(act):
        raise Refusal(_("日期还没有到。"), code="future")
    if hours is not None and not 0 < hours <= 100:
        raise Refusal(_("请填合理的时长和人数。"), field="hours", code="number")
    row.state, row.outcome = Occasion.State.HELD, outcome.strip()[:300]
    row.hours = row.hours if hours is None else hours
    row.save(update_fields=["state", "outcome", "hours"])
    return row
