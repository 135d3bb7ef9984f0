"""Who may do what, and where it leads."""

import pytest

from linli.kernel.flow import (
    Allowed,
    NotAllowed,
    Position,
    Refused,
    actions_from,
    begin,
    dump,
    load,
    may,
    step,
)
from linli.kernel.flow.tests.cast import (
    ASSIGNED,
    CLERK,
    FLOW,
    GOOD,
    HANDLED,
    HANDLING,
    RESIDENT,
    SECOND,
    WORKER,
    at,
    walk,
)


def test_a_case_begins_and_goes_on() -> None:
    position = walk(*HANDLED)
    assert (position.state, position.round, position.holder) == ("handled", 1, WORKER)
    assert position.done["handle"].actor == WORKER


@pytest.mark.row("R104")
def test_the_first_receiver_holds_it_until_a_successor_takes_it() -> None:
    assert walk(("report", "03 09:00")).holder == 0
    assert walk(*ASSIGNED).holder == CLERK
    assert walk(*HANDLING).holder == WORKER


def test_a_return_goes_to_the_person_who_sent_it() -> None:
    back = walk(*HANDLING, ("send_back", "03 15:00"))
    assert (back.state, back.holder, back.senders) == ("accepted", CLERK, ())
    raised = walk(*HANDLING, ("raise", "03 15:00"))
    once = step(FLOW, raised, "send_back", at("03 16:00"), SECOND, GOOD)
    assert (once.state, once.holder) == ("handling", WORKER)
    twice = step(FLOW, once, "send_back", at("03 16:30"), WORKER, GOOD)
    assert (twice.state, twice.holder) == ("accepted", CLERK)


REFUSED = [
    ("reported", "close", {"clerk"}, "state", "当前是“待受理”，不能“核实结案”。"),
    ("reported", "accept", {"resident"}, "role", "您的岗位不能“受理”。"),
    ("reported", "nothing", {"clerk"}, "unknown", "没有这个办理动作。"),
    ("nowhere", "accept", {"clerk"}, "state", "当前状态不在流程中。"),
    ("closed", "urge", {"resident"}, "state", "当前是“已办结”，不能“催办”。"),
    ("assigned", "send_back", {"worker"}, "sender", "没有交办人，无处可退。"),
    ("handling", "go_on", {"worker"}, "running", "没有停表，无需恢复。"),
    ("@new", "accept", {"clerk"}, "state", "当前是“未登记”，不能“受理”。"),
]


@pytest.mark.parametrize(("state", "verb", "roles", "code", "words"), REFUSED)
def test_refusals_say_why(state: str, verb: str, roles: set[str], code: str, words: str) -> None:
    answer = may(FLOW, state, verb, roles)
    assert isinstance(answer, Refused)
    assert not answer
    assert (answer.code, answer.words) == (code, words)


def test_only_another_than_the_handler_may_verify() -> None:
    handled = walk(*HANDLED)
    own = may(FLOW, handled, "close", {"worker"}, WORKER)
    assert isinstance(own, Refused)
    assert own.words == "“办理”和“核实结案”不能是同一个人。"
    assert may(FLOW, handled, "close", {"clerk"}, CLERK)
    with pytest.raises(NotAllowed, match="同一个人"):
        step(FLOW, handled, "close", at("04 11:00"), WORKER)


def test_only_the_holder_may_handle() -> None:
    handling = walk(*HANDLING)
    assert may(FLOW, handling, "handle", {"worker"}, WORKER)
    assert not may(FLOW, handling, "handle", {"worker"}, WORKER + 1)
    with pytest.raises(NotAllowed, match="岗位"):
        step(FLOW, handling, "handle", at("04 10:00"), WORKER + 1, GOOD)


def test_actions_come_with_the_reason_they_are_refused() -> None:
    found = {answer.verb: answer for answer in actions_from(FLOW, "reported", {"clerk"})}
    assert list(found) == ["accept", "refuse", "urge"]
    assert isinstance(found["accept"], Allowed)
    assert isinstance(found["urge"], Refused)


@pytest.mark.parametrize(
    ("verb", "inputs", "field", "words"),
    [
        ("handle", {"outcome": "好"}, "evidence", "“办理”须填写办理凭证。"),
        ("handle", {"outcome": "", "evidence": [1]}, "outcome", "须填写办理结果"),
        ("send_back", None, "reason", "须填写理由"),
        ("prolong", {"reason": "等料", "term": "soon"}, "term", "写法不对"),
        ("prolong", {"reason": "等料", "term": "11WD"}, "term", "最多10个工作日"),
        ("prolong", {"reason": "等料", "term": "1D"}, "term", "最多10个工作日"),
    ],
)
def test_inputs_are_asked_for(
    verb: str, inputs: dict[str, object] | None, field: str, words: str
) -> None:
    with pytest.raises(NotAllowed, match=words) as error:
        step(FLOW, walk(*HANDLING), verb, at("04 10:00"), WORKER, inputs)
    assert error.value.refused.field == field


def test_times_go_forward_and_name_their_zone() -> None:
    with pytest.raises(NotAllowed, match="早于"):
        step(FLOW, walk(*HANDLING), "urge", at("03 13:00"), RESIDENT)
    with pytest.raises(NotAllowed, match="时区"):
        step(FLOW, walk(*HANDLING), "urge", at("04 13:00").replace(tzinfo=None), RESIDENT)


def test_one_extension_only() -> None:
    longer = walk(*HANDLING, ("prolong", "04 10:00"))
    assert [str(t) for r in longer.stages for t in r.extensions] == ["5WD"]
    answer = may(FLOW, longer, "prolong", {"street"}, 40)
    assert isinstance(answer, Refused)
    assert answer.words == "“准予延期”最多1次，已经用完。"


def test_roles_given_to_a_step_are_checked() -> None:
    with pytest.raises(NotAllowed, match="岗位"):
        begin(FLOW, "report", at("03 09:00"), CLERK, roles={"clerk"})
    assert begin(FLOW, "report", at("03 09:00"), 0, roles={"resident"}).state == "reported"


def test_rework_opens_a_round_and_keeps_the_past() -> None:
    again = walk(*HANDLED, ("rework", "05 10:00"))
    assert (again.round, again.state) == (2, "handling")
    assert again.done["handle"].round == 1
    assert [run.met for run in again.stages if run.code == "promise"] == [None]


def test_a_position_survives_json() -> None:
    position = walk(*HANDLING, ("prolong", "04 10:00"), ("ask", "04 11:00"))
    raw = dump(position)
    assert load(raw) == position
    assert load(dump(Position(state="reported"))).state == "reported"
    with pytest.raises(ValueError):
        load({"state": "reported", "colour": "red"})
