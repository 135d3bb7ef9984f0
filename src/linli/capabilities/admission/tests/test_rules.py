"""The gate's rules and the arithmetic of reductions, as tables."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from linli.capabilities.admission.policy import AdmissionPolicy
from linli.capabilities.admission.rules import (
    Asked,
    Held,
    Joint,
    Load,
    Passed,
    Stopped,
    certificate_refused,
    duplicates,
    growth,
    half_of,
    joint,
    judge,
    named_duty,
    near,
    reduced,
    whole,
)
from linli.kernel.policy.load import load
from linli.kernel.policy.pack import Pack

DAY = date(2026, 6, 1)
ITEM = Held(
    "A10",
    frozenset({"table", "task"}),
    "civil",
    frozenset({"person.name", "person.born"}),
    True,
    (0, 1000),
)
ASKED = Asked(
    kind="table",
    title="老年人需求摸排表",
    unit="civil",
    leads=("civil",),
    communities=(10, 20),
    streets=frozenset({5}),
    via=frozenset({5}),
    day=DAY,
    fields=("person.name",),
)


def section(place: str = "wuxi") -> AdmissionPolicy:
    raw = load(place)
    pack = Pack(0, place, raw.hash, raw.body, {"admission": AdmissionPolicy})
    return pack.section(AdmissionPolicy)


def test_what_is_admitted_passes() -> None:
    answer = judge(section(), ASKED, ITEM)
    assert isinstance(answer, Passed) and answer.by == "item"


STOPPED: dict[str, tuple[dict[str, Any], Held | None, str]] = {
    "R072 off the lists without money": ({"agreement": None}, None, "unknown_item"),
    "R072 an agreement without money": ({"agreement": Decimal(0)}, None, "unfunded"),
    "R071 a responsibility letter": ({"title": "安全生产责任书"}, ITEM, "responsibility_letter"),
    "R075 the community is made responsible": (
        {"title": "环境整治行动", "responsible": "community", "kind": "task"},
        ITEM,
        "responsible",
    ),
    "R075 named by its class": (
        {"forbidden_class": "N01", "responsible": "community"},
        ITEM,
        "responsible",
    ),
    "R075 forbidden off the lists even with money": (
        {"title": "占道经营整治", "agreement": Decimal(100)},
        None,
        "forbidden",
    ),
    "R075 never, under whatever item": ({"title": "招商引资任务分解"}, ITEM, "forbidden"),
    "a department's business is not the community's": (
        {"responsible": "community"},
        ITEM,
        "responsible",
    ),
    "R076 past the street": ({"via": frozenset()}, ITEM, "via_street"),
    "R076 through one street of two": ({"streets": frozenset({5, 6})}, ITEM, "via_street"),
    "R087 no lead": ({"leads": ()}, ITEM, "one_lead"),
    "R087 two leads": ({"leads": ("civil", "health")}, ITEM, "one_lead"),
    "R074 somebody else's business": ({"leads": ("health",)}, ITEM, "not_lead"),
    "R074 another unit's duty off the lists": (
        {"agreement": None, "duty": "urban_management"},
        None,
        "not_lead",
    ),
    "R074 a duty shifted down even for money": (
        {"duty": "civil", "responsible": "community", "agreement": Decimal(100)},
        None,
        "responsible",
    ),
    "R084 a veto": ({"veto": True}, ITEM, "veto"),
    "R084 a veto in the title": ({"title": "平安考核（一票否决）"}, ITEM, "veto"),
    "R090 more fields than admitted": (
        {"fields": ("person.name", "person.phone")},
        ITEM,
        "fields",
    ),
    "an inspection under a table's item": ({"kind": "inspection"}, ITEM, "wrong_kind"),
    "an item that has ended": ({}, replace(ITEM, in_force=False), "not_in_force"),
    "a community of another place": ({"communities": (10, 5000)}, ITEM, "elsewhere"),
    "R079 a certificate of the twenty": (
        {"kind": "seal", "title": "出具居民养犬证明"},
        None,
        "certificate",
    ),
    "R079 one that no list names": (
        {"kind": "seal", "title": "装修证明"},
        None,
        "unlisted_certificate",
    ),
}


@pytest.mark.parametrize("case", STOPPED)
@pytest.mark.row("R071", "R072", "R074", "R075", "R076", "R084", "R087")
def test_the_gate_stops(case: str) -> None:
    changes, held, clause = STOPPED[case]
    answer = judge(section(), replace(ASKED, **changes), held)
    assert isinstance(answer, Stopped) and answer.clause == clause


def test_every_answer_of_the_gate_has_its_words() -> None:
    known = section().clause_by_code
    assert {clause for _changes, _held, clause in STOPPED.values()} <= set(known)


@pytest.mark.row("R072")
def test_money_opens_the_gate_for_what_stands_on_no_list() -> None:
    bought = replace(ASKED, fields=(), agreement=Decimal(5000), title="楼道粉刷看护")
    answer = judge(section(), bought, None)
    assert isinstance(answer, Passed) and answer.by == "agreement"


@pytest.mark.row("R079")
@pytest.mark.parametrize(
    ("wish", "code"),
    [
        ("亲属关系证明", "X01"),
        ("无犯罪记录证明", "X05"),
        ("单身证明", "X08"),
        ("健在 证明", "X10"),
        ("收入证明", "X17"),
        ("志愿服务证明", None),
        ("", None),
    ],
)
def test_who_proves_it_instead(wish: str, code: str | None) -> None:
    found = certificate_refused(section().certificates, wish)
    assert (found.code if found else None) == code
    assert found is None or found.instead


@pytest.mark.row("R079")
def test_the_national_list_has_twenty() -> None:
    assert len(section("national").certificates) == 20
    assert len(section("national").forbidden) == 12


@pytest.mark.row("R068")
def test_jingmen_s_reduction_by_both_methods() -> None:
    counted = section("jingmen").reductions
    found = reduced([(each.before, each.after) for each in counted])
    assert [str(rate) for rate in found.each] == ["50.98", "81.76", "63.33"]
    assert (str(found.pooled), str(found.mean)) == ("69.54", "65.36")
    met = found.meets(section("jingmen").target.percent)
    assert met == {"pooled": True, "mean": True, "each": False}


@pytest.mark.row("R093")
def test_fewer_booklets_in_as_many_classes_are_not_less() -> None:
    ledgers = section("zhoushan").reductions[0]
    assert str(reduced([(ledgers.before, ledgers.after)]).pooled) == "16.67"
    assert not whole(ledgers.before, ledgers.after, ledgers.classes_before, ledgers.classes_after)
    assert whole(102, 50) and not whole(50, 50)


def test_a_reduction_needs_a_before() -> None:
    for pairs in ([], [(0, 0)]):
        with pytest.raises(ValueError, match="before"):
            reduced(pairs)


@pytest.mark.row("R090")
def test_growth_under_another_name() -> None:
    before = Load(tables=5, fields=50, by_hand=100, meetings=4, hours=Decimal(10))
    now = Load(tables=3, fields=80, by_hand=90, meetings=4, hours=Decimal(12))
    assert [(g.stood, g.grew, g.percent) for g in growth(before, now)] == [
        ("tables", "fields", 60),
        ("tables", "hours", 20),
        ("meetings", "hours", 20),
    ]
    assert growth(before, before) == []
    more = replace(now, tables=9)
    assert [g.grew for g in growth(before, more)] == ["hours"]


def test_fields_that_two_departments_ask() -> None:
    asked = [(1, ["person.name", "person.phone"]), (2, ["person.name"]), (1, ["person.name"])]
    assert duplicates(asked) == {"person.name": frozenset({1, 2})}


@pytest.mark.row("R081")
def test_joint_visits_of_a_fortnight() -> None:
    june = [date(2026, 6, day) for day in (2, 9, 15, 16)]
    visits = [(1, 10, 7, june[0]), (2, 10, 8, june[2]), (3, 11, 7, june[0]), (4, 11, 8, june[1])]
    assert joint(visits) == [Joint(7, 8, june[0].replace(day=1), ((1, 2), (3, 4)))]
    assert joint([(1, 10, 7, june[0]), (2, 10, 7, june[1])]) == [], "one department's own"
    assert joint([(1, 10, 7, june[2]), (2, 10, 8, june[3])]) == [], "another fortnight"
    assert half_of(june[3]) == june[3] and half_of(june[2]).day == 1
    three = joint([(1, 10, 7, june[0]), (2, 10, 8, june[1]), (3, 10, 9, june[2])])
    assert [(each.first, each.second) for each in three] == [(7, 8), (7, 9)]


@pytest.mark.row("R081")
def test_what_might_be_held_together() -> None:
    days = [(1, date(2026, 6, 1)), (3, date(2026, 6, 20)), (2, date(2026, 6, 5))]
    assert near(days, 7) == [(1, 2)]
    assert near(days, 3) == []


@pytest.mark.row("R074")
def test_a_title_names_the_duty_of_one_unit() -> None:
    duties = {
        "city": ["户外广告", "环卫"],
        "water": ["河道", "养老"],
        "civil": ["养老", "养老服务站"],
    }
    assert named_duty(duties, "清理户外广告") == "city"
    assert named_duty(duties, "养老服务站巡查") == "civil", "the longest word speaks"
    assert named_duty(duties, "养老摸排") == "", "what two units share names neither"
    assert named_duty(duties, "普法宣传") == ""
    assert isinstance(judge(section(), replace(ASKED, duty="police"), ITEM), Passed), "admitted"
