"""The worker's belt: seal committed facts into the hash chain, then hand them to the listeners.

Facts are the outbox, so no request waits for a chain head or a queue. One belt runs at a time (advisory lock); each
listener's work and its cursor commit together, so a fact is heard exactly once however often the worker is killed.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterator

from django.db import connection, transaction

from linli.kernel.acts.act import system_act
from linli.kernel.acts.models import Cursor, Fact, Seal, Stuck
from linli.kernel.acts.pouring import pour
from linli.kernel.acts.record import canonical
from linli.kernel.acts.scope import under
from linli.kernel.acts.verbs import Listener, listeners

BATCH = 500
_LOCK = 7_116_001
_START = hashlib.sha256(b"linli").digest()
# A transaction draws its id early and commits late, so the gaps of the last moments are looked at in every turn; wider
# sweeps now and then find what a long transaction brought later.
NEAR, WIDE = "10 seconds", "3 days"
# Seconds between two sweeps of each reach; the first turn of a worker is the widest.
SWEEPS = ((600.0, WIDE), (30.0, "5 minutes"))
_TURN = """
SELECT pg_try_advisory_xact_lock(%s), coalesce((SELECT fact_id FROM acts_seal
    WHERE sealed < now() - %s::interval ORDER BY sealed DESC LIMIT 1), 0)
"""
# Both sides bounded, so that a turn does not read every seal there is; a difference of sets, because stale statistics
# make the planner compare each with each in an anti-join.
_UNSEALED = """
SELECT id FROM acts_fact WHERE id > %(ground)s
EXCEPT SELECT fact_id FROM acts_seal WHERE fact_id > %(ground)s
ORDER BY 1 LIMIT %(most)s
"""
log = logging.getLogger(__name__)


def link(before: bytes, fact: Fact) -> bytes:
    """The hash of one fact upon the one before; the scope column `area` stays outside."""
    body = canonical(
        [
            fact.pk,
            fact.at.isoformat(),
            fact.verb,
            fact.actor,
            fact.hat,
            fact.unit,
            fact.policy,
            fact.channel,
            fact.subject_type,
            fact.subject_id,
            fact.data,
            bytes(fact.digest).hex() if fact.digest else "",
        ]
    )
    return hashlib.sha256(before + body.encode()).digest()


def _ground(reach: str) -> int | None:
    """The fact behind which a reach begins; None while another belt is at it."""
    with connection.cursor() as cursor:
        cursor.execute(_TURN, [_LOCK, reach])
        alone, ground = cursor.fetchone()
    return int(ground) if alone else None


def seal(most: int = BATCH, reach: str = NEAR) -> int:
    """Seal up to `most` committed facts, looking back as far as `reach`; returns how many."""
    with under(system_act()):
        if (ground := _ground(reach)) is None:
            return 0
        with connection.cursor() as cursor:
            cursor.execute(_UNSEALED, {"ground": ground, "most": most})
            ids = [row[0] for row in cursor.fetchall()]
        if not ids:
            return 0
        last = Seal.objects.order_by("-seq").first()
        seq, head = (last.seq, bytes(last.hash)) if last else (0, _START)
        seals = []
        for fact in Fact.objects.filter(pk__in=ids).order_by("pk"):
            seq += 1
            head = link(head, fact)
            seals.append(Seal(seq=seq, fact=fact, hash=head))
        if len(seals) > BATCH:
            pour(seals)
        else:
            Seal.objects.bulk_create(seals)
        return len(seals)


def _waiting() -> dict[int, list[str]]:
    """Who has not heard everything that is sealed, by how far each has heard."""
    names = listeners()
    with under(system_act()):
        at = dict(Cursor.objects.values_list("listener", "seq"))
        if strangers := [Cursor(listener=name) for name in names if name not in at]:
            Cursor.objects.bulk_create(strangers, ignore_conflicts=True)
        head = Seal.objects.order_by("-seq").values_list("seq", flat=True).first() or 0
    found: dict[int, list[str]] = {}
    for name in sorted(names):
        if (seq := at.get(name, 0)) < head:
            found.setdefault(seq, []).append(name)
    return found


def _hand_out(heard: int, names: list[str], most: int) -> int:
    """Hand the next batch to those who have heard equally far; returns how far the cursors moved."""
    known = listeners()
    with under(system_act()):
        links = Seal.objects.filter(seq__gt=heard).order_by("seq")
        ahead = list(links.values_list("seq", "fact_id", "fact__verb")[:most])
        if not ahead:
            return 0
        verbs, top = {verb for _seq, _fact, verb in ahead}, ahead[-1][0]
        concerned = [name for name in names if known[name][0] & verbs]
        # To most listeners a batch says nothing: they go past it together.
        passing = Cursor.objects.filter(listener__in=set(names) - set(concerned), seq=heard)
        moved = passing.update(seq=top)
        wanted = set().union(*(known[name][0] for name in concerned))
        ids = [fact for _seq, fact, verb in ahead if verb in wanted]
        found = Fact.objects.in_bulk(ids)
    facts = [found[pk] for pk in ids]
    moved += sum(_hear(name, *known[name], facts, heard, top) for name in concerned)
    return top - heard if moved else 0


def _hear(
    name: str, codes: frozenset[str], listener: Listener, facts: list[Fact], heard: int, top: int
) -> bool:
    """Hand one listener what concerns it and move its cursor; false when another belt is at it."""
    with under(system_act()):
        cursors = Cursor.objects.filter(listener=name, seq=heard)
        if cursors.select_for_update(skip_locked=True).first() is None:
            return False
        _deliver(name, listener, [fact for fact in facts if fact.verb in codes])
        cursors.update(seq=top)
        return True


def _deliver(name: str, listener: Listener, facts: list[Fact]) -> None:
    act = system_act()
    try:
        with transaction.atomic():
            listener(act, facts)
    except Exception:
        log.exception("%s failed on a batch of %s; going one by one", name, len(facts))
        for fact in facts:
            _deliver_one(name, listener, fact)


def _deliver_one(name: str, listener: Listener, fact: Fact) -> bool:
    try:
        with transaction.atomic():
            listener(system_act(), [fact])
    except Exception as error:
        log.exception("%s parked fact %s", name, fact.pk)
        Stuck.objects.create(listener=name, fact=fact, error=repr(error)[:2000])
        return False
    return True


def carry(most: int = BATCH) -> int:
    """Hand sealed facts to every listener once; returns how many links the longest way was."""
    return max((_hand_out(heard, names, most) for heard, names in _waiting().items()), default=0)


def turn(reach: str = NEAR) -> int:
    """One turn of the belt: seal, then carry; returns how much moved, `BATCH` when more may be waiting."""
    return max(seal(reach=reach), carry())


def drain() -> int:
    """Turn until nothing moves; returns how much moved."""
    total = turn(WIDE)
    while moved := turn():
        total += moved
    return total


def retry_stuck() -> tuple[int, int]:
    """Try the parked facts again; returns (healed, still stuck)."""
    known = listeners()
    healed = left = 0
    with under(system_act()):
        for stuck in Stuck.objects.select_related("fact").order_by("pk"):
            entry = known.get(stuck.listener)
            if entry and _again(stuck, entry[1]):
                healed += 1
            else:
                left += 1
    return healed, left


def _again(stuck: Stuck, listener: Listener) -> bool:
    try:
        with transaction.atomic():
            listener(system_act(), [stuck.fact])
    except Exception as error:
        Stuck.objects.filter(pk=stuck.pk).update(error=repr(error)[:2000], tries=stuck.tries + 1)
        return False
    stuck.delete()
    return True


def broken_links(after: int = 0) -> Iterator[str]:
    """Walk the chain, from behind a link on, and tell every link that does not hold."""
    expected = after + 1
    with under(system_act()):
        before = Seal.objects.filter(seq=after).first()
        head = bytes(before.hash) if before else _START
        rows = Seal.objects.select_related("fact").filter(seq__gt=after).order_by("seq")
        for row in rows.iterator(chunk_size=2000):
            if row.seq != expected:
                yield f"链条缺号：应为 {expected}，实为 {row.seq}"
                expected = row.seq
            head = link(head, row.fact)
            if head != bytes(row.hash):
                yield f"第 {row.seq} 环（记录 {row.fact_id}，{row.fact.verb}）与封存值不符"
                head = bytes(row.hash)
            expected += 1


def fits(seal: Seal) -> bool:
    """Whether one link still follows from its fact and the link before."""
    before = Seal.objects.filter(seq=seal.seq - 1).first()
    head = bytes(before.hash) if before else _START
    return link(head, seal.fact) == bytes(seal.hash)
