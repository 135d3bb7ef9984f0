"""How long what has ended is kept, and what the next nights would erase: seen before it happens."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from linli.capabilities.registry.models import BatchRow, Consent, Mark, Objection
from linli.capabilities.registry.policy import Retention
from linli.capabilities.registry.rules.days import months_after
from linli.capabilities.registry.selectors import kinds
from linli.capabilities.registry.selectors.sight import within
from linli.kernel.acts import Act
from linli.kernel.acts.models import Fact
from linli.kernel.files.models import File

TAG, SENSITIVE, CONSENT, OBJECTION, ROW = (
    "tag",
    "sensitive_tag",
    "consent",
    "objection",
    "batch_row",
)
ERASED = (TAG, SENSITIVE, CONSENT, OBJECTION, ROW)
VERB = "registry.erase_ended"
AHEAD = timedelta(days=30)
COUNT_MOST, LISTED = 10_000, 200


@dataclass(frozen=True, slots=True)
class Period:
    """One period of the pack: what is due by now, what will be within thirty days, when the house last erased."""

    rule: Retention
    known: bool
    due: int
    soon: int
    last: datetime | None
    erased: int


@dataclass(frozen=True, slots=True)
class Due:
    """One record that ends: whose it is, what it is, when it ended and when it is erased."""

    what: str
    ended: date
    erased: date
    person: int | None = None
    name: str = ""
    batch: int | None = None


def limit(rule: Retention, day: date) -> date:
    """What ended before this day is kept no longer."""
    return months_after(day, -rule.months)


def _rows(act: Act, code: str, before: date) -> tuple[QuerySet[Any], str]:
    """What of one kind ended before a day, in sight; and the column that says when."""
    moment = timezone.make_aware(datetime(before.year, before.month, before.day))
    if code in (TAG, SENSITIVE):
        marks = Mark.objects.filter(within(act), until__lt=before, sensitive=code == SENSITIVE)
        return marks.select_related("person"), "until"
    if code == CONSENT:
        consents = Consent.objects.filter(within(act), withdrawn__lt=moment)
        return consents.select_related("person"), "withdrawn"
    if code == OBJECTION:
        told = ~Q(words="", answer="") | Q(wish__isnull=False)
        objections = Objection.objects.filter(told, within(act), decided__lt=moment)
        return objections.select_related("person"), "decided"
    here = within(act, "batch__area_id")
    rows = BatchRow.objects.filter(here, batch__finished__lt=moment, values__isnull=False)
    return rows.select_related("batch"), "batch__finished"


def ended(act: Act, code: str, before: date, *, most: int = COUNT_MOST) -> int:
    """How many of one kind ended before a day, counted up to `most`."""
    rows, _column = _rows(act, code, before)
    return rows.order_by()[:most].count()


def periods(act: Act, day: date) -> list[Period]:
    """Every period of the pack with what it means here today."""
    facts = Fact.objects.filter(verb=VERB).order_by("-id")
    last: dict[str, Fact] = {}
    for fact in facts[:100]:
        last.setdefault(fact.data.get("code", ""), fact)
    return [_period(act, rule, day, last.get(rule.code)) for rule in kinds.section().retention]


def _period(act: Act, rule: Retention, day: date, fact: Fact | None) -> Period:
    known = rule.code in ERASED
    due = ended(act, rule.code, limit(rule, day)) if known else 0
    soon = ended(act, rule.code, limit(rule, day + AHEAD)) if known else 0
    erased = int(fact.data.get("count", 0)) if fact else 0
    return Period(rule, known, due, soon, fact.at if fact else None, erased)


def due(act: Act, rule: Retention, day: date) -> list[Due]:
    """What of one kind is erased within thirty days, the first to go first."""
    rows, column = _rows(act, rule.code, limit(rule, day + AHEAD))
    return [_due(rule, row) for row in rows.order_by(column, "pk")[:LISTED]]


def _due(rule: Retention, row: Any) -> Due:
    if rule.code == ROW:
        on = timezone.localdate(row.batch.finished)
        gone = months_after(on, rule.months)
        return Due(f"{row.batch.name} · {row.line}", on, gone, batch=row.batch_id)
    ended_at = {TAG: "until", SENSITIVE: "until", CONSENT: "withdrawn", OBJECTION: "decided"}
    at = getattr(row, ended_at[rule.code])
    on = timezone.localdate(at) if isinstance(at, datetime) else at
    what = {CONSENT: "purpose", OBJECTION: "field"}.get(rule.code, "code")
    gone = months_after(on, rule.months)
    return Due(_said(rule.code, getattr(row, what)), on, gone, row.person_id, row.person.name)


def _said(kind: str, code: str) -> str:
    """What a tag or a purpose is called."""
    section = kinds.section()
    by_code: dict[str, Any] = {CONSENT: section.purpose_by_code, OBJECTION: {}}.get(
        kind, section.tag_by_code
    )
    return str(by_code[code].title) if code in by_code else code


def signatures(before: date) -> Sequence[File]:
    """The signatures under consents that were withdrawn before a day."""
    moment = timezone.make_aware(datetime(before.year, before.month, before.day))
    signed = Consent.objects.filter(withdrawn__lt=moment, signature__isnull=False)
    return list(File.objects.filter(pk__in=signed.values("signature")))
