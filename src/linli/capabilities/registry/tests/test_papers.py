"""Which headings ask for the number of a person's identity card, and which only sound like it."""

from __future__ import annotations

from pathlib import Path

import pytest

from linli.capabilities.registry.reading import SETS, Plan, open_table, plan
from linli.capabilities.registry.services.imports.opening import score
from linli.kernel.dictionary import selectors as dictionary
from tests.town import Town


def _planned(file: Path) -> Plan:
    return plan(open_table(file, score), lambda heading: dictionary.look_up(heading, SETS))


# Headings of numbers of papers, and of people's own numbers; what each may be taken for.
PAPERS = (
    "低保证号", "低保证编号", "最低生活保障证号", "残疾证号", "残疾人证号", "残疾人证编号", "学籍号",
    "社保卡号", "社会保障卡号", "退役军人优待证号", "优待证号", "老年人优待证号", "老年证号", "居住证号",
    "不动产权证号", "结婚证号", "驾驶证号", "特困供养证号", "救助证号", "健康证号", "准考证号", "党员证号",
    "志愿者证号", "医保卡号", "银行卡号", "出生医学证明编号", "职业资格证书编号", "就业创业证号", "退休证号",
    "港澳通行证号", "独生子女证号", "军官证号", "暂住证号（公安）", "*低保证号码",
    "低保证件号码", "低保证件号", "低保证件编号", "低保家庭证件号码", "残疾证件号码", "残疾人证件号码",
    "优待证件号码", "退役军人证件号码", "老年人优待证件号码", "特困供养证件号码", "居住证件号码（公安）",
    "志愿者证件号码", "不动产证件号码", "婚姻证件号码", "其他证件号码", "2.医保证件号码", "驾驶证件号",
    "证件号码（低保证）", "证件号码(残疾人证号)",
)  # fmt: skip
THEIRS = (
    "家长身份证号",
    "父亲身份证号",
    "配偶身份证号",
    "户主身份证号",
    "监护人身份证号",
    "房主身份证号",
    "户主证件号码",
    "房主证件号码",
    "监护人证件号码",
)
OWN = (
    "身份证号",
    "身份证号码",
    "公民身份号码",
    "证件号码",
    "证号",
    "居民身份证号",
    "社会保障号码",
    "老人身份证",
    "学生身份证号",
    "残疾人身份证号",
    "享受低保人员身份证号",
    "二代身份证",
    "身份证件号",
    "有效证件号码",
    "本人证件号码",
    "居民证件号码",
    "人员证件号码",
    "学生证件号码",
    "低保对象证件号码",
    "老人证件号码",
    "享受低保人员证件号码",
    "申请人证件号码",
    "有效身份证件号码",
    "姓名及证件号码",
    "证件号码（身份证）",
    "证件号码（必填）",
    "证件号码（身份证、居住证）",
    "身份证号（残疾人填）",
)


@pytest.mark.row("R012")
@pytest.mark.parametrize("number", ["11010519491231002X", "110105194912310021"])
@pytest.mark.parametrize("heading", [*PAPERS, *THEIRS])
def test_no_other_number_is_taken_for_the_identity_card(
    town: Town, tmp_path: Path, heading: str, number: str
) -> None:
    """Neither beside a column of identity cards nor alone, even where such numbers stand in it."""
    rows = [["王小梅", number, "440524188001010014"]] * 4
    for heads in (["姓名", heading, "身份证号码"], ["姓名", heading, "备注"]):
        file = tmp_path / "表.csv"
        lines = [heads, *rows] if heads[2] != "备注" else [heads, *([*r[:2], "无"] for r in rows)]
        file.write_text("\n".join(",".join(row) for row in lines), encoding="utf-8")
        found = _planned(file)
        mine, last = found.columns[1], found.columns[2]
        assert mine.element != "person.document", (mine, found.warnings)
        assert last.heading not in mine.warning, "it is no second column of the same"
        if last.heading != "备注":
            assert last.element == "person.document" and not last.warning


@pytest.mark.parametrize("heading", OWN)
def test_the_identity_card_is_known_by_all_its_names(
    town: Town, tmp_path: Path, heading: str
) -> None:
    file = tmp_path / "表.csv"
    rows = [["姓名", heading], *([["王小梅", "11010519491231002X"]] * 4)]
    file.write_text("\n".join(",".join(row) for row in rows), encoding="utf-8")
    assert _planned(file).used.get("person.document") == "c1"
