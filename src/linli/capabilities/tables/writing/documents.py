"""A filled form as a plain Word document: every sheet a table with what is merged, its headings on each page."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from xml.sax.saxutils import escape

from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont

from linli.capabilities.tables.reading.shapes import Book, Box, Sheet
from linli.capabilities.tables.writing.papers import (
    EDGE,
    FONT,
    WIDE,
    lines_of,
    shown,
    whole,
    widths_of,
)

_NS = "http://schemas.openxmlformats.org"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_WORD = (
    f'xmlns:w="{_NS}/wordprocessingml/2006/main" xmlns:r="{_NS}/officeDocument/2006/relationships"'
)
_TYPES = f"""{_HEAD}<Types xmlns="{_NS}/package/2006/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/>
<Override PartName="/word/footer1.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.footer+xml"/>
</Types>"""
_LINK = (
    f'{_HEAD}<Relationships xmlns="{_NS}/package/2006/relationships"><Relationship Id="rId1"'
    f' Type="{_NS}/officeDocument/2006/relationships/%s" Target="%s"/></Relationships>'
)
_LOOK = '<w:rPr><w:rFonts w:ascii="SimSun" w:hAnsi="SimSun" w:eastAsia="SimSun"/><w:sz w:val="%d"/></w:rPr>'
_SIDES = ("top", "left", "bottom", "right", "insideH", "insideV")
_BORDERS = "".join(f'<w:{side} w:val="single" w:sz="4" w:color="808080"/>' for side in _SIDES)
_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_TWIPS = 20  # of a point


def docx(book: Book, foot: str, heads: Mapping[str, int] | None = None) -> bytes:
    """Every sheet as a table, `foot` and the page under each page; `heads` as for a .pdf."""
    whole(book)
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    pages = shown(book)
    across = max((column for sheet in pages for _row, column in sheet.cells), default=1) >= WIDE
    long, short = (round(side * _TWIPS) for side in (A4[1], A4[0]))
    paper = (long, short) if across else (short, long)
    room = paper[0] / _TWIPS - 2 * EDGE
    tables = ("".join(_table(s, room, (heads or {}).get(s.name, 0))) for s in pages)
    broken = '<w:p><w:r><w:br w:type="page"/></w:r></w:p>'
    parts = {
        "[Content_Types].xml": _TYPES,
        "_rels/.rels": _LINK % ("officeDocument", "word/document.xml"),
        "word/_rels/document.xml.rels": _LINK % ("footer", "footer1.xml"),
        "word/document.xml": f"{_HEAD}<w:document {_WORD}><w:body>{broken.join(tables)}"
        f"{_section(paper)}</w:body></w:document>",
        "word/footer1.xml": _footer(foot),
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(zipfile.ZipInfo(name), text, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _section(paper: tuple[int, int]) -> str:
    lies = ' w:orient="landscape"' if paper[0] > paper[1] else ""
    edges = " ".join(
        f'w:{side}="{round(EDGE * _TWIPS)}"' for side in ("top", "right", "bottom", "left")
    )
    return (
        '<w:p/><w:sectPr><w:footerReference w:type="default" r:id="rId1"/>'
        f'<w:pgSz w:w="{paper[0]}" w:h="{paper[1]}"{lies}/>'
        f'<w:pgMar {edges} w:header="300" w:footer="300" w:gutter="0"/></w:sectPr>'
    )


def _footer(foot: str) -> str:
    page = f'<w:fldSimple w:instr="PAGE"><w:r>{_LOOK % 14}<w:t>1</w:t></w:r></w:fldSimple>'
    return f"{_HEAD}<w:ftr {_WORD}><w:p>{_run(f'{foot}    ', 14)}{page}</w:p></w:ftr>"


def _run(text: str, size: int) -> str:
    lines = _UNSEEN.sub("", text).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    told = "<w:br/>".join(f'<w:t xml:space="preserve">{escape(each)}</w:t>' for each in lines)
    return f"<w:r>{_LOOK % size}{told}</w:r>"


def _table(sheet: Sheet, room: float, heads: int) -> Iterator[str]:
    rows = list(lines_of(sheet))
    widths = [round(each * _TWIPS) for each in widths_of(rows, sheet, room)]
    grid = "".join(f'<w:gridCol w:w="{each}"/>' for each in widths)
    yield (
        f'<w:tbl><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:tblBorders>{_BORDERS}</w:tblBorders>'
        f'<w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>'
    )
    boxes = {
        (row, box.left): box
        for box in sheet.merges
        if box.right <= len(widths)
        for row in range(box.top, min(box.bottom, len(rows)) + 1)
    }
    for number, row in enumerate(rows, 1):
        again = "<w:tblHeader/>" if number <= heads < len(rows) else ""
        cells = "".join(_cells(number, row, widths, boxes))
        yield f"<w:tr><w:trPr><w:cantSplit/>{again}</w:trPr>{cells}</w:tr>"
    yield "</w:tbl>"


def _cells(
    number: int, row: list[str], widths: list[int], boxes: Mapping[tuple[int, int], Box]
) -> Iterator[str]:
    """The cells of a row from left to right, one for all columns of what is merged."""
    column = 1
    while column <= len(row):
        box = boxes.get((number, column))
        right = box.right if box else column
        span = f'<w:gridSpan w:val="{right - column + 1}"/>' if right > column else ""
        if box and box.height > 1:
            span += f'<w:vMerge w:val="{"restart" if number == box.top else "continue"}"/>'
        wide = sum(widths[column - 1 : right])
        middle = '<w:pPr><w:jc w:val="center"/></w:pPr>' if span else ""
        yield (
            f'<w:tc><w:tcPr><w:tcW w:w="{wide}" w:type="dxa"/>{span}<w:vAlign w:val="center"/></w:tcPr>'
            f"<w:p>{middle}{_run(row[column - 1], 18)}</w:p></w:tc>"
        )
        column = right + 1
