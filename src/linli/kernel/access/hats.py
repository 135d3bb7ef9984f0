"""From an account to an act: one statement reads who they are and which hats they hold."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from fnmatch import fnmatchcase
from functools import lru_cache
from typing import Any

from django.db import connection
from django.utils import timezone

from linli.kernel.acts import GUEST, Act, Span, prepared
from linli.kernel.policy import current as current_pack
from linli.kernel.policy.shapes import AccessPolicy, Level, Post, Role

_READ = """
SELECT a.id, a.kind, a.name, a.demo, coalesce(
    json_agg(json_build_array(p.id, p.post, p.unit_id, u.name, r.id, r.hi, r.name) ORDER BY p.id)
    FILTER (WHERE p.id IS NOT NULL), '[]')
FROM access_account a
LEFT JOIN access_appointment p ON p.account_id = a.id AND p.since <= %(day)s
    AND (p.until IS NULL OR p.until >= %(day)s)
LEFT JOIN access_unit u ON u.id = p.unit_id
LEFT JOIN places_area r ON r.id = p.area_id
WHERE a.id = {account} AND a.active GROUP BY a.id
"""
_PERSON = _READ.format(account="%(account)s")
_SESSION = f"""
SELECT s.session_data, w.* FROM access_session s
LEFT JOIN LATERAL ({_READ.format(account="s.account")}) w ON true
WHERE s.session_key = %(key)s AND s.expire_date > %(now)s
"""


@dataclass(frozen=True, slots=True)
class Hat:
    """One appointment in force today."""

    id: int
    post: str
    unit: int
    unit_name: str
    area: Span
    area_name: str

    @property
    def label(self) -> str:
        """Post and place in words; a department's post is told by the department, its place is the whole city."""
        post = post_of(self.post)
        where = self.unit_name if post and post.level == "unit" else self.area_name
        return f"{where} · {post.title if post else self.post}"


@dataclass(frozen=True, slots=True)
class Person:
    """An account with the hats it holds today."""

    id: int
    kind: str
    name: str
    demo: str
    hats: tuple[Hat, ...]

    def hat(self, wanted: int | None) -> Hat | None:
        """The wanted hat, else the first."""
        return next((h for h in self.hats if h.id == wanted), self.hats[0] if self.hats else None)


@lru_cache(maxsize=8)
def _tables(version: int) -> tuple[dict[str, Role], dict[str, Post]]:
    access = current_pack().section(AccessPolicy)
    return {r.code: r for r in access.roles}, {p.code: p for p in access.posts}


def tables() -> tuple[dict[str, Role], dict[str, Post]]:
    """Roles and posts of the pack in force, by code."""
    return _tables(current_pack().id)


def post_of(code: str) -> Post | None:
    """A post by code."""
    return tables()[1].get(code)


def cleared_posts(verb: str) -> list[Post]:
    """The posts that hold a verb and are cleared for what is sensitive, nearest to people first."""
    roles, posts = tables()
    cleared = {
        code
        for code, role in roles.items()
        if role.sensitive and any(fnmatchcase(verb, each) for each in role.verbs)
    }
    near = list(Level)[::-1]
    return sorted(
        (p for p in posts.values() if p.role in cleared), key=lambda p: near.index(p.level)
    )


def role_of(post: str) -> Role | None:
    """The role that a post carries."""
    found = post_of(post)
    return tables()[0].get(found.role) if found else None


def person(account: int, day: date | None = None) -> Person | None:
    """Who an active account is, with the hats in force on a day (one statement)."""
    with connection.cursor() as cursor:
        cursor.execute(_PERSON, {"account": account, "day": day or timezone.localdate()})
        row = cursor.fetchone()
    return _person(row) if row else None


def session(key: str) -> tuple[str, Person | None] | None:
    """The kept data of a living session and the person behind it, in one statement."""
    given: dict[str, str | datetime | date] = {
        "key": key,
        "now": timezone.now(),
        "day": timezone.localdate(),
    }
    _met, rows = prepared.run(_SESSION, given)
    if not rows:
        return None
    row = rows[0]
    return row[0], _person(row[1:]) if row[1] is not None else None


def _person(row: tuple[Any, ...]) -> Person:
    listed = json.loads(row[4]) if isinstance(row[4], str) else row[4]
    hats = tuple(
        Hat(i, post, unit, name, Span(lo, hi), area) for i, post, unit, name, lo, hi, area in listed
    )
    return Person(row[0], row[1], row[2], row[3], hats)


def guest_act(*, channel: str = "web", at: datetime | None = None) -> Act:
    """The act of somebody who has not signed in."""
    pack = current_pack()
    role = tables()[0].get("guest")
    return Act(
        actor=GUEST,
        name="",
        at=at or timezone.now(),
        policy=pack.id,
        verbs=frozenset(role.verbs) if role else frozenset(),
        roles=frozenset({"guest"}),
        channel=channel,
    )


def act_of(
    who: Person, hat: Hat | None, *, channel: str = "web", at: datetime | None = None
) -> Act:
    """The act of a person wearing a hat; without a hat, as a resident."""
    roles, posts = tables()
    post = posts.get(hat.post) if hat else None
    role = roles.get(post.role if post else "resident")
    by_unit = post is not None and post.level == "unit"
    return Act(
        actor=who.id,
        name=who.name,
        at=at or timezone.now(),
        policy=current_pack().id,
        hat=hat.id if hat else None,
        post=hat.post if hat else "",
        unit=hat.unit if hat else None,
        unit_sight=post is None or post.level != "grid",
        spans=(hat.area,) if hat and not by_unit else (),
        ground=hat.area.lo if hat else 0,
        verbs=frozenset(role.verbs) if role else frozenset(),
        roles=frozenset({role.code}) if role else frozenset(),
        sensitive=bool(role and role.sensitive),
        channel=channel,
    )


def act_for(
    account: int, hat: int | None = None, *, channel: str = "web", at: datetime | None = None
) -> Act:
    """The act of an account, wearing the given hat or its first (two look-ups in memory, one in the database)."""
    found = person(account)
    if found is None:
        return guest_act(channel=channel, at=at)
    return act_of(found, found.hat(hat), channel=channel, at=at)
