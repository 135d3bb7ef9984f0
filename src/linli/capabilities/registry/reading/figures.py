"""Files of dated figures: one line a figure, headings in Chinese or by column name. Pure: no Django."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path

HEADINGS = {
    "area": ("区划代码", "统计区域", "area"),
    "code": ("指标", "指标代码", "code"),
    "period": ("统计时期", "时期", "period"),
    "value": ("数值", "value"),
    "unit": ("计量单位", "单位", "unit"),
    "as_of": ("截止时点", "时点", "as_of"),
    "document": ("数据出处", "出处", "document"),
    "clause": ("出处条目", "条目", "clause"),
    "status": ("可靠程度", "status"),
}
NEEDED = ("area", "code", "period", "value", "as_of", "document")


@dataclass(frozen=True, slots=True)
class FigureLine:
    """One line as it was read; ``fault`` says why it cannot be taken, in the user's words."""

    line: int
    values: Mapping[str, str]
    value: Decimal = Decimal(0)
    as_of: date = date.min
    fault: str = ""


def read_figures(path: Path) -> list[FigureLine]:
    """The lines of a CSV of figures; raises ValueError (in the user's words) for a file that is none."""
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("gb18030", errors="replace")
    reader = csv.reader(io.StringIO(text))
    first = [cell.strip() for cell in next(reader, [])]
    at = {
        name: next((first.index(each) for each in known if each in first), -1)
        for name, known in HEADINGS.items()
    }
    missing = [HEADINGS[name][0] for name in NEEDED if at[name] < 0]
    if missing:
        raise ValueError(f"缺少列：{'、'.join(missing)}。")
    return [
        _line(number, {name: _cell(row, place) for name, place in at.items()})
        for number, row in enumerate(reader, start=2)
        if any(cell.strip() for cell in row)
    ]


def _cell(row: list[str], place: int) -> str:
    return row[place].strip() if 0 <= place < len(row) else ""


def _line(number: int, values: dict[str, str]) -> FigureLine:
    try:
        value = Decimal(values["value"].replace(",", "").replace("，", ""))
    except InvalidOperation:
        return FigureLine(number, values, fault=f"数值“{values['value']}”不是数")
    if not value.is_finite() or abs(value) >= 10**16:
        return FigureLine(number, values, fault=f"数值“{values['value']}”不是数")
    try:
        day = date.fromisoformat(values["as_of"].replace("/", "-").replace(".", "-"))
    except ValueError:
        return FigureLine(
            number, values, fault=f"截止时点“{values['as_of']}”不是日期，如 2025-12-31"
        )
    return FigureLine(number, values, value, day)
