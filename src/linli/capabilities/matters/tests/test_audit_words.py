"""The auditor reads words for the codes that facts of matters, tables and the gate keep."""

from __future__ import annotations

import pytest
from django.utils.translation import override

from linli.kernel.access.selectors import wording
from linli.kernel.acts import system_act, under
from linli.kernel.acts.models import Fact
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


def test_words_follow_the_reader(town: Town) -> None:
    fact = Fact(verb="matters.handle", subject_type="matters.matter", data={"result": "partly"})
    with under(system_act()), override("en"):
        assert "部分解决" not in str(wording.data(fact)), "the form's words have their English"
