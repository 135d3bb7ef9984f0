"""Bench of tables: a form of 30 columns filled with 100,000 rows, against writing the same values with openpyxl alone."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from time import perf_counter

from openpyxl import Workbook, load_workbook

from linli.capabilities.tables.mapping import Mapped, Meaning
from linli.capabilities.tables.reading import open_book
from linli.capabilities.tables.selectors.words import recognised, words
from linli.capabilities.tables.writing import fill_book
from linli.capabilities.tables.writing.planning import plan
from linli.kernel.acts import system_act, under

HEADS = (
    "姓名", "性别", "公民身份号码", "出生日期", "年龄", "民族", "政治面貌", "文化程度", "婚姻状况", "就业状况",
    "工作单位", "联系电话", "曾用名", "籍贯", "健康状况", "特长", "就读学校", "年级", "入党时间", "所在党支部",
    "户号", "与户主关系", "现住址", "户籍地址", "小区名称", "楼栋", "单元", "室号", "所属网格", "入住日期",
)  # fmt: skip
_CODES = {
    "sex": ("1", "2"),
    "ethnic": ("01", "03"),
    "political": ("13", "01"),
    "education": ("20", "30"),
}
DRAWN = 20


class _Made:
    """Rows of people who do not exist, each value by its element; nothing is read from anywhere."""

    def __init__(self, rows: int) -> None:
        self.count_, self.day = rows, date(1980, 1, 1)

    def holds(self, record_set: str, element: str) -> bool:
        """Whatever is asked is there."""
        return True

    def rows(
        self, record_set: str, elements: Sequence[str], groups: Sequence[object] = ()
    ) -> Iterator[Sequence[object]]:
        """The rows."""
        made = [self._value(each) for each in elements]
        for at in range(self.count_):
            yield [value(at) for value in made]

    def _value(self, element: str) -> Callable[[int], object]:
        key = element.partition(".")[2]
        if key in ("born", "since", "party_joined", "until"):
            return lambda at: self.day + timedelta(days=at % 9000)
        if key in ("age", "size"):
            return lambda at: at % 90
        if key in _CODES:
            return lambda at: _CODES[key][at % 2]
        if key == "document":
            return lambda at: f"3202051980{at % 10_000_000:07d}X"
        return lambda at: f"{key}{at % 5000}号"

    def count(self, what: str, area: str | Sequence[str] = "") -> int | float | None:
        """Nothing is counted here."""
        return None


def bench(rows: int, say: Callable[[str], None]) -> dict[str, float]:
    """Seconds of filling and of writing, and their ratio."""
    with tempfile.TemporaryDirectory() as folder:
        form = _form(Path(folder) / "form.xlsx")
        say("filling …")
        filled, values = _fill(form, Path(folder) / "filled.xlsx", rows)
        say("writing the same with openpyxl …")
        written = _write(Path(folder) / "written.xlsx", values)
    found = {
        "rows": rows,
        "columns": len(HEADS),
        "fill_s": round(filled, 2),
        "write_s": round(written, 2),
        "ratio": round(filled / written, 2),
    }
    say(f"{found}")
    return found


def _form(path: Path) -> Path:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(["居民基本信息登记表"])
    sheet.append(list(HEADS))
    for _row in range(DRAWN):
        sheet.append([None] * len(HEADS))
    sheet.cell(DRAWN + 3, 1, "填表人：")
    book.save(path)
    return path


def _fill(form: Path, out: Path, rows: int) -> tuple[float, list[list[object]]]:
    begun = perf_counter()
    with under(system_act()):
        told = words(date.today())
        _form_, mapped = recognised(form, told)
    sure = [Mapped(e.region, e.kind, tuple(map(_sure, e.meanings))) for e in mapped]
    fill_book(form, out, plan(open_book(form), sure, told, _Made(rows), {}).fills)
    took = perf_counter() - begun
    book = load_workbook(out, read_only=True)
    values: list[list[object]] = [
        list(row)
        for row in book.worksheets[0].iter_rows(min_row=3, max_row=rows + 2, values_only=True)
    ]
    if len(values) != rows or any(each is None for each in values[-1]):
        raise RuntimeError("the form was not filled")
    return took, values


def _sure(meaning: Meaning) -> Meaning:
    """Every column is filled, as after a person confirmed it."""
    return Meaning(meaning.field, meaning.element or "person.note", 1.0)


def _write(out: Path, values: list[list[object]]) -> float:
    begun = perf_counter()
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Sheet")
    sheet.append(["居民基本信息登记表"])
    sheet.append(list(HEADS))
    for row in values:
        sheet.append(row)
    book.save(out)
    return perf_counter() - begun
