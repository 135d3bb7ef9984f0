"""A filled form on other paper: as .pdf to print and copy from, as a plain .xlsx, as .csv; `documents` has the .docx."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from openpyxl import Workbook
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.platypus import LongTable, PageBreak, SimpleDocTemplate, TableStyle

from linli.capabilities.tables.reading.shapes import Book, Box, Sheet
from linli.kernel.acts.act import Refusal
from linli.kernel.files import sheets as safe
from linli.ui.spoken import Spoken

# Every reader of PDF knows this typeface by name and shows it in its own Chinese one; texts stay texts.
FONT, SIZE = "STSong-Light", 8
EDGE, WIDE = 12 * mm, 7  # so many columns and more lie across
# Letters that the typeface's collection lacks: rare ones of newer versions of Unicode and of anybody's own making.
# Where one stands its code is drawn behind the printers' mark for a missing letter.
LACKING = re.compile(r"[\ue000-\uf8ff\u9fbc-\u9fff\U00010000-\U0010ffff]")
MISSING = "〓"
MOST = 60  # letters of one cell that count for its width


def shown(book: Book) -> list[Sheet]:
    """The sheets on which something stands and that are not hidden."""
    return [sheet for sheet in book.sheets if not sheet.hidden and sheet.cells]


def whole(book: Book) -> None:
    """A Refusal where the file has more rows than were read."""
    if any(sheet.cut for sheet in book.sheets):
        raise Refusal(Spoken("行数太多，请下载原格式的文件。"), field="format", code="rows")


def lines_of(sheet: Sheet) -> Iterator[list[str]]:
    """A sheet's rows, each as wide as the widest."""
    right = max(column for _row, column in sheet.cells)
    for row in range(1, sheet.last + 1):
        yield [
            sheet.cells[row, column].text if (row, column) in sheet.cells else ""
            for column in range(1, right + 1)
        ]


def csv_of(book: Book) -> bytes:
    """Every sheet's cells one after another; what a spreadsheet would compute is made harmless."""
    whole(book)
    out = io.StringIO()
    writer = csv.writer(out)
    for sheet in shown(book):
        for row in lines_of(sheet):
            writer.writerow([safe.plain(text) for text in row])
    return out.getvalue().encode("utf-8-sig")


def xlsx(book: Book) -> bytes:
    """The cells of every sheet with what is merged, in a workbook of texts."""
    whole(book)
    made = Workbook(write_only=False)
    made.remove(made.worksheets[0])
    for sheet in shown(book):
        page = made.create_sheet(sheet.name[:31])
        for (row, column), cell in sheet.cells.items():
            place = page.cell(row, column)
            place.value, place.data_type = cell.text, "s"
        for box in sheet.merges:
            page.merge_cells(None, box.top, box.left, box.bottom, box.right)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def pdf(book: Book, foot: str, heads: Mapping[str, int] | None = None) -> bytes:
    """Every sheet as a table with what is merged, `foot` and the page under each page.

    `heads`: how many rows of a sheet, by its name, stand on top of each of its pages. A letter that the typeface lacks is drawn as its code, and named on the last page.
    """
    whole(book)
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    pages = shown(book)
    across = max((column for sheet in pages for _row, column in sheet.cells), default=1) >= WIDE
    paper = landscape(A4) if across else A4
    out = io.BytesIO()
    document = SimpleDocTemplate(
        out, pagesize=paper, leftMargin=EDGE, rightMargin=EDGE, topMargin=EDGE, bottomMargin=EDGE,
        title=foot, invariant=1,
    )  # fmt: skip
    story: list[Any] = []
    lost: Counter[str] = Counter()
    for sheet in pages:
        again = (heads or {}).get(sheet.name, 0)
        table = _table(sheet, paper[0] - 2 * EDGE, lost, again)
        story += [*([PageBreak()] if story else []), table]
    story += _named(lost, paper[0] - 2 * EDGE)
    below = _below(_drawn(foot))
    document.build(story, onFirstPage=below, onLaterPages=below)
    return out.getvalue()


def _below(foot: str) -> Callable[[Any, Any], None]:
    def draw(canvas: Any, document: Any) -> None:
        canvas.setFont(FONT, 7)
        canvas.drawString(EDGE, 6 * mm, foot)
        canvas.drawRightString(document.pagesize[0] - EDGE, 6 * mm, str(canvas.getPageNumber()))

    return draw


def _drawn(text: str, lost: Counter[str] | None = None) -> str:
    """A text with the codes of the letters that cannot be drawn; counts those."""

    def code(found: re.Match[str]) -> str:
        if lost is not None:
            lost[found[0]] += 1
        return f"{MISSING}{ord(found[0]):X}"

    return LACKING.sub(code, text)


def _named(lost: Counter[str], room: float) -> list[LongTable]:
    """Below everything, which letters were not drawn and how often."""
    if not lost:
        return []
    each = "  ".join(f"{_drawn(letter)} × {times}" for letter, times in sorted(lost.items()))
    words = Spoken(
        "这份 PDF 画不出的字，文中写成“〓”和它的统一码：%(letters)s。原格式的文件里有这些字。"
    )
    text = _folded(str(words % {"letters": each}), room - 4)
    look = [("FONT", (0, 0), (-1, -1), FONT, SIZE), ("LEADING", (0, 0), (-1, -1), SIZE + 2)]
    return [LongTable([[line] for line in text.split("\n")], colWidths=[room], style=look)]


def _table(sheet: Sheet, room: float, lost: Counter[str], heads: int = 0) -> LongTable:
    rows = [[_drawn(text, lost) for text in row] for row in lines_of(sheet)]
    widths = widths_of(rows, sheet, room)
    look: list[tuple[Any, ...]] = [
        ("FONT", (0, 0), (-1, -1), FONT, SIZE),
        ("LEADING", (0, 0), (-1, -1), SIZE + 2),
        ("GRID", (0, 0), (-1, -1), 0.4, colors.grey),
        ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
        ("LEFTPADDING", (0, 0), (-1, -1), 2),
        ("RIGHTPADDING", (0, 0), (-1, -1), 2),
    ]
    across = {(box.top, box.left): box for box in sheet.merges if box.bottom <= len(rows)}
    for box in across.values():
        if box.right <= len(widths):
            look.append(("SPAN", (box.left - 1, box.top - 1), (box.right - 1, box.bottom - 1)))
    cells = [
        [_folded(text, _room(widths, across.get((r, c)), c)) for c, text in enumerate(row, 1)]
        for r, row in enumerate(rows, 1)
    ]
    again = heads if heads < len(rows) else 0
    style = TableStyle(look)
    return LongTable(cells, colWidths=widths, style=style, splitInRow=0, repeatRows=again)


def _room(widths: list[float], box: Box | None, column: int) -> float:
    return sum(widths[column - 1 : box.right if box else column]) - 4


def widths_of(rows: list[list[str]], sheet: Sheet, room: float) -> list[float]:
    """Columns as wide as their texts need, fitted to the page; what lies across several does not count."""
    merged = {(box.top, box.left) for box in sheet.merges if box.width > 1}
    needs = [
        max(
            (
                pdfmetrics.stringWidth(row[at][:MOST], FONT, SIZE) + 6
                for number, row in enumerate(rows, 1)
                if (number, at + 1) not in merged
            ),
            default=20.0,
        )
        for at in range(len(rows[0]))
    ]
    share = room / sum(max(20.0, each) for each in needs)
    return [max(20.0, each) * min(share, 3.0) for each in needs]


def _folded(text: str, room: float) -> str:
    """A text on as many lines as its cell needs."""
    lines, line = [], ""
    for letter in text.replace("\r", ""):
        if letter == "\n" or pdfmetrics.stringWidth(line + letter, FONT, SIZE) > room and line:
            lines.append(line)
            line = "" if letter == "\n" else letter
        else:
            line += letter
    return "\n".join([*lines, line])
