"""Rows in batches: keys from the sequences, facts as the verbs would leave them, links of the chain."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from random import Random
from typing import Any
from uuid import UUID

from django.db import connection, models
from django.utils import timezone

from linli.capabilities.matters import listeners as hearing
from linli.capabilities.matters.models import Evidence, Follower, Matter
from linli.capabilities.matters.selectors.follow import project
from linli.kernel.acts import Act, conveyor
from linli.kernel.acts.models import Cursor, Fact, Seal, Words
from linli.kernel.acts.pouring import pour
from linli.kernel.acts.record import words_digest
from linli.kernel.acts.verbs import listeners
from linli.kernel.files import store
from linli.kernel.files.examine import Clean
from linli.kernel.files.models import File
from linli.kernel.notices.models import Notice

BATCH = 1000
SEALED = 5000


def numbers(model: type[models.Model], count: int) -> list[int]:
    """So many fresh keys of a table, drawn from its sequence, so that both stay in step."""
    if not count:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [model._meta.db_table, count],
        )
        return [row[0] for row in cursor.fetchall()]


@dataclass(frozen=True, slots=True)
class Stored:
    """A drawing that lies in the store."""

    clean: Clean
    digest: str


def shelve(drawings: Iterable[Clean]) -> list[Stored]:
    """Put the drawings into the store, each once."""
    return [Stored(clean, store.put(clean.content, clean.thumb)) for clean in drawings]


class Scribe:
    """Writes lives in batches, in the order in which things happened."""

    def __init__(self, act: Act, drawings: list[Stored], seed: int) -> None:
        self.act, self.drawings = act, drawings
        self.dice = Random(f"salt:{seed}")

    def write(self, lives: list[Any]) -> None:
        """Matters, then all that hangs on them, then what follows from them."""
        pour([life.matter for life in lives])
        pour([m for life in lives for m in life.says])
        pour([w for life in lives for w in life.wishes])
        self._followers(lives)
        shots = [(life, shot) for life in lives for shot in life.shots]
        files = self._files(shots)
        self._facts(lives, shots, files)

    def follow_up(self, lives: list[Any]) -> None:
        """The public projection, the to-do lists, the inboxes."""
        keys = [life.matter.pk for life in lives]
        for at in range(0, len(keys), BATCH):
            project(keys[at : at + BATCH])
            marks = [Fact(subject_id=key) for key in keys[at : at + BATCH]]
            hearing.keep_tasks(self.act, marks)
        self._notices(lives)

    def _followers(self, lives: list[Any]) -> None:
        rows = [
            Follower(matter=life.matter, account_id=hand.account, at=life.traces[-1].at)
            for life in lives
            for hand in life.followers
        ]
        pour(rows)

    def _files(self, shots: list[tuple[Any, Any]]) -> list[File]:
        rows = [self._file(life, shot) for life, shot in shots]
        for row, key in zip(rows, numbers(File, len(rows)), strict=True):
            row.pk = key
        pour(rows)
        evidence = [
            Evidence(matter=life.matter, round=shot.round, use=shot.use, file=row, at=shot.at)
            for (life, shot), row in zip(shots, rows, strict=True)
        ]
        pour(evidence)
        return rows

    def _file(self, life: Any, shot: Any) -> File:
        stored = self.drawings[shot.drawing]
        m: Matter = life.matter
        return File(
            owner_type="matters.matter",
            owner_id=m.pk,
            area=m.area_id,
            account=m.reporter_id or shot.hand.account or None,
            unit=m.unit_id,
            visitor=m.visitor,
            by=shot.hand.account,
            purpose=shot.use.value,
            name=stored.clean.name,
            media_type=stored.clean.media_type,
            size=len(stored.clean.content),
            digest=stored.digest,
            width=stored.clean.width,
            height=stored.clean.height,
            created=shot.at,
        )

    def _facts(self, lives: list[Any], shots: list[tuple[Any, Any]], files: list[File]) -> None:
        made: list[tuple[Fact, dict[str, str]]] = [
            (self._fact(life, trace), trace.words) for life in lives for trace in life.traces
        ]
        for (life, shot), row in zip(shots, files, strict=True):
            made.append((self._file_fact(life, shot, row), {}))
        made.sort(key=lambda pair: pair[0].at)
        words: list[Words] = []
        for (fact, kept), key in zip(made, numbers(Fact, len(made)), strict=True):
            fact.pk = key
            salted = [(name, body, self.dice.randbytes(16)) for name, body in kept.items()]
            fact.digest = words_digest(salted) if salted else None
            words += [
                Words(fact=fact, actor=fact.actor, name=name, body=body, salt=salt)
                for name, body, salt in salted
            ]
        pour([fact for fact, _kept in made], signed="actor")
        pour(words, signed="actor")

    def _fact(self, life: Any, trace: Any) -> Fact:
        return Fact(
            at=trace.at,
            verb=trace.verb,
            actor=trace.hand.account,
            hat=trace.hand.hat,
            unit=trace.hand.unit,
            policy=life.matter.policy,
            channel=trace.channel,
            area=life.matter.area_id,
            subject_type="matters.matter",
            subject_id=life.matter.pk,
            data=trace.data,
        )

    def _file_fact(self, life: Any, shot: Any, row: File) -> Fact:
        data = {"purpose": row.purpose, "owner_type": row.owner_type, "owner_id": row.owner_id}
        return Fact(
            at=shot.at,
            verb="files.add",
            actor=shot.hand.account,
            hat=shot.hand.hat,
            unit=shot.hand.unit,
            policy=life.matter.policy,
            channel="web",
            area=row.area,
            subject_type="files.file",
            subject_id=row.pk,
            data=data | {"digest": row.digest},
        )

    def _notices(self, lives: list[Any]) -> None:
        """What the residents were told; older ones are read, none goes out by message."""
        rows = [row for life in lives for row in self._told(life)]
        pour(rows)

    def _told(self, life: Any) -> Iterable[Notice]:
        m: Matter = life.matter
        for trace in life.traces:
            kind = hearing.TO_RESIDENT.get(trace.verb)
            if kind is None or m.reporter_id is None or m.reporter_id == trace.hand.account:
                continue
            due = timezone.localdate(m.due).isoformat() if m.due else ""
            old = (self.act.at - trace.at).days > 4
            yield Notice(
                account=m.reporter_id,
                area=m.area_id,
                kind=hearing.dated(kind, m.due),
                subject_type="matters.matter",
                subject_id=m.pk,
                params={"number": m.number, "title": m.title, "status": "", "due": due},
                created=trace.at,
                read_at=trace.at if old else None,
                planned=True,
            )


def seal_all() -> None:
    """Seal every fact and set every listener behind the last one: their work is done already."""
    while conveyor.seal(SEALED):
        pass
    last = Seal.objects.order_by("-seq").values_list("seq", flat=True).first() or 0
    for name in listeners():
        Cursor.objects.update_or_create(listener=name, defaults={"seq": last})


def digest() -> str:
    """A hash of the city's content: equal for equal seeds, days and sizes."""
    whole = hashlib.sha256()
    columns = (
        "id",
        "code",
        "title",
        "body",
        "channel",
        "state",
        "round",
        "opened",
        "closed",
        "due",
        "on_time",
        "rating",
        "lon",
        "lat",
        "address",
        "external",
        "area_id",
        "reporter_id",
        "unit_id",
        "assignee_id",
        "handler_id",
        "offered_unit_id",
        "duplicate_of_id",
        "urged",
    )
    for row in Matter.objects.order_by("id").values_list(*columns).iterator(chunk_size=2000):
        whole.update(repr(row).encode())
    facts = Fact.objects.filter(subject_type="matters.matter").order_by("id")
    for row in facts.values_list("at", "verb", "actor", "subject_id").iterator(2000):
        whole.update(repr(row).encode())
    return whole.hexdigest()


def visitor(dice: Random) -> UUID:
    """A query key from the city's own dice."""
    return UUID(int=dice.getrandbits(128), version=4)
