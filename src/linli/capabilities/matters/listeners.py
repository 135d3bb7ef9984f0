"""What follows from facts: to-do entries, notices, the public projection. Batches, exactly once."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone

from linli.capabilities.matters.rules import entry_of
from linli.capabilities.matters.selectors import names
from linli.capabilities.matters.selectors.follow import (
    Situation,
    helpers_of,
    project,
    situations,
    watchers_of,
)
from linli.capabilities.matters.services import tallies, watch
from linli.kernel.acts import Act, listens
from linli.kernel.notices.services import tell
from linli.kernel.tasks.services import ToDo, add_many, finish_many

MOVES = (
    "matters.report",
    "matters.accept",
    "matters.refuse",
    "matters.transfer",
    "matters.escalate",
    "matters.send_down",
    "matters.accept_transfer",
    "matters.decline_transfer",
    "matters.ask",
    "matters.answer",
    "matters.handle",
    "matters.verify",
    "matters.rework",
    "matters.close",
    "matters.merge",
    "matters.rate",
    "matters.reopen",
    "matters.withdraw",
    "matters.assign",
    "matters.ask_extension",
    "matters.decide_extension",
    "matters.reclassify",
)
TO_RESIDENT = {
    "matters.accept": "matters.accepted",
    "matters.refuse": "matters.refused",
    "matters.accept_transfer": "matters.moved",
    "matters.ask": "matters.asked",
    "matters.handle": "matters.handled",
    "matters.close": "matters.closed",
    "matters.merge": "matters.merged",
    "matters.decide_extension": "matters.extended",
}
DATED = frozenset({"matters.accepted", "matters.extended"})
TO_OFFICE = {
    "matters.urge": "matters.urged",
    "matters.answer": "matters.answered",
    "matters.rework": "matters.reworked",
    "matters.reopen": "matters.reopened",
    "matters.message": "matters.said",
    "matters.decide_extension": "matters.decided",
}


@listens(*MOVES)
def keep_tasks(act: Act, facts: list[Any]) -> None:
    """One open task for a matter, with whoever must act now (R128)."""
    found = situations({f.subject_id for f in facts})
    finish_many(act, "matters.matter", list(found))
    add_many(act, [todo for s in found.values() if (todo := _todo(s))])


def _todo(s: Situation) -> ToDo | None:
    if not s.task:
        return None
    return ToDo(
        kind=s.task,
        subject_type="matters.matter",
        subject_id=s.id,
        area=s.area,
        title=s.title,
        post=s.post,
        unit=s.unit,
        account=s.account,
        due=s.due,
        weight=2 if s.emergency else 1,
    )


@listens(*TO_RESIDENT)
def tell_resident(act: Act, facts: list[Any]) -> None:
    """Tell the resident, and the neighbours who joined, what has happened."""
    found = situations({f.subject_id for f in facts})
    for fact in facts:
        s = found.get(fact.subject_id)
        if s is not None and fact.data.get("granted") is not False:
            kind = dated(TO_RESIDENT[fact.verb], s.matter.due)
            own = watchers_of(s, everyone=False)
            tell(act, own, kind, s.matter, _params(s))
            if fact.verb in ("matters.close", "matters.handle"):
                others = set(watchers_of(s, everyone=True)) - set(own)
                tell(act, others, kind, s.matter, {**_params(s), "title": _kind(s)})


@listens(*TO_OFFICE)
def tell_office(act: Act, facts: list[Any]) -> None:
    """Tell whoever handles it that the resident has spoken."""
    found = situations({f.subject_id for f in facts})
    for fact in facts:
        s = found.get(fact.subject_id)
        if s is None or fact.data.get("side") == "internal":
            continue
        kind = TO_OFFICE[fact.verb]
        if kind == "matters.said" and fact.data.get("side") == "office":
            tell(act, watchers_of(s, everyone=False), "matters.replied", s.matter, _params(s))
        else:
            tell(act, helpers_of(s), kind, s.matter, _params(s))


@listens(*MOVES)
def publish(act: Act, facts: list[Any]) -> None:
    """Keep the public projection in step."""
    project({f.subject_id for f in facts})


@listens(*MOVES)
def mark_uncounted(act: Act, facts: list[Any]) -> None:
    """The month and the place of what moved are counted anew within a minute (R096)."""
    tallies.stale({f.subject_id for f in facts})


@listens("places.switch", "policy.apply")
def count_anew(act: Act, facts: list[Any]) -> None:
    """Areas that moved and grades that mean something else change what was counted."""
    tallies.recount(act, whole=True)


@listens("calendar.load")
def look_again(act: Act, facts: list[Any]) -> None:
    """A new calendar moves deadlines: every open matter is looked at in the next turns of the clock."""
    watch.look_again(act)


def dated(kind: str, due: datetime | None) -> str:
    """What promises a day says so only while the clock runs: a matter that waits has none."""
    return f"{kind}_undated" if kind in DATED and due is None else kind


def _kind(s: Situation) -> str:
    """The catalogue's title: a neighbour who joined never reads what the reporter wrote."""
    entry = entry_of(names().policy, s.matter.code)
    return entry.title if entry else s.matter.number


def _params(s: Situation) -> dict[str, Any]:
    due = s.matter.due
    return {
        "number": s.matter.number,
        "title": s.matter.title,
        "status": s.state,
        "due": timezone.localdate(due).isoformat() if due else "",
    }
