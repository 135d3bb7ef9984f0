"""What follows from facts: a round is counted, sheets come before people, and follow people and communities."""

from __future__ import annotations

from linli.capabilities.tables import jobs
from linli.capabilities.tables.models import Gap, Round, Sheet
from linli.capabilities.tables.services import following, gaps, rezoned
from linli.capabilities.tables.services.answers import finished
from linli.capabilities.tables.services.rounds import CONFIRM
from linli.kernel.acts import Act, listens
from linli.kernel.acts.models import Fact
from linli.kernel.places.models import Rezoning
from linli.kernel.tasks import services as tasks


@listens("tables.issue")
def count_known(act: Act, facts: list[Fact]) -> None:
    """A round that passed the gate is counted by the queue."""
    for fact in facts:
        if fact.data.get("passed") and fact.data.get("round"):
            jobs.open_round.defer(round_id=fact.data["round"])


@listens("admission.issue")
def handed_on(act: Act, facts: list[Fact]) -> None:
    """Once its street hands a form on, the community has it on its list and its gaps at the doors."""
    demands = [key for fact in facts for key in fact.data.get("demands", ())]
    rows = Sheet.objects.filter(demand__in=demands, state=Sheet.State.FILLING)
    gaps.ask(act, list(rows.select_related("round", "area").order_by("pk")))


@listens("admission.decline", "admission.recall")
def taken_off(act: Act, facts: list[Fact]) -> None:
    """What a community declined, or the department took back, is asked nowhere any more."""
    tickets = [f.subject_id for f in facts if f.subject_type == "admission.ticket"]
    demands = [f.subject_id for f in facts if f.subject_type == "admission.demand"]
    Round.objects.filter(ticket__in=tickets).exclude(sheets__demand__state="delivered").update(
        state=Round.State.RECALLED
    )
    rows = Sheet.objects.filter(demand__ticket__in=tickets) | Sheet.objects.filter(
        demand__in=demands
    )
    keys = list(
        rows.filter(demand__state__in=("declined", "recalled")).values_list("pk", flat=True)
    )
    tasks.finish_many(act, "tables.sheet", keys, [CONFIRM])
    open_ = Gap.objects.filter(sheet__in=keys, state=Gap.State.OPEN)
    homes = {home for home in open_.values_list("household", flat=True) if home}
    open_.update(state=Gap.State.GONE)
    finished(act, homes)


@listens(
    *("registry.register", "registry.birth", "registry.adopt", "registry.move_in"),
    *("registry.move_out", "registry.death", "registry.correct", "registry.visit"),
    *("registry.decide_conflict", "registry.split_household", "registry.merge_households"),
    *("registry.undo",),
)
def follow_people(act: Act, facts: list[Fact]) -> None:
    """Open sheets follow people who came, moved, died, or of whom more is known."""
    people = following.people_of(facts)
    if people and Round.objects.filter(state=Round.State.OPEN).exists():
        following.follow(act, people=people)


@listens("places.switch")
def follow_communities(act: Act, facts: list[Fact]) -> None:
    """Sheets that are out follow communities that were joined or divided."""
    for row in Rezoning.objects.filter(pk__in=[fact.subject_id for fact in facts]):
        rezoned.rezoned(act, row)
