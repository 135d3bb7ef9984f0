"""What was done, by whom, in the areas in sight; and whether the chain over it holds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.apps import apps
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from linli.kernel.access.models import Account
from linli.kernel.access.selectors import subjects, wording
from linli.kernel.acts import Act, verbs
from linli.kernel.acts.conveyor import broken_links, fits
from linli.kernel.acts.models import Fact, Seal, Words
from linli.kernel.acts.record import words_digest
from linli.kernel.places import selectors as places
from linli.ui.manifest import Room

PAGE = 50
CHECKED_MOST = 5000


@dataclass(frozen=True, slots=True)
class FactWanted:
    """Which facts: verb (or one of several), actor, day, kind of subject (a model, or a room for all of its own), its number, older than a key."""

    verb: str = ""
    verbs: tuple[str, ...] = ()
    actor: int | None = None
    day: date | None = None
    kind: str = ""
    subject: str = ""
    before: int | None = None


@dataclass(frozen=True, slots=True)
class FactLine:
    """A fact in words."""

    fact: Fact
    title: str
    actor: str
    place: str
    kind: str
    about: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class FactPage:
    """One page of facts, newest first."""

    rows: list[FactLine]
    next: int | None


@dataclass(frozen=True, slots=True)
class ChainState:
    """How far the chain reaches and how many facts in sight still wait for their seal."""

    seq: int
    sealed: datetime | None
    waiting: int


@dataclass(frozen=True, slots=True)
class Opened:
    """A fact with everything kept of it."""

    line: FactLine
    data: list[tuple[str, str]]
    words: list[tuple[str, str]]
    channel: str
    seal: Seal | None
    link_holds: bool
    words_hold: bool

    @property
    def hash(self) -> str:
        """The seal's hash as people compare it."""
        return bytes(self.seal.hash).hex() if self.seal else ""


def known_verbs() -> list[tuple[str, str]]:
    """Every verb that leaves facts, by title."""
    found = [
        (v.code, f"{v.title}{_t('（')}{v.code}{_t('）')}") for v in verbs().values() if v.writes
    ]
    return sorted(found, key=lambda pair: pair[0])


def known_kinds(asked: str = "") -> list[tuple[str, str]]:
    """What facts are about, in words: the kernel's kinds, the rooms, and the one kind of a room that was asked for."""
    rooms = {f"{name}.": room for name, room in apps.app_configs.items() if isinstance(room, Room)}
    taken = {kind.partition(".")[0] for kind in subjects.KINDS}
    found = [(kind, str(title)) for kind, title in subjects.KINDS.items()]
    found += [
        (dotted[:-1], str(room.verbose_name))
        for dotted, room in rooms.items()
        if dotted[:-1] not in taken
    ]
    app, _dot, name = asked.partition(".")
    if asked not in subjects.KINDS and name in apps.all_models.get(app, {}):
        found.append((asked, subjects.kind_title(asked)))
    return found


def _in_sight(act: Act) -> QuerySet[Fact]:
    sight = Q(pk__in=[])
    for span in act.spans:
        sight |= Q(area__gte=span.lo, area__lt=span.hi)
    return Fact.objects.filter(sight)


def _narrowed(rows: QuerySet[Fact], wanted: FactWanted) -> QuerySet[Fact]:
    if wanted.verb:
        rows = rows.filter(verb=wanted.verb)
    if wanted.verbs:
        rows = rows.filter(verb__in=wanted.verbs)
    if wanted.actor is not None:
        rows = rows.filter(actor=wanted.actor)
    if wanted.day:
        start = timezone.make_aware(datetime.combine(wanted.day, time.min))
        rows = rows.filter(at__gte=start, at__lt=start + timedelta(days=1))
    if wanted.kind:
        room = "" if "." in wanted.kind else "__startswith"
        rows = rows.filter(**{f"subject_type{room}": wanted.kind + ("." if room else "")})
    if wanted.subject:
        rows = rows.filter(_numbered(wanted.subject))
    return rows.filter(pk__lt=wanted.before) if wanted.before else rows


def _numbered(text: str) -> Q:
    """The subject of a number: the row's own, or the one that people read and say."""
    if text.isdecimal():
        return Q(subject_id=int(text))
    found = Q(pk__in=[])
    for model in apps.get_models():
        key_of = getattr(model, "key_of_number", None)
        key = key_of(text) if key_of else None
        if key is not None:
            found |= Q(subject_type=model._meta.label_lower, subject_id=key)
    return found


def taking_out() -> tuple[str, ...]:
    """Every verb by which rows leave the house."""
    return tuple(sorted(v for v in verbs() if v.rpartition(".")[2] == "export"))


def facts(act: Act, wanted: FactWanted, *, size: int = PAGE) -> FactPage:
    """A page of the facts in the actor's areas, each with the reason that was given."""
    found = list(_narrowed(_in_sight(act), wanted).order_by("-pk")[: size + 1])
    shown = found[:size]
    return FactPage(_lines(shown), shown[-1].pk if len(found) > size else None)


def _lines(rows: Iterable[Fact]) -> list[FactLine]:
    rows = list(rows)
    names = dict(Account.objects.filter(pk__in={f.actor for f in rows}).values_list("pk", "name"))
    known = verbs()
    about = _about(rows)
    said = Words.objects.filter(fact_id__in=[f.pk for f in rows], name="reason")
    reasons = dict(said.values_list("fact_id", "body"))
    return [
        FactLine(
            fact=fact,
            title=str(known[fact.verb].title) if fact.verb in known else fact.verb,
            actor=names.get(fact.actor, "") or str(_("访客")),
            place=places.near_name(fact.area),
            kind=fact.subject_type if fact.subject_id else "",
            about=about.get((fact.subject_type, fact.subject_id), ""),
            reason=reasons.get(fact.pk, ""),
        )
        for fact in rows
    ]


def _about(rows: list[Fact]) -> dict[tuple[str, int], str]:
    """What each fact is about, as people call it: its kind, and its number or name (a statement for each kind)."""
    wanted: dict[str, set[int]] = {}
    for fact in rows:
        if fact.subject_id:
            wanted.setdefault(fact.subject_type, set()).add(fact.subject_id)
    found: dict[tuple[str, int], str] = {}
    for kind, keys in wanted.items():
        title, called = subjects.kind_title(kind), subjects.called(kind, keys)
        found |= {(kind, key): f"{title} {called.get(key, key)}" for key in keys}
    return found


def chain_state(act: Act) -> ChainState:
    """The head of the chain, and how many facts in sight came after it (two statements)."""
    last = Seal.objects.order_by("-seq").first()
    after = _in_sight(act).filter(pk__gt=last.fact_id if last else 0)
    return ChainState(last.seq if last else 0, last.sealed if last else None, after.count())


@dataclass(frozen=True, slots=True)
class ChainChecked:
    """The newest links counted anew: from which to which, and every one that does not hold."""

    first: int
    last: int
    broken: list[str]


def chain_checked(most: int = CHECKED_MOST) -> ChainChecked:
    """Count the newest links of the chain anew; the whole chain is walked by the command line."""
    newest = Seal.objects.order_by("-seq").first()
    last = newest.seq if newest else 0
    after = max(0, last - most)
    return ChainChecked(after + 1 if last else 0, last, list(broken_links(after)))


def fact_opened(act: Act, pk: int) -> Opened | None:
    """One fact in sight with its data, its words and its link in the chain."""
    fact = _in_sight(act).filter(pk=pk).first()
    if fact is None:
        return None
    kept = list(Words.objects.filter(fact_id=fact.pk).order_by("name"))
    seal = Seal.objects.select_related("fact").filter(fact_id=fact.pk).first()
    salted = [(w.name, w.body, bytes(w.salt)) for w in kept]
    return Opened(
        line=_lines([fact])[0],
        data=wording.data(fact),
        words=[(wording.named(fact, word.name), word.body) for word in kept],
        channel=wording.channel(fact.channel),
        seal=seal,
        link_holds=seal is not None and fits(seal),
        words_hold=not kept or words_digest(salted) == bytes(fact.digest or b""),
    )
