"""What is filled is what the registry holds, cell by cell, in every form at hand; what is blank, nobody holds."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import openpyxl
import pytest
from django.utils import timezone

from linli.capabilities.tables.selectors.words import recognised, words
from linli.capabilities.tables.services import fill
from linli.capabilities.tables.tests import making, truth
from linli.kernel.acts import system_act, under
from tests.families import settle
from tests.town import Town

FORMS = Path("../shared/data/forms")


def files(folder: Path) -> list[Path]:
    """Every made form, and the real workbooks where they are at hand."""
    made = [
        making.make(spec, folder).file
        for name in ("known.yaml", "unseen.yaml")
        for spec in making.load(name)
    ]
    return [*made, *sorted(FORMS.glob("*.xlsx"))]


@pytest.mark.row("R011")
def test_every_filled_cell_says_what_is_held(town: Town, tmp_path: Path) -> None:
    settle()
    judged, wrong, cells = [0], list[str](), Counter[str]()
    for file in files(tmp_path):
        out = tmp_path / f"filled {file.name}"
        with under(system_act()) as act:
            told = words(timezone.localdate(act.at))
            _form, mapped = recognised(file, told)
            report = fill(
                act,
                town.area("甲社区"),
                file=file,
                out=out,
                mapped=mapped,
                words=told,
                reason="核对",
            )
            cells.update(report.blanks, filled=report.filled)
            wrong += truth.wrong(out, mapped, told.today, judged)
    print(f"\n{judged[0]} cells judged, {dict(cells)}")
    assert wrong == []
    assert judged[0] > 200
    asked = sum(cells.values()) - sum(cells[cause] for cause in ("empty", "unfit", "line"))
    assert cells["filled"] >= 0.95 * asked


def test_parts_of_addresses_and_figures_of_grids(town: Town, tmp_path: Path) -> None:
    settle()
    people = {
        "title": "居民登记表",
        "heads": ["姓名 = x", "身份证号码 = x", {"户籍所在地": ["省 = x", "市 = x", "街道 = x", "社区 = x"]}],
    }  # fmt: skip
    grids = {
        "sheet": "网格",
        "title": "网格设置情况",
        "heads": ["网格名称 = x", "户数 = x", "人口数 = x"],
    }
    file = making.make({"name": "分列", "sheets": [people, grids]}, tmp_path).file
    out = tmp_path / "out.xlsx"
    with under(system_act()) as act:
        told = words(timezone.localdate(act.at))
        _form, mapped = recognised(file, told)
        given = {"file": file, "out": out, "mapped": mapped, "words": told, "reason": "核对"}
        report = fill(act, town.area("甲社区"), **given)  # type: ignore[arg-type]
    book = openpyxl.load_workbook(out)
    parts = {row[0]: row[2:6] for row in book["Sheet1"].iter_rows(min_row=4, values_only=True)}
    assert parts["王小梅"][1:] == ("试验市", "东街道", "甲社区")
    assert parts["李建国"][3] == "乙社区", "registered elsewhere in the city"
    rows = list(book["网格"].iter_rows(min_row=3, max_row=4, values_only=True))
    assert [row[:3] for row in rows] == [("甲社区第一网格", 1, 4), ("甲社区第二网格", 1, 1)]
    assert report.blanks["absent"] == 0


def test_rows_are_those_that_each_title_names(town: Town, tmp_path: Path) -> None:
    """Two lists in one workbook are each about their own people; a list of firms holds no Party branch."""
    settle()
    old = {
        "sheet": "老人",
        "title": "80周岁以上老人花名册",
        "heads": ["姓名 = x", "性别 = x", "身份证号 = x"],
    }
    all_ = {
        "sheet": "居民",
        "title": "居民花名册",
        "heads": ["姓名 = x", "性别 = x", "身份证号 = x"],
    }
    firms = {
        "sheet": "企业",
        "title": "辖区企业名录",
        "heads": ["单位名称 = x", "统一社会信用代码 = x", "单位性质 = x"],
    }
    file = making.make({"name": "三张", "sheets": [old, all_, firms]}, tmp_path).file
    out = tmp_path / "out.xlsx"
    with under(system_act()) as act:
        told = words(timezone.localdate(act.at))
        _form, mapped = recognised(file, told)
        given = {"file": file, "out": out, "mapped": mapped, "words": told, "reason": "核对"}
        fill(act, town.area("甲社区"), **given)  # type: ignore[arg-type]
    book = openpyxl.load_workbook(out)
    named = {ws.title: [c.value for c in ws["A"][2:] if c.value] for ws in book.worksheets}
    assert named["老人"] == ["刘秀英"] and len(named["居民"]) == 5
    kinds = {row[2] for row in book["企业"].iter_rows(min_row=3, values_only=True) if row[0]}
    assert kinds <= {"企业", "物业企业", "个体工商户"}
