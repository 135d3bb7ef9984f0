"""The hotline's workbook: read by the columns a pack names, written back the same way. Knows no table."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, time, timedelta, tzinfo
from itertools import zip_longest
from typing import Any
from xml.etree.ElementTree import ParseError
from zipfile import BadZipFile

from django.utils.translation import gettext as _t
from openpyxl import Workbook, load_workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import from_excel
from openpyxl.utils.exceptions import InvalidFileException

from linli.capabilities.matters.policy import Hotline, HotlineColumn
from linli.kernel.calendar import SHANGHAI

HEADER_WITHIN = 10
ROWS_MOST = 5000
SHEETS_MOST = 20
CELL_MOST = 2**24  # one number for the whole process; a longer row of letters is no table
EXACT = 10**15  # a spreadsheet keeps fifteen digits of a number
LAST = time(23, 59)  # a deadline that names a day only ends with that day
_LIMITS = {"number": 40, "title": 120, "text": 4000, "address": 200, "caller": 40, "phone": 20}
_HALF_WIDTH = {ord(c): ord(c) - 0xFEE0 for c in "０１２３４５６７８９－＋（）"} | {0x3000: " "}
EARLIEST, AHEAD = (
    2000,
    timedelta(days=1),
)  # calls were taken since then, and clocks may differ by a day
_TIMES = ("received_at", "sign_by", "contact_by", "resolve_by")
_FORMATS = (
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%d %H:%M",
    "%Y/%m/%d %H:%M:%S",
    "%Y/%m/%d %H:%M",
    "%Y-%m-%d",
    "%Y/%m/%d",
    "%Y年%m月%d日 %H:%M:%S",
    "%Y年%m月%d日 %H:%M",
    "%Y年%m月%d日",
    "%Y年%m月%d日%H时%M分",
    "%Y.%m.%d %H:%M",
    "%Y.%m.%d",
    "%Y%m%d%H%M%S",
    "%Y%m%d",
)
TIMES = "yyyy-mm-dd hh:mm"
NARROWEST, WIDEST = 8, 60
RUNS = ("=", "+", "-", "@")
_BROKEN = (InvalidFileException, BadZipFile, ParseError, KeyError, ValueError, TypeError, OSError)
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"


class Unreadable(ValueError):
    """The file as a whole cannot be read; the words say what to do."""


@dataclass(frozen=True, slots=True)
class Order:
    """One work order; times carry a zone."""

    line: int
    number: str
    title: str
    text: str
    received_at: datetime
    caller: str = ""
    phone: str = ""
    area: str = ""
    address: str = ""
    kind: str = ""
    category: str = ""
    urgency: str = ""
    department: str = ""
    note: str = ""
    sign_by: datetime | None = None
    contact_by: datetime | None = None
    resolve_by: datetime | None = None

    def plain(self) -> dict[str, Any]:
        """As JSON values."""
        found = asdict(self)
        return {k: v.isoformat() if isinstance(v, datetime) else v for k, v in found.items()}

    @classmethod
    def of(cls, raw: dict[str, Any]) -> Order:
        """The order kept by `plain`."""
        times = {k: datetime.fromisoformat(raw[k]) for k in _TIMES if raw.get(k)}
        return cls(**{**raw, **times})


@dataclass(frozen=True, slots=True)
class Bad:
    """A row that was refused: its line, why, and its cells."""

    line: int
    why: str
    cells: tuple[str, ...] = ()


@dataclass(slots=True)
class Reading:
    """What was read of a file; `unused` are headings that no field of ours goes by."""

    header: tuple[str, ...] = ()
    unused: tuple[str, ...] = ()
    orders: list[Order] = field(default_factory=list)
    bad: list[Bad] = field(default_factory=list)


def read(
    content: bytes, hotline: Hotline, tz: tzinfo = SHANGHAI, *, now: datetime | None = None
) -> Reading:
    """Read a workbook (xlsx) or a text table (csv in UTF-8 or GB18030); Unreadable when it is none.

    The header may stand in any of the first ten rows of any sheet; columns are known by name or alias. A call taken
    later than a day after `now` is refused.
    """
    latest = now + AHEAD if now else None
    rows, at, columns = _table(content, hotline)
    header = tuple(_text(cell) for cell in rows[at])
    used = set(columns.values())
    unused = tuple(name for place, name in enumerate(header) if name and place not in used)
    found = Reading(header, unused)
    seen: dict[str, int] = {}
    for line, cells in enumerate(rows[at + 1 :], at + 2):
        if not any(_text(cell) for cell in cells):
            continue
        if len(found.orders) + len(found.bad) >= ROWS_MOST:
            words = _t("一次最多导入 %(most)s 行，请分成几个文件。")
            raise Unreadable(words % {"most": ROWS_MOST})
        try:
            order = _order(line, cells, columns, hotline, tz)
            _consistent(order, hotline, latest)
            if order.number in seen:
                first = {"line": seen[order.number]}
                raise ValueError(_t("工单编号与第 %(line)s 行重复") % first)
        except ValueError as error:
            found.bad.append(Bad(line, str(error), tuple(_text(cell) for cell in cells)))
            continue
        seen[order.number] = line
        found.orders.append(order)
    return found


def _consistent(order: Order, hotline: Hotline, latest: datetime | None) -> None:
    """The call was taken in our time, and no deadline lies before it; ValueError otherwise."""
    taken = order.received_at
    names: dict[str, str] = {c.code: c.name for c in hotline.columns}
    told = {"column": names.get("received_at", "受理时间"), "at": f"{taken:%Y-%m-%d %H:%M}"}
    if taken.year < EARLIEST:
        raise ValueError(_t("%(column)s“%(at)s”太早了，请核对") % told)
    if latest is not None and taken > latest:
        raise ValueError(_t("%(column)s“%(at)s”还没到，请核对") % told)
    for code in _TIMES[1:]:
        due: datetime | None = getattr(order, code)
        if due is not None and due < taken:
            late = {"due": names.get(code, code), "column": told["column"]}
            raise ValueError(_t("%(due)s早于%(column)s，请核对") % late)


Rows = list[Sequence[Any]]


def _table(content: bytes, hotline: Hotline) -> tuple[Rows, int, dict[str, int]]:
    """The sheet with the most known headings: its rows, the header's place, the columns."""
    best: tuple[Rows, int, dict[str, int]] = ([], -1, {})
    for rows in _sheets(content):
        at, columns = _header(rows, hotline)
        if len(columns) > len(best[2]):
            best = (rows, at, columns)
    if not best[2]:
        raise Unreadable(_t("每张表的前十行里都找不到表头，请确认是 12345 工单表。"))
    missing = [c.name for c in hotline.columns if c.required and c.code not in best[2]]
    if missing:
        there = "、".join(filter(None, map(_text, best[0][best[1]])))
        words = _t("缺少这些列：%(missing)s。表里有：%(there)s。")
        raise Unreadable(words % {"missing": "、".join(missing), "there": there[:300]})
    return best


def _sheets(content: bytes) -> list[Rows]:
    if not content.strip():
        raise Unreadable(_t("这是一个空文件。"))
    if content.startswith(_OLD_EXCEL):
        raise Unreadable(
            _t("这是旧版 Excel（xls）或加了密码的文件，请去掉密码，另存为 xlsx 或 csv 后再传。")
        )
    if content.startswith(b"PK"):
        return _workbook(content)
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise Unreadable(_t("读不出文字，请存为 xlsx，或 UTF-8、GB18030 编码的 csv。"))
    if "\0" in text:
        raise Unreadable(_t("这不是表格文件，请传 xlsx 或 csv。"))
    csv.field_size_limit(CELL_MOST)
    try:
        return [list(csv.reader(io.StringIO(text, newline="")))]
    except csv.Error as error:
        raise Unreadable(
            _t("有一格太长，或引号没有配对，读不下去。请用 Excel 打开核对，另存为 xlsx 再传。")
        ) from error


def _workbook(content: bytes) -> list[Rows]:
    try:
        with closing(load_workbook(io.BytesIO(content), read_only=True, data_only=True)) as book:
            return [_all_of(sheet) for sheet in book.worksheets[:SHEETS_MOST]]
    except _BROKEN as error:
        raise Unreadable(_t("打不开这个 Excel 文件，请用 Excel 另存一份再传。")) from error


def _all_of(sheet: Any) -> Rows:
    sheet.reset_dimensions()
    return list(sheet.iter_rows(values_only=True, max_row=ROWS_MOST + 2 * HEADER_WITHIN))


def _plain(text: object) -> str:
    return "".join(_text(text).split()).rstrip(":：*").lower()


def _header(rows: Sequence[Sequence[Any]], hotline: Hotline) -> tuple[int, dict[str, int]]:
    known = {_plain(n): c.code for c in hotline.columns for n in (c.name, *c.aliases)}
    best: tuple[int, dict[str, int]] = (-1, {})
    for at, cells in enumerate(rows[:HEADER_WITHIN]):
        columns: dict[str, int] = {}
        for place, cell in enumerate(cells):
            code = known.get(_plain(cell))
            if code:
                columns.setdefault(code, place)
        if len(columns) > len(best[1]):
            best = (at, columns)
    return best


def _text(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


def _order(
    line: int, cells: Sequence[Any], columns: dict[str, int], hotline: Hotline, tz: tzinfo
) -> Order:
    values: dict[str, Any] = {}
    for column in hotline.columns:
        place = columns.get(column.code)
        cell = cells[place] if place is not None and place < len(cells) else None
        if column.required and not _text(cell):
            raise ValueError(_t("缺少%(column)s") % {"column": column.name})
        if column.code == "number" and isinstance(cell, int | float) and cell >= EXACT:
            raise ValueError(
                _t("工单编号被存成了数值，后几位已经丢失，请把这一列设为文本，重新导出")
            )
        values[column.code] = _value(column, cell, tz)
    if not values["received_at"]:
        raise ValueError(_t("缺少%(column)s") % {"column": "受理时间"})
    return Order(line=line, **values)


def _value(column: HotlineColumn, cell: object, tz: tzinfo) -> Any:
    if column.code in _TIMES:
        found = _moment(column.name, cell, tz)
        dated = found is not None and column.code != "received_at" and found.time() == time()
        return datetime.combine(found, LAST, tz) if found and dated else found
    text = _text(cell)
    if column.code in ("number", "phone"):
        text = text.translate(_HALF_WIDTH)
    most = _LIMITS.get(column.code, 200)
    if len(text) > most:
        if column.code == "title":
            return text[: most - 1] + "…"
        words = _t("%(column)s太长，最多 %(most)s 字")
        raise ValueError(words % {"column": column.name, "most": most})
    return text


def _moment(name: str, cell: object, tz: tzinfo) -> datetime | None:
    if isinstance(cell, int | float) and not isinstance(cell, bool) and 1 < cell < 100_000:
        cell = from_excel(cell)
    if isinstance(cell, datetime):
        return cell.replace(tzinfo=tz) if cell.tzinfo is None else cell
    if isinstance(cell, date):
        return datetime.combine(cell, time(), tz)
    text = _text(cell)
    if not text:
        return None
    for pattern in _FORMATS:
        try:
            return datetime.strptime(text, pattern).replace(tzinfo=tz)
        except ValueError:
            continue
    words = _t("%(column)s“%(text)s”不是日期时间，例如 2026-03-05 14:30")
    raise ValueError(words % {"column": name, "text": text[:30]})


def write(header: Sequence[str], rows: Iterable[Sequence[Any]], title: str = "工单") -> bytes:
    """A workbook of one sheet; texts stay texts, whatever they begin with, columns as wide as what stands in them."""
    book = Workbook(write_only=False)
    sheet = book.active
    assert sheet is not None
    sheet.title = title
    wide = [_width(name) for name in header]
    sheet.append(list(header))
    for row in rows:
        values = [_cell(value) for value in row]
        sheet.append(values)
        wide = [max(w, _width(v)) for w, v in zip_longest(wide, values, fillvalue=0)]
        for cell in sheet[sheet.max_row]:
            _dressed(cell)
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    sheet.freeze_panes = "A2"
    for at, width in enumerate(wide, 1):
        sheet.column_dimensions[get_column_letter(at)].width = min(WIDEST, max(NARROWEST, width))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _dressed(cell: Any) -> None:
    """Text as text: never computed, not even after it was edited, and no long number rounded."""
    cell.alignment = Alignment(vertical="top", wrap_text=True)
    if isinstance(cell.value, str):
        cell.data_type, cell.number_format = "s", "@"
        cell.quotePrefix = cell.value.startswith(RUNS)
    elif isinstance(cell.value, datetime):
        cell.number_format = TIMES


def _width(value: Any) -> int:
    """How wide a cell is written, in characters; a Chinese one takes two."""
    if isinstance(value, datetime):
        return len(TIMES) + 2
    lines = str(value if value is not None else "").splitlines() or [""]
    return 2 + max(sum(2 if ord(c) > 0x2E7F else 1 for c in line) for line in lines)


def _cell(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(SHANGHAI).replace(tzinfo=None, microsecond=0)
    return None if value == "" else value  # an empty cell, not an empty text
