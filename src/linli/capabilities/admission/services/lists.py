"""The lists change by versions only: seeded from the pack, admitted, suspended, resumed, revoked, expired."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from linli.capabilities.admission.models import Item, ItemVersion
from linli.capabilities.admission.policy import ItemEntry
from linli.capabilities.admission.selectors.lists import section
from linli.capabilities.admission.services.rows import locked, said, today
from linli.kernel.acts import Act, Refusal, action, note
from linli.kernel.places import selectors as places
from linli.kernel.places.models import Area


@action("admission.seed", title=_("建立准入目录"))
def seed(act: Act, *, area: Area | None = None) -> int:
    """Write the pack's items that are not there yet, for the place that the pack is for; returns how many.

    Items that exist keep what the procedure made of them.
    """
    place = area or _top()
    known = set(Item.objects.filter(area=place).values_list("code", flat=True))
    entries = [entry for entry in section().items if entry.code not in known]
    rows = Item.objects.bulk_create(
        Item(code=e.code, catalogue=e.catalogue, area=place, changed=act.at) for e in entries
    )
    ItemVersion.objects.bulk_create(
        ItemVersion(item=row, number=1, made=act.at, **_content(entry))
        for row, entry in zip(rows, entries, strict=True)
    )
    note(items=len(rows))
    return len(rows)


def _top() -> Area:
    found = places.children(None)
    if not found:
        raise Refusal(_("还没有区域，请先载入行政区划。"), code="places")
    return found[0]


def _content(entry: ItemEntry) -> dict[str, Any]:
    """An entry of the pack as the columns of a version."""
    plain = ("title", "owner", "lead", "basis", "frequency", "yearly", "funding", "hours")
    values = {name: getattr(entry, name) for name in plain}
    return values | {
        "fields": list(entry.fields),
        "affair": str(entry.affair),
        "inside": entry.inside,
        "form": entry.form,
        "document": " · ".join(
            filter(None, (str.__str__(entry.source.document), str.__str__(entry.source.clause)))
        )[:200],
        "status": str(entry.status),
        "start": entry.in_force.start,
        "end": entry.in_force.end,
    }


def add_version(act: Act, item: Item, content: dict[str, Any], **more: Any) -> ItemVersion:
    """One more version of an item that the caller holds; numbered after the last."""
    last = item.versions.order_by("-number").first()
    made = ItemVersion.objects.create(
        item=item,
        number=(last.number if last else 0) + 1,
        made=act.at,
        **{**content, **more},
    )
    item.version = made.number
    item.changed = act.at
    item.save(update_fields=["version", "changed"])
    return made


@action("admission.suspend", title=_("暂停事项"))
def suspend(act: Act, item: Item, *, reason: str, minute: str) -> Item:
    """Stop an item for the time being, by a decision with its minute number."""
    return _turn(act, item, Item.State.SUSPENDED, {Item.State.OPEN}, reason, minute)


@action("admission.resume", title=_("恢复事项"))
def resume(act: Act, item: Item, *, reason: str, minute: str) -> Item:
    """Let a suspended item be used again."""
    return _turn(act, item, Item.State.OPEN, {Item.State.SUSPENDED}, reason, minute)


@action("admission.revoke", title=_("撤销事项"))
def revoke(act: Act, item: Item, *, reason: str, minute: str) -> Item:
    """Take an item off the lists for good; another one needs a new application."""
    allowed = {Item.State.OPEN, Item.State.SUSPENDED}
    return _turn(act, item, Item.State.REVOKED, allowed, reason, minute)


def _turn(
    act: Act, item: Item, to: Item.State, allowed: set[Item.State], reason: str, minute: str
) -> Item:
    row = locked(Item, item.pk)
    if row.state not in allowed:
        raise Refusal(
            _("事项现在是“%(state)s”，不能这样办。") % {"state": Item.State(row.state).label},
            code="state",
        )
    note(was=row.state, state=str(to))
    row.reason = said(reason, "reason", 300, _("理由"))
    row.minute = said(minute, "minute", 60, _("会议纪要编号"))
    row.state, row.changed = to, act.at
    row.save(update_fields=["state", "reason", "minute", "changed"])
    return row


@action("admission.expire", title=_("事项到期"))
def expire(act: Act) -> int:
    """End the items whose last version ended before today; returns how many."""
    day = today(act)
    ended = [
        item
        for item in Item.objects.select_for_update().filter(state=Item.State.OPEN)
        if (last := item.versions.order_by("-number").first()) and last.end and last.end < day
    ]
    for item in ended:
        item.state, item.changed = Item.State.EXPIRED, act.at
        item.save(update_fields=["state", "changed"])
    note(items=[item.pk for item in ended])
    return len(ended)
