"""The clocks of a case."""

from datetime import datetime

import pytest

from linli.kernel.calendar import Days, Term
from linli.kernel.flow import Position, StageClock, escalations, stages, step
from linli.kernel.flow.tests.cast import (
    ASSIGNED,
    FLOW,
    GOOD,
    HANDLED,
    HANDLING,
    STREET,
    WORKER,
    at,
    walk,
)

DAYS = Days.shipped()


def clock(position: Position, code: str, now: str, **terms: Term | datetime) -> StageClock:
    found = [c for c in stages(FLOW, position, at(now), DAYS, terms=terms) if c.code == code]
    return found[-1]


@pytest.mark.row("R107")
@pytest.mark.parametrize(
    ("now", "state"),
    [
        ("03 15:00", "ok"),
        ("07 09:00", "yellow"),
        ("10 11:00", "red"),
        ("10 17:30", "red"),
        ("10 17:31", "overdue"),
    ],
)
def test_a_promise_turns_yellow_red_and_overdue(now: str, state: str) -> None:
    found = clock(walk(*HANDLING), "promise", now)
    assert (found.due, found.state) == (at("10 17:30"), state)


def test_stages_are_met_in_time_or_late() -> None:
    assert clock(walk(*HANDLING), "sign", "20 09:00").state == "met"
    late = walk(("report", "03 09:00"), ("accept", "03 14:31"))
    assert (clock(late, "sign", "20 09:00").due, clock(late, "sign", "20 09:00").state) == (
        at("03 14:30"),
        "late",
    )


def test_waiting_for_the_resident_stops_the_clock() -> None:
    waiting = walk(*HANDLING, ("ask", "04 10:00"))
    found = clock(waiting, "promise", "28 10:00")
    assert (found.due, found.state) == (None, "paused")
    assert found.clock is not None
    assert str(found.clock.remaining(at("28 10:00"))) == "5WD"
    back = step(FLOW, waiting, "answer", at("06 10:00"), 10)
    assert clock(back, "promise", "06 11:00").due == at("12 17:30")
    assert back.paused_since is None


def test_a_hold_without_a_change_of_state() -> None:
    held = walk(*HANDLING, ("hold", "04 10:00"), ("urge", "04 11:00"))
    assert held.halted == "paused"
    assert clock(held, "promise", "28 10:00").state == "paused"
    on = step(FLOW, held, "go_on", at("05 10:00"), WORKER)
    assert clock(on, "promise", "05 11:00").due == at("11 17:30")


def test_an_extension_moves_the_promise() -> None:
    assert clock(walk(*HANDLING, ("prolong", "04 10:00")), "promise", "05 11:00").due == at(
        "17 17:30"
    )


def test_rework_lets_the_first_clock_go_on() -> None:
    again = walk(*HANDLED, ("rework", "06 10:00"))
    found = clock(again, "promise", "11 10:00")
    assert (found.started, found.due, found.state) == (at("03 09:00"), at("10 17:30"), "overdue")
    done = step(FLOW, again, "handle", at("11 11:00"), WORKER, GOOD)
    assert clock(done, "promise", "12 10:00").state == "late"


def test_a_reopened_case_has_a_new_promise() -> None:
    closed = walk(*HANDLED, ("close", "04 11:00"))
    again = step(FLOW, closed, "reopen", at("18 10:00"), 10)
    runs = [c for c in stages(FLOW, again, at("18 11:00"), DAYS) if c.code == "promise"]
    assert [(c.round, c.state, c.due) for c in runs] == [
        (1, "met", at("10 17:30")),
        (2, "ok", at("25 17:30")),
    ]


def test_a_deadline_set_by_the_hotline_does_not_wait() -> None:
    waiting = walk(*HANDLING, ("ask", "04 10:00"))
    fixed = at("06 10:00")
    assert clock(waiting, "hotline", "06 09:00", hotline=fixed).state == "red"
    assert clock(waiting, "hotline", "06 10:01", hotline=fixed).state == "overdue"
    assert clock(waiting, "hotline", "06 09:00", hotline=Term.parse("1D")).due == at("04 17:30")
    assert [c.code for c in stages(FLOW, waiting, at("06 09:00"), DAYS)] == ["sign", "promise"]


def test_a_case_that_ended_is_judged_as_it_ended() -> None:
    position = walk(("report", "03 09:00"), ("refuse", "03 10:00"))
    found = clock(position, "promise", "28 10:00")
    assert (found.state, found.due) == ("stopped", at("10 17:30"))
    late = walk(("report", "03 09:00"), ("refuse", "03 15:00"))
    assert clock(late, "sign", "28 10:00").state == "overdue"


def _due(position: Position, now: str) -> list[str]:
    return [each.action for each in escalations(FLOW, position, at(now), DAYS)]


def test_escalation_after_the_term_happens_once() -> None:
    handling = walk(*HANDLING)
    assert _due(handling, "10 17:30") == []
    assert _due(handling, "11 09:00") == ["raise"]
    raised = step(FLOW, handling, "raise", at("11 09:00"), 1, roles={"system"})
    assert raised.senders[-1].state == "handling"
    taken = step(FLOW, raised, "start", at("11 09:30"), STREET)
    assert _due(taken, "13 09:00") == []


def test_escalation_when_idle() -> None:
    assigned = walk(*ASSIGNED)
    assert _due(assigned, "04 17:30") == []
    assert _due(assigned, "04 17:31") == ["raise"]
    urged = step(FLOW, assigned, "urge", at("04 12:00"), 10)
    assert _due(urged, "04 17:31") == ["raise"]


def test_nothing_escalates_while_the_clock_stands() -> None:
    assert _due(walk(*HANDLING, ("ask", "04 10:00")), "28 09:00") == []
