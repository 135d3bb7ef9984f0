"""Any form: .xlsx and .docx whole, .xls and .et for reading, .csv; everything else refused with what to do."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook, PasswordError

from linli.capabilities.tables.reading.disguised import unmask
from linli.capabilities.tables.reading.heads import Score
from linli.capabilities.tables.reading.regions import read_form
from linli.capabilities.tables.reading.shapes import Book, Box, Cell, Form, Sheet
from linli.capabilities.tables.reading.word import no_table, read_word
from linli.capabilities.tables.reading.workbook import ROWS, read_workbook
from linli.kernel.acts.act import Refusal
from linli.kernel.files import books
from linli.ui.spoken import Spoken

LONGEST = 131_072  # letters of a cell of a text table
BOOKS, OLD, WORDS, TEXTS = {".xlsx"}, {".xls", ".et"}, {".docx"}, {".csv", ".tsv", ".txt"}
MACROS = {".xlsm", ".xlsb", ".xltm", ".docm"}
REMEDY = {
    ".doc": Spoken("这是旧版 Word 文件。请用 Word 或 WPS 打开，另存为 .docx 再上传。"),
    ".wps": Spoken("这是 WPS 文字文件。请用 WPS 打开，另存为 .docx 再上传。"),
    ".pdf": Spoken("PDF 里没有可以填写的格子。请向发表单位要 .xlsx 或 .docx 原表。"),
    ".ods": Spoken("请用表格软件打开，另存为 .xlsx 再上传。"),
    ".xlt": Spoken("这是旧版模板文件。请用 Excel 或 WPS 打开，另存为 .xlsx 再上传。"),
}
PICTURES = {".jpg", ".jpeg", ".png", ".gif", ".bmp", ".tif", ".tiff", ".webp"}


def _refused(code: str, words: Spoken) -> Refusal:
    return Refusal(words, field="file", code=code)


def open_book(file: Path, name: str = "") -> Book:
    """The sheets of a file as they lie; a refusal in the user's words where it cannot be read.

    `name` is what the file is called where it lies under another name.
    """
    if not file.exists() or not file.stat().st_size:
        raise _refused("empty", Spoken("这个文件是空的，请重新选择。"))
    reader = reader_of(name or file.name)
    unmask(file, Path(name or file.name).suffix.lower())
    book = reader(file)
    if book.kind == "csv":
        book.sheets[0].name = Path(name or file.name).stem
    return book


def reader_of(name: str) -> Callable[[Path], Book]:
    """What reads files of such a name; a refusal with what to do where nothing does."""
    suffix = Path(name).suffix.lower()
    _check(suffix)
    for endings, reader in READERS:
        if suffix in endings:
            return reader
    raise _refused("suffix", Spoken("只能读 .xlsx、.docx、.xls、.et、.csv 格式的表格。"))


def _check(suffix: str) -> None:
    if suffix in MACROS:
        raise books.with_macros()
    if suffix in PICTURES:
        raise _refused(
            "picture", Spoken("这是一张图片，读不出格子。请向发表单位要 .xlsx 或 .docx 原表。")
        )
    if suffix in REMEDY:
        raise _refused("suffix", REMEDY[suffix])


def open_form(file: Path, score: Score) -> Form:
    """What a file asks; a refusal in the user's words where it is no form."""
    return form_in(open_book(file), score)


def form_in(book: Book, score: Score) -> Form:
    """What an opened file asks; a refusal in the user's words where it is no form."""
    form = read_form(book, score)
    if form.regions:
        return form
    if any(sheet.pictures for sheet in book.sheets):
        raise _refused(
            "picture",
            Spoken("表里只有一张贴上去的图片，读不出格子。请向发表单位要可以填写的原表。"),
        )
    if book.loose:
        raise no_table()
    hidden = [sheet.name for sheet in book.sheets if sheet.hidden and sheet.cells]
    if hidden and not any(sheet.cells for sheet in book.sheets if not sheet.hidden):
        raise _refused("hidden", HIDDEN % {"names": "”“".join(hidden[:5])})
    if not any(sheet.cells for sheet in book.sheets):
        raise _refused("blank", Spoken("这个文件里什么也没有写，不是一张表。"))
    raise _refused(
        "no-form", Spoken("没有找到可以填的表格。请确认表里有写着“姓名”“地址”这样的列名或栏目。")
    )


HIDDEN = Spoken("写了内容的工作表都是隐藏的：“%(names)s”。请在 Excel 里取消隐藏，保存后再上传。")


def _old(file: Path) -> Book:
    with file.open("rb") as raw:
        begun = raw.read(1024)
    if begun.lstrip(b"\xef\xbb\xbf \r\n\t")[:1] == b"<":
        raise _refused("web", WEB_PAGE)
    books.examine(file)
    try:
        opened = CalamineWorkbook.from_filelike(io.BytesIO(file.read_bytes()))
        sheets = [_old_sheet(opened, name) for name in opened.sheet_names]
    except PasswordError:
        raise books.locked() from None
    except (CalamineError, OSError, ValueError):
        raise books.broken() from None
    return Book(
        "old", sheets, warnings=[str(Spoken("旧格式只能读，不能原样填写；要填表请另存为 .xlsx。"))]
    )


def _old_sheet(opened: CalamineWorkbook, name: str) -> Sheet:
    found = opened.get_sheet_by_name(name)
    sheet = Sheet(name)
    for row, values in enumerate(found.to_python(nrows=ROWS, skip_empty_area=False), start=1):
        for column, value in enumerate(values, start=1):
            text = _told(value)
            if text.strip():
                sheet.cells[row, column] = Cell(text)
                sheet.last = row
    sheet.merges = [
        Box(top + 1, left + 1, bottom + 1, right + 1)
        for (top, left), (bottom, right) in found.merged_cell_ranges or []
    ]
    return sheet


def _told(value: object) -> str:
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return "" if value is None else str(value)


NO_TEXT = Spoken(
    "这不是普通的文本表格（可能改过后缀，或用了别的编码）。请用 Excel 或 WPS 打开，另存为 .xlsx 再上传。"
)
WEB_PAGE = Spoken(
    "这是网页另存成的表格，只是后缀像 Excel。请用 Excel 或 WPS 打开，另存为 .xlsx 再上传。"
)


def _text(file: Path) -> Book:
    raw = file.read_bytes()
    if b"\0" in raw[:4096] or raw[:2] in (b"\xff\xfe", b"\xfe\xff", b"PK"):
        raise _refused("text", NO_TEXT)
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("gb18030", "replace")
    sheet = Sheet(file.stem)
    sign = "\t" if text.count("\t") > text.count(",") else ","
    try:
        _read_lines(sheet, csv.reader(io.StringIO(text, newline=""), delimiter=sign))
    except csv.Error:
        raise _refused("text", NO_TEXT) from None
    return Book("csv", [sheet])


def _read_lines(sheet: Sheet, lines: Iterable[list[str]]) -> None:
    for row, values in enumerate(lines, start=1):
        if row > ROWS:
            sheet.cut = True
            break
        for column, value in enumerate(values[:400], start=1):
            if len(value) > LONGEST:  # what csv itself allows is a setting of the whole process
                raise csv.Error("a cell that is too long")
            if value.strip():
                sheet.cells[row, column] = Cell(value)
                sheet.last = row


READERS: tuple[tuple[set[str], Callable[[Path], Book]], ...] = (
    (BOOKS, read_workbook),
    (OLD, _old),
    (WORDS, read_word),
    (TEXTS, _text),
)
