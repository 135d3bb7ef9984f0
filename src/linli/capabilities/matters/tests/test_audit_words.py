"""The auditor reads words for the codes that facts of matters, tables and the gate keep."""

from __future__ import annotations

import pytest
from django.utils.translation import override

from linli.capabilities.matters.selectors.names import names
from linli.kernel.access.selectors import wording
from linli.kernel.acts import system_act, under
from linli.kernel.acts.models import Fact
from linli.kernel.places import selectors as places
from tests.town import Town

TOLD = (
    (
        "matters.accept",
        "matters.matter",
        {"state": "handling", "was": "reported"},
        "办理中",
        "待受理",
    ),
    ("matters.handle", "matters.matter", {"result": "partly"}, "部分解决", "办理结果"),
    ("matters.message", "matters.matter", {"side": "internal"}, "内部", "谁说的"),
    ("tables.bring", "tables.form", {"state": "draft"}, "待确认", "之后的状态"),
    ("tables.answer", "tables.gap", {"elements": ["person.phone"]}, "联系电话", "数据元"),
    ("tables.enter", "tables.entry", {"kind": "activity"}, "活动", "类型"),
    ("admission.submit", "admission.application", {"was": "draft"}, "起草", "之前的状态"),
    ("admission.begin", "admission.work", {"kind": "campaign"}, "减负专项行动", "类型"),
    ("admission.fill", "admission.work", {"step": "agreement"}, "签订协议", "步骤"),
    ("files.add", "files.file", {"owner_type": "tables.form"}, "附在哪里", "（tables.form）"),
    ("files.add", "files.file", {"purpose": "handle"}, "用途", "处理结果"),
    ("files.end_export", "files.export", {"state": "ready"}, "之后的状态", "已完成"),
    ("access.sign_in", "access.account", {"way": "code"}, "登录方式", "短信验证码"),
    ("tasks.hand", "tasks.task", {"kind": "matters.handle"}, "类型", "办理诉求"),
    ("registry.move_out", "registry.person", {"ending": "moved"}, "原因", "（moved）"),
    ("registry.bond", "registry.person", {"kind": "spouse"}, "类型", "配偶"),
    ("registry.link_row", "registry.batchrow", {"verdict": "same"}, "判定", "是同一人"),
    ("registry.decide_objection", "registry.objection", {"taken": True}, "是否更正", "是"),
    ("tables.count", "tables.sheet", {"round": 7}, "下发编号", "7"),
    (
        "admission.demand",
        "admission.ticket",
        {"clause": "unknown_item"},
        "（unknown_item）",
        "理由",
    ),
)


@pytest.mark.parametrize(("verb", "kind", "data", "one", "other"), TOLD, ids=[t[0] for t in TOLD])
def test_codes_are_told_in_words(
    town: Town, verb: str, kind: str, data: dict[str, object], one: str, other: str
) -> None:
    with under(system_act()):
        told = wording.data(Fact(verb=verb, subject_type=kind, data=data))
    text = "；".join(f"{name}：{value}" for name, value in told)
    assert one in text and other in text, text
    assert all(not name.isascii() for name, _value in told), text


def test_a_unit_is_told_by_its_name(town: Town) -> None:
    unit = town.act("zheng").unit
    with under(system_act()):
        fact = Fact(verb="matters.report", subject_type="matters.matter", data={"unit": unit})
        assert wording.data(fact) == [("单位", "市政和园林局")]


def test_where_something_went_is_told_by_name(town: Town) -> None:
    unit, grid = town.act("zheng").unit, town.act("lin").spans[0].lo
    facts = (
        Fact(verb="matters.transfer", subject_type="matters.matter", data={"to": unit}),
        Fact(verb="registry.places.move_estate", subject_type="", data={"to": grid}),
    )
    with under(system_act()):
        (_to, office), (_also, area) = (wording.data(each)[0] for each in facts)
        assert office == "市政和园林局"
        assert area == places.near_name(grid) != ""


def test_a_route_is_told_by_its_reason(town: Town) -> None:
    route = names().policy.routes[0]
    fact = Fact(verb="matters.report", subject_type="matters.matter", data={"route": route.code})
    with under(system_act()):
        assert wording.data(fact) == [("分派的理由", f"{route.reason}（{route.code}）")]


def test_a_moment_is_told_as_the_clock_here_shows_it(town: Town) -> None:
    fact = Fact(verb="matters.recount", data={"due": "2026-03-02T01:30:00+00:00", "was": None})
    with under(system_act()):
        assert wording.data(fact) == [("期限", "2026-03-02 09:30"), ("之前的状态", "无")]


def test_words_follow_the_reader(town: Town) -> None:
    fact = Fact(verb="matters.handle", subject_type="matters.matter", data={"result": "partly"})
    with under(system_act()), override("en"):
        assert "部分解决" not in str(wording.data(fact)), "the form's words have their English"
