"""An official paper of one page or two: number, whom it is to, paragraphs, facts, unit and day; as .pdf or .docx."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape

from django.http import HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _t
from reportlab.graphics.barcode.qr import QrCodeWidget
from reportlab.graphics.shapes import Drawing
from reportlab.lib.enums import TA_CENTER, TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer, Table

from linli.kernel.files.examine import DOCX

MEDIA = {"pdf": "application/pdf", "docx": DOCX}
# Every reader of PDF knows this typeface by name and shows it in its own Chinese one; texts stay texts.
FONT, EDGE, QR = "STSong-Light", 25 * mm, 28 * mm
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_PARTS = {
    "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/word/document.xml" ContentType="{DOCX}.main+xml"/></Types>',
    "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Target="word/document.xml" Type='
    '"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"/></Relationships>',
}


@dataclass(frozen=True, slots=True)
class Paper:
    """What stands on it; `signed` are the lines that sign it, `scan` an address that checks it."""

    title: str
    number: str
    body: Sequence[str]
    facts: Sequence[tuple[str, str]]
    signed: Sequence[str]
    to: str = ""
    note: str = ""
    scan: str = ""


def answer(paper: Paper, kind: str) -> HttpResponse:
    """The paper as a file."""
    made = HttpResponse((pdf if kind == "pdf" else docx)(paper), content_type=MEDIA[kind])
    name = f"{paper.title}-{paper.number}.{kind}"
    made["Content-Disposition"] = content_disposition_header(True, name) or ""
    return made


def _style(size: float, **more: Any) -> ParagraphStyle:
    given = {"fontName": FONT, "fontSize": size, "leading": size * 1.7, "wordWrap": "CJK", **more}
    return ParagraphStyle(f"s{size}{sorted(more)}", **given)


def pdf(paper: Paper) -> bytes:
    """The paper to be printed."""
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    plain, end = _style(12), _style(12, alignment=TA_RIGHT)
    body = _style(12, firstLineIndent=24)
    rows = [[_text(name, plain), _text(value, plain)] for name, value in paper.facts]
    story: list[Any] = [
        _text(paper.title, _style(20, alignment=TA_CENTER)),
        _text(paper.number, _style(11, alignment=TA_CENTER)),
        Spacer(1, 6 * mm),
        *([_text(_t("%(to)s：") % {"to": paper.to}, plain)] if paper.to else []),
        *(_text(words, body) for words in paper.body if words),
        Spacer(1, 3 * mm),
        *([Table(rows, colWidths=[40 * mm, A4[0] - 2 * EDGE - 40 * mm])] if rows else []),
        Spacer(1, 10 * mm),
        *(_text(line, end) for line in paper.signed if line),
        Spacer(1, 8 * mm),
        *([_code(paper.scan)] if paper.scan else []),
        *([_text(paper.note, _style(9))] if paper.note else []),
    ]
    out = io.BytesIO()
    margins = {f"{side}Margin": EDGE for side in ("left", "right", "top", "bottom")}
    SimpleDocTemplate(out, pagesize=A4, title=paper.title, invariant=1, **margins).build(story)
    return out.getvalue()


def _text(words: str, style: ParagraphStyle) -> Paragraph:
    return Paragraph(escape(str(words)).replace("\n", "<br/>"), style)


def _code(address: str) -> Drawing:
    code = QrCodeWidget(address, barLevel="M", barWidth=QR, barHeight=QR)
    drawing = Drawing(QR, QR)
    drawing.add(code)
    return drawing


def docx(paper: Paper) -> bytes:
    """The paper to be gone on with in a word processor."""
    lines = [
        _line(paper.title, size=40, align="center", bold=True),
        _line(paper.number, size=22, align="center"),
        *([_line(_t("%(to)s：") % {"to": paper.to})] if paper.to else []),
        *(_line(words, indent=True) for words in paper.body if words),
        *(
            _line(_t("%(name)s：%(value)s") % {"name": name, "value": value}, indent=True)
            for name, value in paper.facts
        ),
        _line(""),
        *(_line(line, align="right") for line in paper.signed if line),
        *([_line(paper.note, size=18)] if paper.note else []),
    ]
    edges = 'w:top="1440" w:right="1440" w:bottom="1440" w:left="1440"'
    size = '<w:sectPr><w:pgSz w:w="11906" w:h="16838"/>'
    text = f'<w:document xmlns:w="{_W}"><w:body>{"".join(lines)}{size}<w:pgMar {edges}/></w:sectPr></w:body></w:document>'
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in {**_PARTS, "word/document.xml": text}.items():
            archive.writestr(name, f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>{part}')
    return out.getvalue()


def _line(
    words: str, *, size: int = 24, align: str = "left", bold: bool = False, indent: bool = False
) -> str:
    """A paragraph, with a line break where the text has one; sizes are half points."""
    how = ('<w:ind w:firstLine="480"/>' if indent else "") + f'<w:jc w:val="{align}"/>'
    face = '<w:rFonts w:ascii="SimSun" w:hAnsi="SimSun" w:eastAsia="SimSun"/>'
    look = f'{face}{"<w:b/>" if bold else ""}<w:sz w:val="{size}"/>'
    parts = "<w:br/>".join(
        f'<w:t xml:space="preserve">{escape(part)}</w:t>' for part in str(words).split("\n")
    )
    return f"<w:p><w:pPr>{how}</w:pPr><w:r><w:rPr>{look}</w:rPr>{parts}</w:r></w:p>"
