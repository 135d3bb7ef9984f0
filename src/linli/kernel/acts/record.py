"""Writing facts: one statement for the fact and its erasable words."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterable, Mapping
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder

from linli.kernel.acts import prepared
from linli.kernel.acts.act import Act

# The id is drawn first: RETURNING would ask for sight of the new row, which a guest has not.
_INSERT = """
WITH key AS (SELECT nextval('acts_fact_id_seq') AS id), fact AS (
    INSERT INTO acts_fact (id, at, verb, actor, hat, unit, policy, channel, area,
        subject_type, subject_id, data, digest)
    SELECT key.id, %s::timestamptz, %s, %s, %s::bigint, %s::bigint, %s, %s, %s,
        %s, %s, %s::jsonb, %s::bytea FROM key
)
"""
_ALONE = _INSERT + "SELECT id FROM key"
_WITH_WORDS = (
    _INSERT
    + """, words AS (
    INSERT INTO acts_words (fact_id, actor, name, body, salt)
    SELECT key.id, %s, kept.name, kept.body, kept.salt
    FROM key, unnest(%s::text[], %s::text[], %s::bytea[]) AS kept(name, body, salt)
)
SELECT id FROM key"""
)


def canonical(data: Any) -> str:
    """JSON with one spelling only: sorted keys, no spaces."""
    return json.dumps(
        data, cls=DjangoJSONEncoder, sort_keys=True, ensure_ascii=False, separators=(",", ":")
    )


def words_digest(salted: Iterable[tuple[str, str, bytes]]) -> bytes:
    """The digest a fact carries of its erasable words: name, text and salt of each, in order of name."""
    whole = hashlib.sha256()
    for name, body, salt in sorted(salted):
        whole.update(name.encode() + b"\0" + hashlib.sha256(salt + body.encode()).digest())
    return whole.digest()


def area_of(subject: object, act: Act) -> int:
    """The area key a fact is filed under: the subject's, else where the actor stands."""
    for name in ("area_id", "area"):
        value = getattr(subject, name, None)
        if isinstance(value, int):
            return value
    return act.spans[0].lo if act.spans else act.ground


def record(
    act: Act, verb: str, subject: Any, data: Mapping[str, Any], words: Mapping[str, str]
) -> int:
    """Write one fact, and the texts kept beside it; returns its id."""
    meta = getattr(subject, "_meta", None)
    salted = [(name, body, secrets.token_bytes(16)) for name, body in words.items()]
    values: list[Any] = [
        act.at,
        verb,
        act.actor,
        act.hat,
        act.unit,
        act.policy,
        act.channel,
        area_of(subject, act),
        meta.label_lower if meta else "",
        subject.pk if meta and isinstance(subject.pk, int) else 0,
        canonical(data),
        words_digest(salted) if salted else None,
    ]
    if salted:
        names, bodies, salts = (list(column) for column in zip(*salted, strict=True))
        values += [act.actor, names, bodies, salts]
    _met, rows = prepared.run(_WITH_WORDS if salted else _ALONE, values)
    return int(rows[0][0])
