"""Reads of the desk: colleagues, what residents said last, what is known of an applicant, what stands beside a matter."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Avg, Count, F, Q
from django.utils import timezone

from linli.capabilities.matters.models import Extension, Matter, Message
from linli.capabilities.matters.rules import term_of
from linli.capabilities.matters.selectors.filters import Filters, narrowed
from linli.capabilities.matters.selectors.lists import Row, listed_rows
from linli.capabilities.matters.selectors.names import names
from linli.capabilities.matters.selectors.sight import in_sight, touching
from linli.capabilities.registry.selectors import window
from linli.capabilities.registry.selectors.window import READ as REGISTRY
from linli.capabilities.registry.selectors.window import Resident
from linli.kernel.access import offices
from linli.kernel.access.models import Account, Appointment
from linli.kernel.acts import Act
from linli.kernel.acts.models import Fact
from linli.kernel.calendar.labels import term_words
from linli.kernel.vault.fields import matching

_MOST_KNOWN = 20


def opened(act: Act, key: int) -> Matter | None:
    """The matter of a row's key, if the actor may open it."""
    return touching(act).filter(pk=key).first()


def many(act: Act, keys: Iterable[int]) -> list[Matter]:
    """Matters of some keys that the actor may open, in order of key."""
    return list(touching(act).filter(pk__in=list(keys)).order_by("id"))


def colleagues(unit: int | None, day: date | None = None) -> list[tuple[int, str]]:
    """The people of a unit today: account and name with post."""
    if unit is None:
        return []
    today = day or timezone.localdate()
    held = Appointment.objects.filter(unit=unit, since__lte=today, account__active=True)
    held = held.filter(Q(until__isnull=True) | Q(until__gte=today))
    rows = held.order_by("account__name").values_list("account_id", "account__name")
    return list(dict.fromkeys(rows))


@dataclass(frozen=True, slots=True)
class Doing:
    """Who took a step last, which and when."""

    who: str
    unit: str
    verb: str
    at: datetime


def last_doing(matter: Matter) -> Doing | None:
    """The latest step of a matter, to tell whoever came second."""
    fact = (
        Fact.objects.filter(subject_type="matters.matter", subject_id=matter.pk)
        .exclude(verb__in=("vault.reveal", "matters.message"))
        .order_by("-id")
        .first()
    )
    if fact is None:
        return None
    account = Account.objects.filter(pk=fact.actor).first()
    unit = offices.unit(fact.unit)
    return Doing(account.name if account else "", unit.name if unit else "", fact.verb, fact.at)


def latest_words(act: Act, most: int = 6) -> list[Message]:
    """What residents said last about open matters in sight (urges carry their words here too)."""
    rows = Message.objects.filter(
        side=Message.Side.RESIDENT, matter__in=in_sight(act).filter(closed__isnull=True)
    )
    return list(rows.select_related("matter").order_by("-id")[:most])


def most_urged(act: Act, most: int = 6) -> list[Row]:
    """Open matters in sight that residents urged, most first."""
    rows = in_sight(act).filter(closed__isnull=True, urged__gt=0).order_by("-urged", "-id")
    return listed_rows(rows, act.at, most)


def offered(act: Act, most: int = 10) -> list[Row]:
    """What waits for the actor's unit to take it over."""
    if act.unit is None:
        return []
    return listed_rows(Matter.objects.filter(offered_unit=act.unit).order_by("id"), act.at, most)


def wishes(act: Act, most: int = 10) -> list[tuple[Row, Extension]]:
    """Open matters in sight with the wish for more time that waits for the actor's decision."""
    decides = names().policy.clock.extension.decided_by
    if not act.may("matters.decide_extension") or act.roles.isdisjoint(decides):
        return []
    rows = in_sight(act).filter(closed__isnull=True)
    asked = Extension.objects.filter(decided__isnull=True, matter__in=rows)
    found = {w.matter_id: w for w in asked.exclude(asked_by=act.actor).order_by("id")[:most]}
    if not found:
        return []
    listed = listed_rows(rows.filter(pk__in=found).order_by("next_due", "id"), act.at, most)
    return [(row, found[row.id]) for row in listed]


def beside(act: Act, matter: Matter, most: int = 8) -> list[Row]:
    """Other matters in sight of the same phone or ID number."""
    same = Q(pk__in=[])
    if matter.phone_index:
        same |= Q(phone_index=bytes(matter.phone_index))
    if matter.id_index:
        same |= Q(id_index=bytes(matter.id_index))
    rows = touching(act).filter(same).exclude(pk=matter.pk).order_by("-id")
    return listed_rows(rows, act.at, most)


@dataclass(slots=True)
class Known:
    """What earlier matters and the registry tell of the person at the window; protected values stay sealed."""

    source: Matter | None = None
    account: Account | None = None
    resident: Resident | None = None
    open_rows: list[Row] = field(default_factory=list)
    materials: dict[str, date] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The name as a colleague may see it before a reveal."""
        if self.source is not None and self.source.reporter_name is not None:
            return str(self.source.reporter_name)
        if self.account is not None:
            return self.account.name
        return self.resident.name if self.resident else ""

    @property
    def found(self) -> bool:
        """Whether anything is known."""
        return bool(self.source or self.account or self.resident)


def known_by(act: Act, *, phone: str = "", id_number: str = "") -> Known:
    """What is known of whoever holds a phone or ID number, from matters in sight and the registry (R102)."""
    same = Q(pk__in=[])
    if phone:
        same |= matching(Matter, "phone", phone)
    if id_number:
        same |= matching(Matter, "id_number", id_number)
    rows = list(touching(act).filter(same).order_by("-id")[:_MOST_KNOWN])
    account = None
    if phone:
        held = Account.objects.filter(matching(Account, "phone", phone), kind="resident")
        account = held.filter(active=True).first()
    known = _known(act, rows, account)
    if act.may(REGISTRY.code):
        known.resident = (
            window.by_document(act, id_number) if id_number else window.by_phone(act, phone)
        )
    return known


def known_resident(act: Act, key: int) -> Known:
    """What is known of somebody of the registry in sight; nobody for an actor who may not read it."""
    found = window.by_key(act, key) if act.may(REGISTRY.code) else None
    if found is None:
        return Known()
    number = found.document.open() if found.document else ""
    phone = found.phone.open() if found.phone and not number else ""
    known = known_by(act, id_number=number, phone=phone) if number or phone else Known()
    known.resident = found
    return known


def known_from(act: Act, matter: Matter) -> Known:
    """What is known of the person behind a matter in sight: the others of the same phone, ID number or account."""
    same = Q(pk=matter.pk)
    if matter.phone_index:
        same |= Q(phone_index=bytes(matter.phone_index))
    if matter.id_index:
        same |= Q(id_index=bytes(matter.id_index))
    if matter.reporter_id:
        same |= Q(reporter=matter.reporter_id)
    rows = list(touching(act).filter(same).order_by("-id")[:_MOST_KNOWN])
    return _known(act, rows, matter.reporter)


def _known(act: Act, rows: list[Matter], account: Account | None) -> Known:
    keys = [m.pk for m in rows if m.closed is None]
    shown = touching(act).filter(pk__in=keys).order_by("-id")
    reuse = timedelta(days=names().policy.papers.reuse_days)
    return Known(
        source=rows[0] if rows else None,
        account=account,
        open_rows=listed_rows(shown, act.at, _MOST_KNOWN) if keys else [],
        materials=_materials(rows, timezone.localdate(act.at) - reuse),
    )


def _materials(rows: list[Matter], since: date) -> dict[str, date]:
    """Papers given before: name → day, only those not older than `since`."""
    found: dict[str, date] = {}
    for matter in reversed(rows):
        for paper in matter.answers.get("materials", ()):
            given = date.fromisoformat(
                paper.get("on") or timezone.localdate(matter.opened).isoformat()
            )
            if paper.get("how") in ("given", "reused") and given >= since:
                found[paper["name"]] = max(given, found.get(paper["name"], given))
    return found


def namesakes(act: Act, name: str, most: int = 8) -> list[Account]:
    """Residents of that name whose home lies in the actor's areas."""
    homes = Q(pk__in=[])
    for span in act.spans:
        homes |= Q(home__gte=span.lo, home__lt=span.hi)
    found = Account.objects.filter(homes, kind="resident", active=True, name=name.strip())
    return list(found.select_related("home").order_by("id")[:most])


def known_account(act: Act, key: int) -> Known:
    """What is known of a resident whose home lies in the actor's areas."""
    account = Account.objects.filter(pk=key, kind="resident", active=True).first()
    if account is None or not (account.home_id and act.sees(account.home_id)):
        return Known()
    rows = list(touching(act).filter(reporter=key).order_by("-id")[:_MOST_KNOWN])
    return _known(act, rows, account)


@dataclass(frozen=True, slots=True)
class Promise:
    """One service item: what was promised and what was measured (R106)."""

    code: str
    title: str
    promised: str
    source: str
    handled: int
    days: float | None
    in_time: int
    query: str

    @property
    def share(self) -> float | None:
        """Handled in time, per cent."""
        return round(100 * self.in_time / self.handled, 1) if self.handled else None


def promises(act: Act, f: Filters) -> list[Promise]:
    """Promise against measure for every item and class judged within the days, most first."""
    rows = narrowed(act, in_sight(act), replace(f, on_time="any"))
    found = rows.values("code").annotate(
        finished=Count("id"),
        took=Avg(F("handled") - F("opened")),
        in_time=Count("id", filter=Q(on_time=True)),
    )
    return [_promise(f, dict(row)) for row in found.order_by("-finished", "code")]


def _promise(f: Filters, row: dict[str, Any]) -> Promise:
    policy = names().policy
    entry = policy.item(row["code"]) or policy.event_class(row["code"])
    source = f"{entry.source.document} {entry.source.clause or ''}".strip() if entry else ""
    return Promise(
        code=row["code"],
        title=entry.title if entry else row["code"],
        promised=term_words(term_of(entry)) if entry else "—",
        source=source,
        handled=row["finished"],
        days=round(row["took"].total_seconds() / 86400, 1) if row["took"] else None,
        in_time=row["in_time"],
        query=f.query(show="all", code=row["code"], on_time="any"),
    )
