"""The values that travel with every request: who acts, when, under which policy, how far they see."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from functools import lru_cache
from uuid import UUID

from django.utils.functional import Promise

Words = str | Promise
GUEST = 0
SYSTEM = 1


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """An interval of area keys [lo, hi)."""

    lo: int
    hi: int

    def __contains__(self, key: int) -> bool:
        return self.lo <= key < self.hi

    def covers(self, other: Span) -> bool:
        """Whether the other span lies wholly inside this one."""
        return self.lo <= other.lo and other.hi <= self.hi


EVERYWHERE = Span(0, 2**62)


class Refusal(Exception):
    """A rule said no. The message is in the user's words; `field` names the input it belongs to."""

    def __init__(self, message: Words, *, field: str | None = None, code: str = "refused") -> None:
        super().__init__(message)
        self.message = message
        self.field = field
        self.code = code

    def __str__(self) -> str:
        return str(self.message)


class Denied(Refusal):
    """The actor does not hold the permission."""

    def __init__(self, message: Words, *, code: str = "denied") -> None:
        super().__init__(message, code=code)


@lru_cache(maxsize=4096)
def granted(patterns: frozenset[str], verb: str) -> bool:
    """Whether one of the patterns names a verb."""
    return any(fnmatchcase(verb, pattern) for pattern in patterns)


@dataclass(frozen=True, slots=True)
class Act:
    """Who acts (account id; 0 guest, 1 system), when, wearing which hat, under which policy version.

    `verbs` are patterns such as `matters.*`; `spans` are the areas in sight; `key` is what a guest holds who knows
    the number and the query code of one matter. `sensitive` opens restricted rows inside the areas in sight.
    `ground` is the place that facts without one of their own are filed under: where the post stands.
    `unit` says for whom one acts; without `unit_sight` (a grid worker of a committee) it opens no rows.
    """

    actor: int
    name: str
    at: datetime
    policy: int = 0
    hat: int | None = None
    post: str = ""
    unit: int | None = None
    unit_sight: bool = True
    spans: tuple[Span, ...] = ()
    ground: int = 0
    verbs: frozenset[str] = frozenset()
    roles: frozenset[str] = frozenset()
    sensitive: bool = False
    channel: str = "web"
    key: UUID | None = None

    def may(self, verb: str) -> bool:
        """Whether the actor holds the permission for a verb."""
        return granted(self.verbs, verb)

    def sees(self, area: int) -> bool:
        """Whether an area lies in sight."""
        return any(area in span for span in self.spans)

    def holds(self, roles: Iterable[str]) -> bool:
        """Whether the actor acts in one of the roles."""
        return not self.roles.isdisjoint(roles)

    def on(self, **changes: object) -> Act:
        """The same act with some values changed."""
        return replace(self, **changes)  # type: ignore[arg-type]

    @property
    def signed_in(self) -> bool:
        """Whether an account stands behind the act."""
        return self.actor != GUEST


def system_act(
    at: datetime | None = None, *, policy: int = 0, channel: str = "job", name: str = "系统"
) -> Act:
    """The named actor for the clock and for batches: sees everything, leaves facts like anyone."""
    return Act(
        actor=SYSTEM,
        name=name,
        at=at or datetime.now(UTC),
        policy=policy,
        spans=(EVERYWHERE,),
        verbs=frozenset({"*"}),
        roles=frozenset({"system"}),
        sensitive=True,
        channel=channel,
    )
