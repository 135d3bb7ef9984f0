"""What is entered in ledgers: written, corrected, struck out and taken back. Nothing that was written is lost."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linli.capabilities.tables.models import Entry, EntryEdition
from linli.capabilities.tables.policy import EntryKind, LedgersPolicy
from linli.capabilities.tables.services import tallies
from linli.capabilities.tables.services.rows import held
from linli.kernel.access.once import digest, once
from linli.kernel.acts import Act, Refusal, action, note
from linli.kernel.dictionary import selectors
from linli.kernel.dictionary.rules import Unreadable, read
from linli.kernel.dictionary.shapes import Element, Kind
from linli.kernel.files import services as files
from linli.kernel.files.examine import Clean
from linli.kernel.places import finding, locating
from linli.kernel.places import selectors as places
from linli.kernel.places.models import Area
from linli.kernel.places.rules import Level
from linli.kernel.policy import current

PEOPLE_MOST, REASON_MOST = 60, 200
What = EntryEdition.What
People = Sequence[str]
Point = tuple[float, float]
POINT = "at"  # under which name an entry keeps where it stands; no element is called so
GONE = _("没有这条记录，或不在您的辖区。")


@action("tables.enter", title=_("登记台账记录"), codes=("kind",))
def enter(
    act: Act,
    *,
    kind: str,
    area: Area,
    day: date,
    values: Mapping[str, str | People],
    at: Point | None = None,
    photos: Sequence[Clean] = (),
) -> Entry:
    """Enter what happened in a ledger, once; every ledger to which it belongs shows it.

    `values` by element: texts, codes, ISO days; of people a list of keys of the registry and names of others. What
    cannot be read: Refusal at the element. `at` is where it stands on the map (WGS-84); without it the building that its
    address names says so. The fact says the kind and which elements, no value.
    """
    declared = _kind(kind)
    if not act.sees(area.pk):
        raise Refusal(_("这个区域不在您的辖区。"), field="area", code="area")
    body = _body(declared, values, _day(act, day))
    _stand(act, declared, body, at)
    row = Entry.objects.create(
        area=area, kind=kind, day=day, body=body, maker_id=act.actor, made=act.at, changed=act.at
    )
    _keep(act, row, What.ENTER, photos)
    note(elements=_elements(body), photos=len(photos))
    return row


def entered(
    act: Act,
    *,
    token: UUID | None,
    kind: str,
    area: int,
    day: date,
    values: Mapping[str, str | People],
    at: Point | None = None,
    photos: Sequence[UploadedFile[Any]] = (),
) -> int:
    """Enter once, however often the same request is sent; returns the entry's key."""
    place = places.tree().by_id.get(area)
    if place is None or not act.sees(area):
        raise Refusal(_("这个区域不在您的辖区。"), field="area", code="area")

    def work() -> tuple[int, dict[str, Any]]:
        cleans = [files.check(each, "photos") for each in photos]
        row = enter(act, kind=kind, area=place, day=day, values=values, at=at, photos=cleans)
        return 200, {"entry": row.pk}

    return int(once(act, token, digest("tables.enter", kind, area), work)[1]["entry"])


@action("tables.correct_entry", title=_("更正台账记录"), keep=("reason",))
def correct(
    act: Act,
    *,
    entry: int,
    was: int,
    day: date,
    values: Mapping[str, str | People],
    reason: str,
    at: Point | None = None,
    photos: Sequence[UploadedFile[Any]] = (),
) -> Entry:
    """Write an entry's next edition, with the reason; the former one stays. Refused where somebody changed it meanwhile."""
    row = _held(entry, was)
    if row.struck:
        raise Refusal(_("这条记录已经作废，请先恢复再更正。"), code="struck")
    kind = _kind(row.kind)
    body = _body(kind, values, _day(act, day))
    _stand(act, kind, body, at, row.body)
    if (row.day, row.body) == (day, body) and not photos:
        raise Refusal(_("没有改动任何一栏。"), code="same")
    changed = sorted(k for k in {*row.body, *body} if row.body.get(k) != body.get(k))
    row.day, row.body = day, body
    cleans = [files.check(each, "photos") for each in photos]
    _next(act, row, What.CORRECT, _why(reason), cleans)
    note(kind=row.kind, elements=_elements(changed), version=row.version)
    return row


@action("tables.strike_entry", title=_("作废台账记录"), keep=("reason",))
def strike(act: Act, *, entry: int, was: int, reason: str) -> Entry:
    """Take an entry out of every ledger; it stays to be read and can be taken back."""
    row = _held(entry, was)
    if row.struck:
        raise Refusal(_("这条记录已经作废了。"), code="struck")
    row.struck = True
    _next(act, row, What.STRIKE, _why(reason))
    note(kind=row.kind, version=row.version)
    return row


@action("tables.restore_entry", title=_("恢复台账记录"))
def restore(act: Act, *, entry: int, was: int) -> Entry:
    """Take a struck entry back into its ledgers."""
    row = _held(entry, was)
    if not row.struck:
        raise Refusal(_("这条记录没有作废，不用恢复。"), code="stands")
    row.struck = False
    _next(act, row, What.RESTORE)
    note(kind=row.kind, version=row.version)
    return row


def _held(entry: int, was: int) -> Entry:
    row = held(Entry.objects.filter(pk=entry), GONE)
    if row.version != was:
        raise Refusal(_("别人刚改过这条记录，请打开最新的再改。"), code="changed")
    return row


def _kind(code: str) -> EntryKind:
    found = current().section(LedgersPolicy).kinds.get(code)
    if found is None:
        raise Refusal(_("没有这一类台账记录。"), field="kind", code="kind")
    return found


def _day(act: Act, day: date) -> date:
    if day > timezone.localdate(act.at):
        raise Refusal(_("日期不能晚于今天。"), field="day", code="future")
    return day


def _why(reason: str) -> str:
    plain = reason.strip()
    if not 2 <= len(plain) <= REASON_MOST:
        raise Refusal(_("请写明为什么，2 到 200 个字。"), field="reason", code="reason")
    return plain


def _body(kind: EntryKind, values: Mapping[str, str | People], day: date) -> dict[str, Any]:
    """The values as kept; empty ones are left out. Refused where one is missing or cannot be read."""
    known, body = selectors.elements(), {}
    for field in kind.fields:
        element = known[field.element]
        given = values.get(field.element) or ""
        value = _people(element, given) if field.people else _value(element, str(given), day)
        if value not in ("", []):
            body[field.element.partition(".")[2]] = value
        elif field.required:
            message = _("请填写“%(title)s”。") % {"title": element.label}
            raise Refusal(message, field=field.element, code="required")
    return body


def _elements(body: Iterable[str]) -> list[str]:
    """The elements among what an entry keeps, for the fact."""
    return sorted(key for key in body if key != POINT)


def _stand(
    act: Act,
    kind: EntryKind,
    body: dict[str, Any],
    at: Point | None,
    was: Mapping[str, Any] | None = None,
) -> None:
    """Keep where an entry stands: as it was marked, else where the building stands that its address names.

    A point that was marked for another address is not taken over.
    """
    if kind.map is None:
        return
    place = kind.map.at.partition(".")[2]
    said = None if at is None else "{:.6f},{:.6f}".format(*_inside(at))
    moved = was is not None and was.get(place, "") != body.get(place, "")
    if said is not None and not (moved and was is not None and said == was.get(POINT)):
        body[POINT] = said
    elif (found := finding.standing(act, body.get(place, ""))) is not None:
        body[POINT] = f"{found[0]:.6f},{found[1]:.6f}"


def _inside(at: Point) -> Point:
    """A point in the city. Refused outside, where outlines are known."""
    city = (Level.CITY, Level.DISTRICT, Level.COMMUNITY)
    lon, lat = at
    there = abs(lon) <= 180 and abs(lat) <= 90
    known = any(locating.locators(level) for level in city)
    if not there or (
        known and not any(locating.locate(lon, lat, level=level).area for level in city)
    ):
        raise Refusal(
            _("这个位置不在本市范围内，请在地图上重新点选。"), field="lon", code="outside"
        )
    return at


def _people(element: Element, given: str | People) -> list[str]:
    people = [given] if isinstance(given, str) else list(given)
    found = list(dict.fromkeys(each.strip() for each in people if each.strip()))
    if len(found) > PEOPLE_MOST:
        message = _("最多写 %(n)s 个人。") % {"n": PEOPLE_MOST}
        raise Refusal(message, field=element.code, code="people")
    return found


def _value(element: Element, text: str, day: date) -> str:
    if element.kind in (Kind.TEXT, Kind.NAME, Kind.ADDRESS):
        return text.strip()
    value = read(element, text, selectors.table_of(element), today=day)
    if isinstance(value, Unreadable):
        message = _("“%(title)s”：%(why)s") % {"title": element.label, "why": value.reason}
        raise Refusal(message, field=element.code, code=value.code)
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return value.isoformat() if isinstance(value, date) else str(value)


def _next(act: Act, row: Entry, what: str, reason: str = "", photos: Sequence[Clean] = ()) -> None:
    row.version, row.changed = row.version + 1, act.at
    row.save(update_fields=["day", "body", "version", "changed", "struck"])
    _keep(act, row, what, photos, reason)


def _keep(act: Act, row: Entry, what: str, photos: Sequence[Clean], reason: str = "") -> None:
    EntryEdition.objects.create(
        entry=row,
        version=row.version,
        what=what,
        day=row.day,
        body=row.body,
        reason=reason,
        by_id=act.actor,
        at=act.at,
    )
    tallies.kept(row)
    for each in photos:
        files.keep(act, each, owner=row, purpose="entry", field="photos")
