"""Files of organisations: matched by code, then by name; checked, merged by precedence, asked, sent back."""

from __future__ import annotations

from pathlib import Path

import pytest

from linli.capabilities.registry.models import BatchRow, Conflict, Organisation
from linli.capabilities.registry.selectors import imports as reads
from linli.capabilities.registry.services import decisions, returning
from linli.capabilities.registry.tests.importing import imported, total, written
from linli.kernel.acts import system_act, under
from linli.kernel.vault.uscc import compose
from tests.town import Town

HEADS = (
    "社会组织名称",
    "统一社会信用代码",
    "组织类型",
    "法定代表人",
    "联系电话",
    "住所",
    "成立日期",
    "证书有效期至",
    "所属社区",
)


def code(at: int, type_: str = "52") -> str:
    """A right social credit code that nobody has."""
    return compose(type_, "320200", f"{at:08d}")


def row(
    at: int, name: str, *, uscc: str | None = None, phone: str = "13600000001"
) -> tuple[str, ...]:
    given = code(at) if uscc is None else uscc
    return (
        name, given, "民办非企业单位", "周大明", phone, "春江路1号", "2020年5月1日", "2028.4.30", "甲社区",
    )  # fmt: skip


def bodies() -> dict[str, Organisation]:
    with under(system_act()):
        return {each.name: each for each in Organisation.objects.filter(name__startswith="春江")}


@pytest.mark.row("R012")
def test_organisations_are_checked_matched_and_merged(town: Town, tmp_path: Path) -> None:
    bad = code(3)[:-1] + ("1" if code(3)[-1] != "1" else "2")
    rows = (
        row(1, "春江为老服务中心"),
        row(2, "春江社工站", uscc=""),
        row(3, "春江坏代码中心", uscc=bad),
        row(4, "", uscc=code(4)),
        row(5, "春江他处中心")[:-1] + ("没有的社区",),
    )
    batch = imported(town, written(tmp_path, HEADS, *rows), "civil", area="试验市")
    counts = total(batch)
    assert (counts["rows"], counts["organisations"], counts["refused"]) == (5, 2, 3), counts
    found = bodies()
    first = found["春江为老服务中心"]
    assert first.uscc == code(1) and first.area_id == town.area("甲社区").pk
    assert (str(first.since), str(first.valid_until)) == ("2020-05-01", "2028-04-30")
    assert first.head_name == "周大明" and first.phone.open() == "13600000001"
    assert first.sources == {"*": batch.pk}
    with under(system_act()):
        why = dict(BatchRow.objects.filter(batch=batch).values_list("line", "reasons"))
    assert why == {
        4: ["organisation.uscc:uscc"],
        5: ["organisation.name:body.empty"],
        6: ["residence.community:area.unknown"],
    }
    assert "统一社会信用代码" in reads.words_of(why[4][0])
    again = total(imported(town, written(tmp_path, HEADS, *rows), "civil", area="试验市"))
    assert again.get("organisations", 0) == again.get("organisations_changed", 0) == 0
    assert again["organisations_met"] == 2 and again.get("conflicts", 0) == 0
    later = (row(2, "春江社工站", phone="13600000002"),)
    imported(town, written(tmp_path, HEADS, *later, name="二.csv"), "market", area="试验市")
    second = bodies()["春江社工站"]
    assert second.uscc == code(2), "known by its name, its code is taken over"
    # Without a profile a phone beside a company is the company's own.
    assert second.public_phone == "13600000002" and len(bodies()) == 2


@pytest.mark.row("R012")
def test_two_sources_of_one_day_are_asked_and_the_answer_goes_back(
    town: Town, tmp_path: Path
) -> None:
    imported(town, written(tmp_path, HEADS, row(11, "春江甲中心")), "civil", area="试验市")
    file = written(tmp_path, HEADS, row(11, "春江乙中心"), name="二.csv")
    batch = imported(town, file, "urban", area="试验市")
    with under(system_act()):
        asked = Conflict.objects.get(batch=batch)
        assert (asked.record_set, asked.field, asked.offered.open()) == (
            "organisation",
            "name",
            "春江乙中心",
        )
        (dispute,) = reads.disputes(system_act()).rows
        assert dispute.who == "春江甲中心" and dispute.title == "单位名称"
        decisions.decide_conflict(system_act(), asked, take=False)
        told = returning.take_corrections(system_act(), batch, reason="退回更正")
    assert [(offered, held) for _each, offered, held in told] == [("春江乙中心", "春江甲中心")]
    assert set(bodies()) == {"春江甲中心"}


def test_same_names_are_never_guessed(town: Town, tmp_path: Path) -> None:
    rows = (row(21, "春江便利店"), row(22, "春江便利店"), row(23, "春江便利店", uscc=""))
    counts = total(imported(town, written(tmp_path, HEADS, *rows), "civil", area="试验市"))
    assert counts["organisations"] == 2 and counts["refused"] == 1
    assert counts["why:organisation.name:body.several"] == 1


def test_shops_of_a_department_have_their_kind_from_the_profile(town: Town, tmp_path: Path) -> None:
    heads = (
        "店名",
        "统一社会信用代码",
        "经营者",
        "联系电话",
        "经营范围",
        "经营地址",
        "从业人数",
        "所属社区",
    )
    shop = (
        "春江早餐店",
        code(31, "92"),
        "陈大姐",
        "13600000003",
        "餐饮",
        "春江路3号",
        "4",
        "甲社区",
    )
    imported(town, written(tmp_path, heads, shop), "urban", area="试验市")
    found = bodies()["春江早餐店"]
    assert (found.kind, found.headcount, found.more) == (
        "individual_business",
        4,
        {"scope": "餐饮"},
    )
