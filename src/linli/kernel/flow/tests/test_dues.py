"""`dues` says of a run what `stages` says of it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from linli.kernel.calendar import OFFICE, SHANGHAI, Days, Term, Unit
from linli.kernel.flow import Flow, Pause, Position, StageRun, dues, stages

AT = datetime(2026, 3, 2, 9, 30, tzinfo=SHANGHAI)
DAYS = Days.of(())
LATER = AT + timedelta(hours=30)


def _flow() -> Flow:
    stage = {"title": "阶段", "starts_on": ("a",), "met_by": ("b",), "term": "3WD"}
    shape = {
        "states": {"s": {"title": "在"}},
        "actions": {"a": {"title": "做", "from": ("s",), "to": "s"}},
        "stages": {"one": stage, "two": {**stage, "term": "5WH"}, "bare": {**stage, "term": None}},
    }
    return Flow.model_validate(shape)


def _run(code: str, met: datetime | None = None, more: bool = False) -> StageRun:
    extensions = (Term(2, Unit.WORKING_DAY),) if more else ()
    return StageRun(code=code, round=1, started=AT, met=met, extensions=extensions)


RUNS = [
    (_run("one"), _run("two")),
    (_run("one", LATER), _run("two", LATER)),
    (_run("one", AT + timedelta(days=9)), _run("two", more=True)),
    (_run("one", more=True), _run("bare"), _run("gone")),
]
PAUSES = [(), (Pause(begins=AT),), (Pause(begins=AT, ends=LATER),)]


@pytest.mark.parametrize("runs", RUNS)
@pytest.mark.parametrize("pauses", PAUSES)
@pytest.mark.parametrize(
    "terms", [{}, {"one": AT + timedelta(hours=4)}, {"two": Term(1, Unit.DAY)}]
)
def test_dues_are_those_of_the_stages(
    runs: tuple[StageRun, ...], pauses: tuple[Pause, ...], terms: dict[str, Term | datetime]
) -> None:
    here = Position(state="s", stages=runs, pauses=pauses, halted="paused" if pauses else "")
    judged = stages(_flow(), here, LATER, DAYS, OFFICE, SHANGHAI, terms)
    found = dues(_flow(), here, DAYS, OFFICE, SHANGHAI, terms, kept="one")
    wanted = [c for c in judged if c.met_at is None or c.code == "one"]
    assert [(d.code, d.due, d.met_at) for d in found] == [(c.code, c.due, c.met_at) for c in wanted]
    assert [d.late for d in found] == [c.state == "late" for c in wanted]
