"""Columns of totals: which columns they add, and that nothing is added which is not sure (R011)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from linli.capabilities.tables.commands import tables
from linli.capabilities.tables.mapping import Mapped, Meaning, Words
from linli.capabilities.tables.mapping.adding import SUM, addends, summed
from linli.capabilities.tables.reading.shapes import Book, Box, Cell, Field, Region, Shape, Sheet
from linli.capabilities.tables.tests import papers
from linli.capabilities.tables.tests.test_filling import JIA, drawn, fill
from linli.capabilities.tables.tests.test_word import cells
from linli.capabilities.tables.writing.planning import plan
from linli.kernel.dictionary.headings import Index
from tests.families import settle
from tests.town import Town

pytestmark = pytest.mark.row("R011")


def heads(*labels: str) -> list[Meaning]:
    """Headings as a list has them; `group/leaf`, and an element behind an equals sign."""
    found = []
    for at, label in enumerate(labels, start=1):
        text, _sign, element = label.partition(" = ")
        field = Field(tuple(text.split("/")), Box(3, at, 3, at))
        found.append(Meaning(field, element, 0.95 if element else 0.0))
    return found


ADDED = [
    (("姓名", "残疾补贴", "高龄津贴", "合计"), (1, 2)),
    (("姓名", "慰问金额/一季度", "慰问金额/二季度", "慰问金额/合计", "备注"), (1, 2)),
    (("姓名", "补贴/合计", "补贴/残疾补贴", "补贴/高龄补贴"), (2, 3)),
    (("社区", "男 = count.person[sex=1]", "女 = count.person[sex=2]", "合计"), (1, 2)),
    (("社区", "年龄/60-69岁 = count.person[age>=60][age<=69]",
      "年龄/70岁以上 = count.person[age>=70]", "年龄/合计"), (1, 2)),
]  # fmt: skip
DOUBTED = [
    ("姓名", "残疾补贴", "合计"),
    ("姓名", "建筑面积", "租金", "合计"),
    ("姓名", "情况/户数", "情况/人数", "情况/合计"),
    ("姓名", "职务", "特长", "合计"),
    ("补贴/残疾补贴", "补贴/小计", "补贴/高龄补贴", "补贴/合计"),
    ("社区", "60岁以上 = count.person[age>=60]", "80岁以上 = count.person[age>=80]", "合计"),
    ("社区", "低保 = count.person[tag=a]", "残疾 = count.person[tag=b]", "合计"),
    ("社区", "户数 = count.household", "男 = count.person[sex=1]", "合计"),
]


@pytest.mark.parametrize(("labels", "adds"), ADDED)
def test_a_total_adds_what_stands_beside_it(labels: tuple[str, ...], adds: tuple[int, ...]) -> None:
    (total,) = [each for each in summed(heads(*labels), {}) if each.element == SUM]
    assert total.adds == adds
    assert total.sure == all("=" in labels[at] for at in adds), "what people type is asked first"


@pytest.mark.parametrize("labels", DOUBTED)
def test_what_is_not_one_measure_or_counts_twice_is_not_added(labels: tuple[str, ...]) -> None:
    found = heads(*labels)
    at = next(n for n, each in enumerate(found) if each.field.path[-1] == "合计")
    assert addends(found, at) == ()
    assert all(each.element != SUM for each in summed(found, {}))


class Rows:
    """What is held, for one list."""

    def __init__(self, *rows: Sequence[object]) -> None:
        self.kept = rows

    def holds(self, record_set: str, element: str) -> bool:
        return True

    def rows(self, *_asked: Any) -> Iterator[Sequence[object]]:
        yield from self.kept

    def count(self, what: str, area: str | Sequence[str] = "") -> int | None:
        return None


def filled(*rows: Sequence[object]) -> tuple[list[list[object]], dict[tuple[int, int], object]]:
    """The rows of a list of subsidies as they are written, and what stands in its line of totals."""
    found = heads("姓名 = own:n", "残疾补贴 = own:a", "高龄津贴 = own:b", "合计")
    made = [
        replace(each, adds=(1, 2), element=SUM, confidence=1.0) if at == 3 else each
        for at, each in enumerate(found)
    ]
    sheet = Sheet("表")
    sheet.cells[6, 1] = Cell("合计")
    region = Region(Shape.LIST, "表", Box(2, 1, 5, 4), tuple(m.field for m in made), (2, 2), (3, 5))
    words = Words(Index(()), {}, date(2026, 6, 1))
    source = Rows(*rows)
    planned = plan(
        Book("xlsx", [sheet]), [Mapped(region, "person", tuple(made))], words, source, {}
    )
    fill_ = planned.fills["表"]
    return [list(each) for each in fill_.blocks[0].rows], dict(fill_.cells)


def test_a_row_is_added_only_where_each_part_is_known() -> None:
    rows, line = filled(("甲", "100", "50.5"), ("乙", "80", None), ("丙", "80", ""), ("丁", "", ""))
    assert [row[3] for row in rows] == [150.5, None, 80, None]
    assert line == {(6, 2): 260, (6, 3): 50.5}, "a total of which one part is not known stays blank"


@pytest.mark.parametrize("odd", ["一百", "100元", "NaN", "Infinity", "1e999999"])
def test_a_word_among_numbers_is_no_number(odd: str) -> None:
    rows, line = filled(("甲", odd, "50"), ("乙", "80", "20"))
    assert [row[3] for row in rows] == [None, 100] and (6, 2) not in line
    assert line == {(6, 3): 70}


def test_counts_of_a_list_of_communities_are_added(town: Town, tmp_path: Path) -> None:
    settle()
    columns = ["序号 = #", "社区名称 = x", "男 = x", "女 = x", "合计 = x"]
    file = drawn(tmp_path, title="各社区基本情况", heads=columns, below=["合计"])
    report, sheet = fill(file)
    row = [sheet.cell(3, column).value for column in (3, 4, 5)]
    assert row[2] == row[0] + row[1] == 5
    (said,) = [each for each in report["regions"][0]["fields"] if each["element"] == SUM]
    assert said["filled"] == 1
    line = next(n for n in range(4, 20) if sheet.cell(n, 1).value == "合计")
    assert [sheet.cell(line, column).value for column in (3, 4, 5)] == row


def test_the_total_of_a_word_list_is_added(town: Town, tmp_path: Path) -> None:
    settle()
    run, cell, row = papers.run, papers.cell, papers.row
    labels = ("序号", "户主姓名", "家庭人口数", "家庭住址")
    heading = row(*(cell(run(each, papers.BOLD)) for each in labels))
    total = row(cell(run("合计"), wide=2), cell(), cell())
    body = papers.table([heading, row(*(cell() for _ in labels)), total])
    file = papers.document(tmp_path / "名册.docx", papers.paragraph("家庭户名册"), body)
    out = tmp_path / "out.docx"
    given = ["fill", str(file), "--area", JIA, "--out", str(out), "--all"]
    result = CliRunner().invoke(tables, given)
    assert result.exit_code == 0, result.output
    found = cells(out)
    sizes = [int(each[2]) for each in found[1:-1] if each[2]]
    assert len(sizes) >= 2 and found[-1] == ["合计", str(sum(sizes)), ""]
