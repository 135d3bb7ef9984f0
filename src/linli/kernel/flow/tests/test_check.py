"""Faults of a declared flow, and its picture."""

from copy import deepcopy
from typing import Any

import pytest
from pydantic import ValidationError

from linli.kernel.flow import Flow, check, diagram
from linli.kernel.flow.tests.cast import FLOW, HANDLED, HANDLING, RAW, walk

ROLES = {"resident", "clerk", "worker", "street"}


def test_the_flow_of_the_tests_is_sound() -> None:
    assert check(FLOW, ROLES) == []


def with_(path: str, value: Any) -> Flow:
    raw = deepcopy(RAW)
    *steps, last = path.split(".")
    inner = raw
    for each in steps:
        inner = inner[each]
    if value is None:
        del inner[last]
    else:
        inner[last] = value
    return Flow.model_validate(raw)


ACTION = {"title": "新动作", "from": "handling", "to": "closed", "roles": "clerk"}
FAULTS = [
    ("states.lost", {"title": "孤岛"}, {"unreachable", "dead_end"}),
    ("actions.answer", None, {"dead_end", "stuck_pause"}),
    ("actions.go_on", {**ACTION, "to": "@same"}, set()),
    ("actions.x", {**ACTION, "to": "nowhere"}, {"unknown"}),
    ("actions.x", {**ACTION, "from": ["nowhere"]}, {"unknown"}),
    ("actions.x", {**ACTION, "roles": "stranger"}, {"unknown"}),
    ("actions.x", {**ACTION, "distinct_from": "nothing"}, {"unknown"}),
    ("actions.x", {**ACTION, "kind": "extend", "extends": "nothing"}, {"unknown"}),
    ("actions.x", {**ACTION, "kind": "extend"}, {"contradiction"}),
    ("actions.x", {**ACTION, "pauses": True, "resumes": True}, {"contradiction"}),
    ("actions.x", {**ACTION, "to": "waiting", "resumes": True}, {"contradiction"}),
    ("actions.x", {**ACTION, "kind": "return", "to": "@same"}, {"contradiction"}),
    ("actions.x", {**ACTION, "distinct_from": "x"}, {"contradiction"}),
    ("actions.x", {**ACTION, "roles": []}, {"nobody"}),
    ("actions.x", {**ACTION, "from": "reported", "to": "@sender"}, {"sender"}),
    ("actions.report.hands_over", True, {"sender"}),
    ("actions.report", {**ACTION, "from": "reported", "to": "accepted"}, {"start"}),
    ("stages.sign.met_by", "nothing", {"unknown"}),
    ("stages.sign.met_by", [], {"unmet"}),
    ("escalations", [{"idle": "1WD", "action": "nothing"}], {"unknown"}),
    ("escalations", [{"idle": "1WD", "action": "accept"}], {"escalation"}),
    ("escalations", [{"idle": "1WD", "action": "raise", "states": "closed"}], {"escalation"}),
    ("escalations", [{"stage": "no", "after_share": 1, "action": "raise"}], {"unknown"}),
]


@pytest.mark.parametrize(("path", "value", "codes"), FAULTS)
def test_faults_are_named(path: str, value: Any, codes: set[str]) -> None:
    problems = check(with_(path, value), ROLES)
    assert {problem.code for problem in problems} == codes
    assert all(problem.words and problem.where for problem in problems)


def test_a_flow_without_an_end() -> None:
    raw = deepcopy(RAW)
    for state in raw["states"].values():
        state.pop("terminal", None)
    assert {p.code for p in check(Flow.model_validate(raw))} == {"endless"}


def test_a_resuming_action_is_no_way_out_for_nobody() -> None:
    raw = deepcopy(RAW)
    raw["actions"]["answer"]["roles"] = []
    codes = {p.code for p in check(Flow.model_validate(raw))}
    assert codes == {"nobody", "stuck_pause"}


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("states.reported.colour", "red"),
        ("states.reported.clock", "sleeps"),
        ("stages.sign.term", "soon"),
        ("stages.sign.warn", {"yellow": 0.9, "red": 0.5}),
        ("escalations", [{"action": "raise"}]),
        ("escalations", [{"action": "raise", "after_share": 1.0}]),
        ("escalations", [{"action": "raise", "idle": "1WD", "stage": "sign"}]),
    ],
)
def test_a_shape_that_is_wrong_is_refused(path: str, value: Any) -> None:
    with pytest.raises(ValidationError):
        with_(path, value)


def test_a_flow_survives_json() -> None:
    assert Flow.model_validate_json(FLOW.model_dump_json(by_alias=True)) == FLOW


def test_the_picture_lights_the_current_step() -> None:
    picture = diagram(FLOW, walk(*HANDLING))
    assert [node.code for node in picture.nodes if node.current] == ["handling"]
    levels = {node.code: node.level for node in picture.nodes}
    assert levels["reported"] == 0
    assert levels["handling"] == 3
    edges = {(e.verb, e.source, e.target): e for e in picture.edges}
    assert edges["start", "assigned", "handling"].done
    assert edges["send_back", "handling", "accepted"].back
    assert edges["send_back", "handling", "accepted"].kind == "return"
    assert not [e for e in picture.edges if e.verb == "urge"]
    assert len(diagram(FLOW).nodes) == len(FLOW.states)


def test_an_action_open_in_two_states_is_lit_only_where_the_case_has_been() -> None:
    raw = deepcopy(RAW)
    raw["actions"]["handle"]["from"] = ["handling", "waiting"]
    picture = diagram(Flow.model_validate(raw), walk(*HANDLED))
    done = {(e.source, e.target) for e in picture.edges if e.verb == "handle" and e.done}
    assert {source for source, _ in done} == {"handling"}
