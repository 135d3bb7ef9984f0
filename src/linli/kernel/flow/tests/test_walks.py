"""What holds on every walk through a flow."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from linli.kernel.calendar import Days
from linli.kernel.flow import Allowed, Position, actions_from, begin, dump, load, stages, step
from linli.kernel.flow.tests.cast import FLOW, GOOD, RESIDENT, at

DAYS = Days.shipped()
ROLES = {"resident", "clerk", "worker", "street", "system"}
ACTORS = st.integers(1, 4)
MINUTES = st.integers(0, 3 * 24 * 60)


@st.composite
def walks(draw: st.DrawFn) -> list[tuple[str, Position]]:
    """A random legal walk: (verb, position) after every step."""
    moment = at("03 09:00")
    position = begin(FLOW, "report", moment, RESIDENT)
    path = [("report", position)]
    for _ in range(draw(st.integers(0, 25))):
        actor = draw(ACTORS)
        answers = actions_from(FLOW, position, ROLES, actor)
        open_ = [answer.verb for answer in answers if isinstance(answer, Allowed)]
        if not open_:
            break
        verb = draw(st.sampled_from(open_))
        moment += timedelta(minutes=draw(MINUTES))
        position = step(FLOW, position, verb, moment, actor, GOOD, ROLES)
        path.append((verb, position))
    return path


@given(walks())
def test_every_walk_stays_inside_the_flow(path: list[tuple[str, Position]]) -> None:
    for _, position in path:
        assert position.state in FLOW.states
        assert load(dump(position)) == position
        assert position.halted == "" or position.paused_since is not None
        assert (position.paused_since is None) == (position.halted == "")
        assert all(p.ends is not None for p in position.pauses[:-1])


@given(walks())
def test_rounds_grow_only_by_actions_that_open_one(path: list[tuple[str, Position]]) -> None:
    for (_, before), (verb, after) in zip(path, path[1:], strict=False):
        assert after.round - before.round == int(FLOW.actions[verb].new_round)
        open_runs = [run.code for run in after.stages if run.met is None]
        assert len(open_runs) == len(set(open_runs))


@given(walks(), MINUTES, MINUTES)
def test_a_clock_that_stands_does_not_advance(
    path: list[tuple[str, Position]], first: int, second: int
) -> None:
    _, position = path[-1]
    if position.paused_since is None:
        return
    early = position.paused_since + timedelta(minutes=first)
    later = early + timedelta(minutes=second)
    seen = [stages(FLOW, position, moment, DAYS) for moment in (early, later)]
    for one, two in zip(*seen, strict=True):
        if one.state == "overdue" and position.halted == "paused":
            continue  # it was over before it was paused
        assert (one.state, one.due, one.share) == (two.state, two.due, two.share)
        if one.clock and one.due is None:
            assert one.clock.remaining(early) == one.clock.remaining(later)


@given(walks(), MINUTES)
def test_pausing_never_makes_a_promise_earlier(
    path: list[tuple[str, Position]], after: int
) -> None:
    for (_, before), (verb, now) in zip(path, path[1:], strict=False):
        if verb not in {"ask", "hold"}:
            continue
        moment = now.done[verb].at + timedelta(minutes=after)
        old = {(c.code, c.started): c.due for c in stages(FLOW, before, moment, DAYS)}
        for clock in stages(FLOW, now, moment, DAYS):
            was = old.get((clock.code, clock.started))
            assert clock.due is None or was is None or clock.due >= was
