"""Who holds which post, from a roster 花名册: the body by its name or by the post and the community, the person by number.

Taken row by row (`rowwise`). What is already known is filled where it was empty and never overwritten.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import polars as pl
from django.db.models import Q

from linli.capabilities.registry.models import Holding, Organisation, Person, Residence
from linli.capabilities.registry.policy import OrganisationPost
from linli.capabilities.registry.reading.elements import HOLDINGS
from linli.capabilities.registry.selectors import kinds
from linli.capabilities.registry.services import posts
from linli.capabilities.registry.services.imports import merging, rowwise, slicing
from linli.capabilities.registry.services.imports.rowwise import Row
from linli.kernel.acts import Refusal
from linli.kernel.dictionary import columns as reader
from linli.kernel.dictionary import selectors as dictionary
from linli.kernel.vault.fields import matching

COMMITTEES = ("residents_committee", "villagers_committee")
FILLED = ("term", "since", "sex", "political")
COMMUNITY = 2**28
JOINTS = "；;、，,/|\n兼"  # words: how rosters join several posts in one cell
REASONS = {"order": "holding.order", "held": "holding.held", "dead": "holding.dead"}


@dataclass(slots=True)
class Taking:
    """Row after row of one slice; bodies are looked up once for each community and name."""

    job: slicing.Job
    merged: merging.Merged
    read: rowwise.Read
    bodies: dict[tuple[int, str], list[Organisation]] = field(default_factory=dict)

    def one(self, row: Row) -> None:
        """Take one row: each post that it names."""
        codes, unknown = _posts(self.job, str(row["post"]))
        if unknown:
            (self.read.flaw if codes else self.read.refuse)(row, "holding.post:code")
        person = self._person(row) if codes else None
        for code in codes:
            if row["line"] not in self.read.refused:
                self._post(row, code, person)

    def _post(self, row: Row, code: str, person: Person | None) -> None:
        known = kinds.section().post_by_code[code]
        body, why = self._body(row, known)
        if body is None:
            self.read.refuse(row, f"holding.organisation:{why}")
            return
        name = person.name if person else str(row["name"])
        same = Q(person=person) if person else Q(person__isnull=True, name=name)
        same |= Q(person__isnull=True, name=name)
        held = Holding.objects.filter(same, organisation=body, post=code, until__isnull=True)
        if (found := held.order_by("pk").first()) is not None:
            self._known(row, found, person)
        else:
            self._new(row, body, known, person)

    def _new(
        self, row: Row, body: Organisation, post: OrganisationPost, person: Person | None
    ) -> None:
        told: dict[str, Any] = {
            name: row[name] for name in ("sex", "political") if row.get(name) is not None
        }
        try:
            posts.place(
                body,
                post.code,
                name=str(row["name"]),
                person=person,
                since=row.get("since"),
                until=row.get("until"),
                term=row.get("term"),
                part_time=bool(row.get("part_time")),
                delegate_of_id=self._sender(row),
                area_id=self._lies(row, body),
                more=_asked(row, post),
                sources={"*": self.job.batch},
                **told,
            )
        except Refusal as refusal:
            reason = REASONS.get(str(refusal.code), "holding.post")
            self.read.refuse(row, f"holding.post:{reason}")
            return
        self.merged.add("holdings", 1)

    def _known(self, row: Row, held: Holding, person: Person | None) -> None:
        """Fill what was empty; an end is taken; what differs is left to a person."""
        self.merged.add("holdings_met", 1)
        changes: dict[str, Any] = {}
        for name in FILLED:
            now, said = getattr(held, name), row.get(name)
            if said in (None, "") or said == now:
                continue
            if now not in (None, ""):
                self.read.flaw(row, f"holding.{name}:holding.differs")
                continue
            changes[name] = said
        if person is not None and held.person_id is None:
            changes["person"] = person
        if (until := row.get("until")) is not None:
            changes["until"] = until
        if changes:
            for name, value in changes.items():
                setattr(held, name, value)
            held.sources = {**held.sources, **dict.fromkeys(changes, self.job.batch)}
            held.save()
            self.merged.add("holdings_changed", 1)

    def _lies(self, row: Row, body: Organisation) -> int:
        """In a grid, where the row names one of the body's community; else where the body lies."""
        area = int(row["area"])
        return area if area // COMMUNITY == body.area_id // COMMUNITY else body.area_id

    def _body(self, row: Row, post: OrganisationPost) -> tuple[Organisation | None, str]:
        """The named body, if it has such a post; else the only one of the community that has."""
        name = row.get("organisation") or ""
        named = self._bodies(row, name) if name else []
        fits = [each for each in named if each.kind in post.kinds]
        if name and not named:
            return None, "holding.body"
        if not fits:
            at = named[0].area_id if named else int(row["area"])
            here = self._bodies({**row, "area": at}, "")
            fits = [each for each in here if each.kind in post.kinds]
            fits = [each for each in fits if each.kind in COMMITTEES] or fits
        if len(fits) == 1:
            return fits[0], ""
        return None, "body.several" if fits else "holding.body"

    def _bodies(self, row: Row, name: str) -> list[Organisation]:
        """Present bodies of a name in the row's community, else in the import's area; or all of the community."""
        community = int(row["area"]) // COMMUNITY * COMMUNITY
        if (community, name) not in self.bodies:
            whole = Organisation.objects.filter(until__isnull=True)
            inside = whole.filter(area__gte=community, area__lt=community + COMMUNITY)
            found = list(inside.filter(_called(name)) if name else inside)
            if name and not found:
                found = list(whole.filter(_called(name))[:2])
            self.bodies[community, name] = found
        return self.bodies[community, name]

    def _sender(self, row: Row) -> int | None:
        name = row.get("delegate_of")
        if not name:
            return None
        found = list(Organisation.objects.filter(_called(name), until__isnull=True)[:2])
        if len(found) != 1:
            self.read.flaw(row, "holding.delegate_of:body.above")
            return None
        return found[0].pk

    def _person(self, row: Row) -> Person | None:
        """By number under this very name; without a number the only one of that name and birth who lives there."""
        number, name = row.get("document"), str(row["name"])
        if not number:
            return self._by_birth(row, name)
        found = Person.objects.filter(matching(Person, "document", number)).first()
        if found is None:
            self.read.flaw(row, "holding.document:holding.unknown")
        elif found.name != name:
            self.read.refuse(row, "holding.document:holding.named")
        return found

    def _by_birth(self, row: Row, name: str) -> Person | None:
        born = row.get("born")
        if born is None:
            return None
        community = int(row["area"]) // COMMUNITY * COMMUNITY
        stays = Residence.objects.filter(
            area__gte=community,
            area__lt=community + COMMUNITY,
            until__isnull=True,
            person__name=name,
            person__born=born,
        )
        keys = set(stays.values_list("person", flat=True)[:3])
        return Person.objects.get(pk=keys.pop()) if len(keys) == 1 else None


def _called(name: str) -> Q:
    return Q(name=name) | Q(short_name=name)


def _posts(job: slicing.Job, text: str) -> tuple[list[str], bool]:
    """The posts that a cell names (书记兼主任 are two), and whether a part of it names none."""
    whole = list(_read(job, [text]))
    if whole[0]:
        return [whole[0]], False
    said = rowwise.parts(text, JOINTS)
    codes = list(_read(job, said)) if said else []
    return list(dict.fromkeys(code for code in codes if code)), not all(codes) or not codes


def _read(job: slicing.Job, said: list[str]) -> Iterator[str | None]:
    book = dictionary.book()
    element = book.elements["holding.post"]
    told = reader.read_column(
        element,
        pl.Series(said, dtype=pl.String),
        book.tables[element.table],
        today=job.checker.today,
    )
    yield from told.values


def _asked(row: Row, post: OrganisationPost) -> dict[str, Any]:
    """What the post asks of its holder, as far as the row says it."""
    born, schooled = row.get("born"), row.get("education")
    told = {"born": born.year if born else None, "education": schooled}
    return {name: value for name, value in told.items() if value and name in post.asks}


def _named(row: Row) -> str:
    if not row.get("name"):
        return "holding.name:name.empty"
    return "" if row.get("post") else "holding.post:code"


WAY = rowwise.Way(
    "holders",
    HOLDINGS,
    frozenset({"holding.name"}),
    _named,
    Taking,
    plain=frozenset({"holding.post"}),
)
