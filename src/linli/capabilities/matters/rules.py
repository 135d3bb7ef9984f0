"""Decisions about matters: values in, a value or a refusal out."""

from __future__ import annotations

from datetime import datetime

from linli.capabilities.matters.policy import EventClass, MattersPolicy, ServiceItem
from linli.kernel.calendar import Term
from linli.kernel.flow import Action, Flow, Stage
from linli.ui.spoken import Spoken

_DIGITS = "0123456789"
Entry = ServiceItem | EventClass
RESOLVE = "resolve"

# Verbs of whoever holds the matter, of whoever it was offered to, and of the resident behind it.
HOLDER_VERBS = frozenset(
    f"matters.{verb}"
    for verb in (
        "accept",
        "refuse",
        "transfer",
        "ask",
        "ask_extension",
        "handle",
        "explain_delay",
        "assign",
        "reclassify",
        "escalate",
        "merge",
        "reach",
        "contact",
    )
)
OFFER_VERBS = frozenset({"matters.accept_transfer", "matters.decline_transfer"})
RESIDENT_VERBS = frozenset(
    f"matters.{verb}" for verb in ("answer", "urge", "withdraw", "rate", "reopen")
)


def base_of(verb: str) -> str:
    """The declared verb behind a step (`matters.reach.stop` is `matters.reach`)."""
    return ".".join(verb.split(".")[:2])


def _check_digit(digits: str) -> str:
    """Weights 3 and 1 from the right, as on a bar code: every single slip is caught."""
    total = sum(int(d) * (3 if place % 2 else 1) for place, d in enumerate(reversed(digits), 1))
    return str(-total % 10)


def number_of(key: int | None, opened: datetime) -> str:
    """The number people read: two digits of the year, the running number, a check digit (26-0001234-5)."""
    if key is None:
        return ""
    body = f"{opened.year % 100:02d}{key:07d}"
    check = _check_digit(body)
    return f"{body[:2]}-{body[2:]}-{check}"


def key_of(number: str) -> int | None:
    """The row behind a number as somebody typed it; None when it cannot be one."""
    digits = "".join(_plain(c) for c in number)
    if not 10 <= len(digits) <= 20 or _check_digit(digits[:-1]) != digits[-1]:
        return None
    return int(digits[2:-1])


def _plain(char: str) -> str:
    if "０" <= char <= "９":
        return _DIGITS[ord(char) - ord("０")]
    return char if char in _DIGITS else ""


def entry_of(policy: MattersPolicy, code: str) -> Entry | None:
    """The item or class of that code."""
    return policy.item(code) or policy.event_class(code)


def term_of(entry: Entry) -> Term:
    """What was promised for an item or class."""
    return entry.promise if isinstance(entry, ServiceItem) else entry.term


def flow_for(policy: MattersPolicy, entry: Entry | None, version: int) -> Flow:
    """The state machine of a pack, with the staged deadlines of a class added to it."""
    flow = policy.machine
    steps = entry.stages if isinstance(entry, EventClass) else ()
    if not steps or entry is None:
        return flow
    key = (version, entry.code)
    if key not in _staged:
        _staged[key] = _with_stages(flow, entry)
    return _staged[key]


_staged: dict[tuple[int, str], Flow] = {}


def _with_stages(flow: Flow, entry: Entry) -> Flow:
    stages, actions = dict(flow.stages), dict(flow.actions)
    handle = flow.actions["matters.handle"]
    steps = entry.stages if isinstance(entry, EventClass) else ()
    for step in steps:
        verb = f"matters.reach.{step.code}"
        title = Spoken("完成“%(stage)s”") % {"stage": step.title}
        made = {
            "title": title,
            "from": handle.from_,
            "to": "@same",
            "roles": handle.roles,
            "limit": 1,
        }
        actions[verb] = Action.model_validate(made)
        stages[step.code] = Stage(
            title=step.title,
            starts_on=("matters.report",),
            met_by=(verb, "matters.handle"),
            term=step.term,
        )
    return flow.model_copy(update={"stages": stages, "actions": actions})


def holds(verb: str, *, unit: int | None, holder_unit: int | None) -> bool:
    """Whether the actor's unit may do a holder's verb."""
    return verb not in HOLDER_VERBS or (unit is not None and unit == holder_unit)


def satisfied(policy: MattersPolicy, value: int | None) -> bool | None:
    """Whether a rating counts as satisfied; None without a rating."""
    if value is None:
        return None
    return next((g.satisfied for g in policy.ratings.grades if g.value == value), False)


def overdue(due: datetime | None, met: datetime | None, now: datetime) -> bool:
    """Whether a promise was or is broken: met or still open after (超过) its due time."""
    return due is not None and (met or now) > due
