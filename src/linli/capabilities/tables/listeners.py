"""What follows from facts: a round is counted, sheets come before people, and follow people and communities."""

from __future__ import annotations

from linli.capabilities.tables import jobs
from linli.capabilities.tables.services import following, rezoned, tallies
from linli.kernel.acts import Act, listens
from linli.kernel.acts.models import Fact


@listens("tables.issue")
def count_known(act: Act, facts: list[Fact]) -> None:
    """A round that passed the gate is counted by the queue."""
    for fact in facts:
        if fact.data.get("passed") and fact.data.get("round"):
            jobs.open_round.defer(round_id=fact.data["round"])


@listens("registry.import")
def count_again(act: Act, facts: list[Fact]) -> None:
    """What a department's file told is asked no more, what came with blanks is; the queue does it."""
    areas = {fact.area for fact in facts if fact.area} if following.out() else set()
    for area in sorted(areas):
        jobs.recount_sheets.defer(area=area)


@listens("admission.issue")
def handed_on(act: Act, facts: list[Fact]) -> None:
    """Once its street hands a form on, the community has it on its list and its gaps at the doors."""
    following.handed_on(act, [key for fact in facts for key in fact.data.get("demands", ())])


@listens("admission.reconsider")
def put_back(act: Act, facts: list[Fact]) -> None:
    """A form that a community declined and now takes back under its eyes is asked for again."""
    following.put_back(act, [fact.subject_id for fact in facts if fact.data.get("declined")])


@listens("admission.decline", "admission.recall")
def taken_off(act: Act, facts: list[Fact]) -> None:
    """What a community declined, or the department took back, is asked nowhere any more."""
    tickets = [f.subject_id for f in facts if f.subject_type == "admission.ticket"]
    demands = [f.subject_id for f in facts if f.subject_type == "admission.demand"]
    following.taken_off(act, tickets, demands)


@listens(
    "registry.register",
    "registry.birth",
    "registry.adopt",
    "registry.move_in",
    "registry.move_out",
    "registry.death",
    "registry.correct",
    "registry.visit",
    "registry.decide_conflict",
    "registry.split_household",
    "registry.merge_households",
    "registry.undo",
)
def follow_people(act: Act, facts: list[Fact]) -> None:
    """Open sheets follow people who came, moved, died, or of whom more is known."""
    following.followed(act, facts)


@listens("places.switch")
def follow_communities(act: Act, facts: list[Fact]) -> None:
    """Sheets that are out follow communities that were joined or divided, and so do the counts of entries."""
    for fact in facts:
        rezoned.after(act, fact.subject_id)
    tallies.recount()
