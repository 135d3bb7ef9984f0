"""What is set up in communities: signboards, bodies, posts, systems (R077, R078)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linli.capabilities.admission.models import Item, Placement
from linli.capabilities.admission.rules import Stopped
from linli.capabilities.admission.selectors import gate as reads
from linli.capabilities.admission.selectors.lists import section
from linli.capabilities.admission.services.gate import Turned
from linli.capabilities.admission.services.rows import (
    community,
    locked,
    picture,
    said,
    today,
    waiting,
)
from linli.kernel.access import offices
from linli.kernel.acts import Act, Refusal, action, note
from linli.kernel.calendar import SHANGHAI, due_at
from linli.kernel.calendar.selectors import calendar, office
from linli.kernel.files.services import keep
from linli.kernel.tasks import services as tasks

CLEAR = "admission.clear"
CLEARED_WITHIN = timedelta(days=366)


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
    item = item_for(act, standing.item, standing.kind, area.pk)
    if item is None and not standing.found:
        words = _("请选准入事项；没有准入、已经挂着（设着）的，勾上“已经挂着”再登记。")
        raise Refusal(words, field="item", code="unknown_item")
    if standing.since is not None and standing.since > today(act):
        raise Refusal(_("日期还没有到，挂上、设上以后再登记。"), field="since", code="future")
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
        keep(act, picture(photo, "photo"), owner=row, purpose="placement")
    note(kind=standing.kind, approved=item is not None)
    return row


def _room_for(standing: Standing, area: int) -> None:
    limit = section().signboards
    if standing.inside is None:
        raise Refusal(_("请选内部还是外部。"), field="inside", code="required")
    most = limit.inside if standing.inside else limit.outside
    waiting(f"signboards:{area}")
    hanging = Placement.objects.filter(
        area=area, kind=Placement.Kind.SIGNBOARD, inside=standing.inside, until__isnull=True
    ).exclude(item=None)
    if not standing.found and hanging.count() >= most:
        raise Turned(section(), Stopped("signboards"))


def item_for(act: Act, code: str, kind: str, at: int) -> Item | None:
    """The item in force that something rests on; None without a code, the gate's no where it does not fit."""
    if not code:
        return None
    found = reads.held(code, today(act), at)
    if found is None:
        raise Turned(section(), Stopped("unknown_item"))
    held, row, _version = found
    if not held.in_force:
        raise Turned(section(), Stopped("not_in_force"))
    if kind not in held.kinds:
        raise Turned(section(), Stopped("wrong_kind"))
    return row


def clearing_day(act: Act) -> date | None:
    """The day by which the pack wants something taken down that is put on the plan now."""
    due = due_at(act.at, section().clearing.term, calendar(), office(), SHANGHAI)
    return timezone.localdate(due) if due else None


@action("admission.plan_clearing", title=_("列入清理"), codes=())
def plan_clearing(act: Act, placement: Placement, *, by: date) -> Placement:
    """Put something that stands without admission on the plan: taken down by a day, which its community is told."""
    row = locked(Placement, placement.pk)
    if row.until is not None:
        raise Refusal(_("已经登记摘除或者撤出。"), code="state")
    if row.item_id is not None:
        raise Refusal(_("这一处是准入的，不用清理。"), code="admitted")
    if not today(act) <= by <= today(act) + CLEARED_WITHIN:
        raise Refusal(_("期限要在今天以后、一年以内。"), field="by", code="order")
    row.clear_by = by
    row.save(update_fields=["clear_by"])
    unit = offices.unit_over(row.area_id, offices.COMMITTEE)
    due = datetime.combine(by, office().closes, SHANGHAI)
    if tasks.reschedule(act, row, due) == 0:
        key = unit.pk if unit else None
        tasks.add(act, row, kind=CLEAR, title=row.title, area=row.area_id, unit=key, due=due)
    note(by=by)
    return row


def bare_wall_shown(row: Placement) -> bool:
    """Whether its end needs a picture: a signboard on the plan, of the bare wall."""
    return row.clear_by is not None and row.kind == Placement.Kind.SIGNBOARD


@action("admission.unplace", title=_("摘除或撤出"), keep=("why",))
def unplace(
    act: Act,
    placement: Placement,
    *,
    on: date | None,
    why: str,
    photo: UploadedFile[Any] | None = None,
) -> Placement:
    """Say on which day it was taken down or left; a signboard on the plan with a picture of the bare wall."""
    row = locked(Placement, placement.pk)
    day = on or today(act)
    if row.until is not None:
        raise Refusal(_("已经登记摘除或者撤出。"), code="state")
    if not row.since <= day <= today(act):
        raise Refusal(_("日期要在设立以后、今天以前。"), field="on", code="order")
    if photo is None and bare_wall_shown(row):
        raise Refusal(_("列入清理的牌子要拍下摘除以后的照片。"), field="photo", code="required")
    row.until, row.why = day, said(why, "why", 200, _("说明"))
    row.save(update_fields=["until", "why"])
    if photo is not None:
        keep(act, picture(photo, "photo"), owner=row, purpose="removed")
    tasks.finish(act, row)
    return row
