"""A list of items in a spreadsheet: its rows by the headings that places use for them. No database."""

from __future__ import annotations

import csv
import io
import re
import tempfile
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, PasswordError

from linli.kernel.acts.act import Refusal
from linli.kernel.files import books
from linli.ui.spoken import Spoken

ROWS_MOST, BYTES_MOST, HEADER_WITHIN = 3000, 10 * 1024 * 1024, 12
# What lists of items call their columns, beside what our own file calls them.
HEADINGS = {
    "code": ("编号", "事项编号", "编码", "事项编码", "代码", "Code"),
    "catalogue": ("目录", "所属目录", "目录类别", "清单", "清单类别"),
    "title": (
        "事项名称",
        "事项",
        "名称",
        "工作事项",
        "项目名称",
        "事项内容",
        "目录事项",
        "服务事项",
    ),
    "owner": ("主管部门", "责任部门", "责任单位", "主管单位", "部门", "业务主管部门", "职能部门"),
    "lead": ("牵头单位", "牵头部门"),
    "basis": ("依据", "法律依据", "政策依据", "文件依据", "设定依据", "法律法规依据", "法规依据"),
    "frequency": ("频次", "周期", "办理频次", "工作频次", "开展频次"),
    "fields": ("要填的字段", "字段", "填报字段", "填报内容", "采集内容"),
    "affair": ("性质", "事项性质"),
    "yearly": (
        "每个社区每年经费（元）",
        "每个社区每年经费",
        "经费",
        "年度经费",
        "工作经费",
        "经费（元）",
    ),
    "funding": ("经费来源", "经费渠道", "资金来源"),
    "hours": ("每次用时（小时）", "每次用时", "用时"),
    "inside": ("内部还是外部", "内外"),
    "form": ("证明文字", "证明内容", "证明格式"),
    "end": ("结束日期", "有效期至", "到期日期", "终止日期"),
}
_BARE = re.compile(r"[\s:：*]+|[（(][^）)]*[）)]")
_BELOW = re.compile(r"^\s*(合\s*计|总\s*计|小\s*计|制表|填表|审核人|注[:：]|备注[:：]|说明[:：])")


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the file: its number there, and its cells by what they mean; a missing column is absent."""

    number: int
    cells: Mapping[str, str]


def lines_of(content: bytes, labels: Mapping[str, str]) -> list[Line]:
    """The rows of the sheet that has the most known headings; `labels` are our own headings in the reader's language."""
    if not content.strip():
        raise Refusal(Spoken("这个文件是空的。"), field="file", code="empty")
    if len(content) > BYTES_MOST:
        raise Refusal(Spoken("文件超过 10 MB，请只留目录那张表再传。"), field="file", code="large")
    known = {_bare(name): code for code, names in HEADINGS.items() for name in names}
    known |= {_bare(name): code for code, name in labels.items()}
    best: tuple[Sequence[Sequence[str]], int, dict[str, int]] = ((), -1, {})
    for sheet in _sheets(content):
        at, columns = _header(sheet, known)
        if len(columns) > len(best[2]):
            best = (sheet, at, columns)
    rows, at, columns = best
    if "title" not in columns:
        raise Refusal(
            Spoken("前 12 行里没有找到“事项名称”这一列。可以先导出现在的目录，照那张表填。"),
            field="file",
            code="no-heading",
        )
    return _lines(rows, at, columns)


def _lines(rows: Sequence[Sequence[str]], at: int, columns: Mapping[str, int]) -> list[Line]:
    found = []
    for number, row in enumerate(rows[at + 1 :], at + 2):
        cells = {n: row[c].strip() if c < len(row) else "" for n, c in columns.items()}
        if any(cells.values()) and not _BELOW.match(next(filter(None, row), "")):
            found.append(Line(number, cells))
    if not found:
        raise Refusal(Spoken("表头下面没有一行事项。"), field="file", code="empty")
    if len(found) > ROWS_MOST:
        words = Spoken("一次最多 %(n)s 行，请分几次传。") % {"n": ROWS_MOST}
        raise Refusal(words, field="file", code="rows")
    return found


def _header(rows: Sequence[Sequence[str]], known: Mapping[str, str]) -> tuple[int, dict[str, int]]:
    best: tuple[int, dict[str, int]] = (-1, {})
    for at, row in enumerate(rows[:HEADER_WITHIN]):
        columns: dict[str, int] = {}
        for place, cell in enumerate(row):
            if code := known.get(_bare(cell)):
                columns.setdefault(code, place)
        if len(columns) > len(best[1]):
            best = (at, columns)
    return best


def _bare(text: str) -> str:
    return _BARE.sub("", unicodedata.normalize("NFKC", text)).casefold()


def _sheets(content: bytes) -> list[list[list[str]]]:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "list"
        file.write_bytes(content)
        if books.is_book(books.beginning(file)):
            books.examine(file)
            return _book(content)
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return [list(csv.reader(io.StringIO(content.decode(encoding), newline="")))]
        except (UnicodeDecodeError, csv.Error):
            continue
    raise books.broken()


def _book(content: bytes) -> list[list[list[str]]]:
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        shown = [s.name for s in book.sheets_metadata if "Visible" in str(s.visible)]
        return [_cells(book.get_sheet_by_name(name)) for name in shown[:20]]
    except PasswordError:
        raise books.locked() from None
    except (CalamineError, OSError, ValueError):
        raise books.broken() from None
    except BaseException as error:
        # A file that ends in the middle makes the reader fall over, with an exception that is none of Python's own.
        if type(error).__name__ == "PanicException":
            raise books.broken() from None
        raise


def _cells(sheet: Any) -> list[list[str]]:
    """The rows from the first line of the sheet; a cell merged over several rows stands in each of them."""
    most = ROWS_MOST + HEADER_WITHIN
    rows = [
        [_text(v) for v in row] for row in sheet.to_python(nrows=most + 1, skip_empty_area=False)
    ]
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or []:
        if left == right and bottom < len(rows) and left < len(rows[top]):
            for line in range(top + 1, bottom + 1):
                rows[line][left] = rows[top][left]
    return rows


def _text(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    text = "" if value is None else str(value)
    # Our own file keeps harmless what a spreadsheet would compute.
    return text[1:] if text[:1] == "'" and text[1:2] in tuple("=+-@") else text


def amount(text: str) -> Decimal:
    """A number as people write it in a list, with its unit or commas; ValueError for anything else."""
    plain = re.sub(r"[,，\s]|元|小时", "", text)
    try:
        found = Decimal(plain or "0")
    except InvalidOperation:
        raise ValueError(text) from None
    if not found.is_finite():
        raise ValueError(text)
    return found


def day_of(text: str) -> date | None:
    """A day as people write it in a list; ValueError for anything else."""
    parts = [each for each in re.split(r"[年月日./\-]", text.strip()) if each]
    if not parts:
        return None
    year, month, day = (int(each) for each in parts)
    return date(year, month, day)
