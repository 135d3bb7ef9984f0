"""The small city a replay runs in: a pack made of the file's labels, a few places, the people who act."""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from zlib import crc32

from linli.kernel import policy
from linli.kernel.access.hats import Person, act_of, person
from linli.kernel.access.models import Account, Appointment, Unit
from linli.kernel.acts import Act, Span, system_act, under
from linli.kernel.places.models import Area
from linli.kernel.places.rules import Level, allot
from linli.kernel.policy.check import problems_of
from linli.kernel.policy.models import PolicyVersion
from linli.kernel.policy.pack import fingerprint

SINCE = date(2000, 1, 1)
OTHER = "other"
_SOURCE = {
    "source": {"document": "回放用的临时政策包，类别来自文件"},
    "status": "default",
    "in_force": {},
}


def _class(code: str, title: str, term: str) -> dict[str, Any]:
    return {
        **_SOURCE,
        "code": code,
        "group": "labels",
        "title": title[:80],
        "closing_condition": "办结",
        "term": term,
        "handler": {"level": "community", "post": "clerk"},
        "keywords": [],
    }


def codes_of(labels: Sequence[str]) -> dict[str, str]:
    """A class code for every label, in order."""
    return {label: f"L{number:04d}" for number, label in enumerate(labels, 1)}


def make_pack(labels: Sequence[str], term: str) -> PolicyVersion:
    """Put a small pack in force: the national rules with the labels as classes (`term` for each).

    It is checked like any other pack; BadPack when that finds something.
    """
    raw = policy.load("national")
    body = deepcopy(raw.body)
    matters = body["matters"]
    matters["groups"] = [{"code": "labels", "title": "文件的类别", "kind": "classes"}]
    matters["items"] = []
    matters.pop("duties", None)
    matters["classes"] = [_class(code, label, term) for label, code in codes_of(labels).items()]
    matters["classes"].append(_class(OTHER, "未分类", term))
    matters["fallback_class"] = OTHER
    to = {"level": "community", "post": "clerk"}
    matters["routes"] = [{"code": "all", "order": 900, "to": to, "reason": "由所在社区先受理"}]
    body["pack"]["code"] = "replay"
    hashed = fingerprint(body)
    raw = replace(raw, body=body, hash=hashed)
    if problems := problems_of(raw, policy.sections(), policy.checks()):
        raise policy.BadPack(problems)
    # A number of its own, so that nothing kept by number from another database is taken for it.
    key = 1_000_000 + crc32(hashed.encode())
    row: PolicyVersion = PolicyVersion.objects.create(
        pk=key, code="replay", hash=hashed, body=body, applied_by=1, note="replay"
    )
    policy.forget()
    return row


@dataclass(frozen=True, slots=True)
class World:
    """Who may act where: two clerks for each community, one street desk, some residents."""

    communities: dict[str, int]
    desk: Person
    clerks: dict[int, tuple[Person, Person]]
    residents: tuple[Person, ...]

    def act(self, who: Person, at: datetime, channel: str = "web") -> Act:
        """Somebody's act at a time."""
        return act_of(who, who.hat(None), at=at, channel=channel)


def _area(name: str, level: Level, parent: Area | None, number: int) -> Area:
    within = Span(parent.pk, parent.hi) if parent else Span(32 * 2**56, 33 * 2**56)
    first = allot(within, level, [])
    width = first.hi - first.lo
    lo = first.lo + (number - 1) * width
    return Area.objects.create(
        pk=lo,
        hi=lo + width,
        level=level,
        parent=parent,
        code=f"{level}{number}",
        name=name[:60],
        full_name=name[:60],
        source="replay",
    )


def _staff(name: str, post: str, unit: Unit, area: Area) -> int:
    account = Account.objects.create(kind="staff", name=name)
    Appointment.objects.create(account=account, unit=unit, area=area, post=post, since=SINCE)
    return int(account.pk)


def _known(account: int) -> Person:
    found = person(account)
    assert found is not None
    return found


def settle(names: Sequence[str], residents: int = 0) -> World:
    """Found the city: one community for each name, with its committee and its people."""
    with under(system_act()):
        city = _area("回放市", Level.CITY, None, 1)
        street = _area("回放街道", Level.STREET, _area("回放区", Level.DISTRICT, city, 1), 1)
        office = Unit.objects.create(
            code="street", name="街道办", kind="street_office", area=street
        )
        desk = _staff("热线专员", "street_worker", office, street)
        communities, clerks = {}, {}
        for number, name in enumerate(names, 1):
            area = _area(name, Level.COMMUNITY, street, number)
            unit = Unit.objects.create(
                code=f"c{number}", name=name[:80], kind="committee", area=area
            )
            communities[name] = area.pk
            pair = (_staff("经办人", "clerk", unit, area), _staff("核实人", "clerk", unit, area))
            clerks[area.pk] = pair
        people = [
            Account.objects.create(kind="resident", name=f"居民{number}").pk
            for number in range(1, residents + 1)
        ]
        return World(
            communities,
            _known(desk),
            {area: (_known(a), _known(b)) for area, (a, b) in clerks.items()},
            tuple(_known(account) for account in people),
        )
