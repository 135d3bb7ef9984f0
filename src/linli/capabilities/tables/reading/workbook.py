"""Workbooks of today (.xlsx): every sheet's cells, merged boxes, validations and looks, read from its own XML."""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

from linli.capabilities.tables.reading import marks
from linli.capabilities.tables.reading.faces import faces
from linli.capabilities.tables.reading.shapes import Book, Box, Cell, Look, Rule, Sheet
from linli.capabilities.tables.reading.styles import looks, shown
from linli.kernel.files import books

ROWS, STYLED = 3000, 1500  # so many filled and styled rows are looked at
_SHEET = re.compile(rb"<(?:\w+:)?sheet\b([^>]*)/?>")
_LINK = re.compile(rb"<(?:\w+:)?Relationship\b([^>]*)/?>")
_ITEM = re.compile(rb"<(?:\w+:)?si\b[^>]*?(?:/>|>(.*?)</(?:\w+:)?si>)", re.S)
_MERGE = re.compile(rb"<(?:\w+:)?mergeCell\b([^>]*)/?>")
_COLUMN = re.compile(rb"<(?:\w+:)?col\b([^>]*)/?>")
_USUAL = re.compile(rb"<(?:\w+:)?sheetFormatPr\b([^>]*)/?>")
_RULE = re.compile(
    rb"<(?:\w+:)?dataValidation\b([^>]*?)(?:/>|>(.*?)</(?:\w+:)?dataValidation>)", re.S
)
_FIRST = re.compile(rb"<(?:\w+:)?formula1\b[^>]*>(.*?)</(?:\w+:)?formula1>", re.S)
_PROTECTED = re.compile(rb"<(?:\w+:)?sheetProtection\b([^>]*)/?>")
_DOCTYPE = re.compile(rb"<!(?:DOCTYPE|ENTITY)")


def parts_of(archive: zipfile.ZipFile) -> list[tuple[str, str, bool]]:
    """Name, part and whether hidden of every worksheet, in their order."""
    links = {
        said["Id"]: said.get("Target", "")
        for found in _LINK.finditer(archive.read("xl/_rels/workbook.xml.rels"))
        if (said := marks.attributes(found[1])) and said.get("Type", "").endswith("/worksheet")
    }
    found_sheets = []
    for found in _SHEET.finditer(archive.read("xl/workbook.xml")):
        said = marks.attributes(found[1])
        key = next((value for name, value in said.items() if name.endswith(":id")), "")
        if key in links:
            part = posixpath.normpath(posixpath.join("xl", links[key])).lstrip("/")
            part = links[key].lstrip("/") if links[key].startswith("/") else part
            found_sheets.append(
                (said.get("name", ""), part, said.get("state", "") not in ("", "visible"))
            )
    return found_sheets


def read_workbook(file: Path) -> Book:
    """All sheets of a workbook; a refusal in the user's words where it cannot be read."""
    books.examine(file)
    try:
        with zipfile.ZipFile(file) as archive:
            return _book(archive)
    except (zipfile.BadZipFile, KeyError, OSError, EOFError, UnicodeDecodeError, ValueError):
        raise books.broken() from None


def _book(archive: zipfile.ZipFile) -> Book:
    names = set(archive.namelist())
    strings = _strings(_part(archive, "xl/sharedStrings.xml", names))
    drawn = _part(archive, "xl/styles.xml", names)
    styles = looks(drawn)
    sheets = []
    for name, part, hidden in parts_of(archive):
        sheet = Sheet(name, part, hidden)
        read_sheet(sheet, _part(archive, part, names), strings, styles)
        sheet.pictures = _pictures(archive, part, names)
        sheets.append(sheet)
    _lists_elsewhere(sheets)
    seen = faces(drawn, _part(archive, "xl/theme/theme1.xml", names))
    return Book("xlsx", sheets, styles, faces=seen)


def _part(archive: zipfile.ZipFile, part: str, names: set[str]) -> bytes:
    if part not in names:
        return b""
    content = archive.read(part)
    if _DOCTYPE.search(content[:2000]):
        raise books.broken()
    return content


def _strings(xml: bytes) -> list[str]:
    return [marks.runs(found[1] or b"") for found in _ITEM.finditer(xml)]


def _pictures(archive: zipfile.ZipFile, part: str, names: set[str]) -> int:
    folder, file = posixpath.split(part)
    links = _part(archive, f"{folder}/_rels/{file}.rels", names)
    return sum(b"/drawing" in found[0] or b"/image" in found[0] for found in _LINK.finditer(links))


def read_sheet(sheet: Sheet, xml: bytes, strings: list[str], styles: dict[int, Look]) -> None:
    """Fill a sheet from its XML."""
    begin, end, _prefix = marks.data_span(xml)
    if not marks.whole(xml):
        raise books.broken()
    if begin < 0:
        return
    seen = 0
    for row in marks.rows(xml, begin, end):
        _row_look(sheet, row)
        if row.filled and seen <= ROWS:
            seen += _row(sheet, row, strings, styles)
        elif row.filled:
            sheet.last, sheet.cut = row.number, True
        elif row.inside and len(sheet.styled) < STYLED:
            _styles(sheet, row)
    _around(sheet, xml[:begin], xml[end:])


def _row_look(sheet: Sheet, row: marks.Row) -> None:
    """Whether a row is hidden, and how high it is."""
    if b"hidden" not in row.attributes and b"ht=" not in row.attributes:
        return
    said = marks.attributes(row.attributes)
    if said.get("hidden") in ("1", "true"):
        sheet.hidden_rows.add(row.number)
    if row.number <= STYLED and (height := _number(said.get("ht", ""))):
        sheet.heights[row.number] = height


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0


def _styles(sheet: Sheet, row: marks.Row) -> None:
    for each in marks.cells(row.inside):
        sheet.styles[row.number, each.column] = each.style
        first, _last = sheet.styled.get(row.number, (each.column, 0))
        sheet.styled[row.number] = first, each.column


def _row(sheet: Sheet, row: marks.Row, strings: list[str], styles: dict[int, Look]) -> bool:
    there = False
    for each in marks.cells(row.inside):
        sheet.styles[row.number, each.column] = each.style
        first, _last = sheet.styled.get(row.number, (each.column, 0))
        sheet.styled[row.number] = first, each.column
        if not each.inside:
            continue
        cell = _cell(each, strings, styles.get(each.style, Look()))
        if cell.text.strip() or cell.formula:
            sheet.cells[row.number, each.column] = cell
            there = True
    if there:
        sheet.last = row.number
    return there


def _cell(mark: marks.Mark, strings: list[str], look: Look) -> Cell:
    formula = marks.FORMULA.search(mark.inside)
    told = marks.words(formula[2] or b"") if formula else ""
    if formula and not told:
        told = "shared"
    if mark.kind == "inlineStr":
        return Cell(marks.runs(mark.inside), told, mark.style)
    found = marks.VALUE.search(mark.inside)
    raw = marks.words(found[1] or b"") if found else ""
    if mark.kind == "s":
        raw = strings[int(raw)] if raw.isdigit() and int(raw) < len(strings) else ""
    elif mark.kind == "b":
        raw = "是" if raw == "1" else "否"
    elif mark.kind == "n":
        raw = shown(raw, look)
    return Cell(raw, told, mark.style)


def _around(sheet: Sheet, before: bytes, after: bytes) -> None:
    """What a sheet says before and after its rows: hidden columns, merged boxes, validations, protection."""
    for found in _COLUMN.finditer(before):
        said = marks.attributes(found[1])
        here = range(int(said["min"]), min(int(said["max"]), 400) + 1)
        if said.get("hidden") in ("1", "true"):
            sheet.hidden_columns |= {*here}
        elif width := _number(said.get("width", "")):
            sheet.widths |= dict.fromkeys(here, width)
    usual = _USUAL.search(before)
    sheet.width = _number(marks.attributes(usual[1]).get("defaultColWidth", "")) if usual else 0.0
    sheet.width = sheet.width or 8.43
    sheet.merges = [
        each
        for found in _MERGE.finditer(after)
        if (each := marks.box(marks.attributes(found[1]).get("ref", "")))
    ]
    sheet.rules = list(_rules(after))
    protection = _PROTECTED.search(after)
    sheet.protected = bool(
        protection and marks.attributes(protection[1]).get("sheet", "0") in ("1", "true")
    )


def _rules(after: bytes) -> Iterator[Rule]:
    for found in _RULE.finditer(after):
        said = marks.attributes(found[1])
        first = _FIRST.search(found[2] or b"")
        told = marks.words(first[1]) if first and said.get("type") == "list" else ""
        choices: tuple[str, ...] = ()
        if told.startswith('"'):
            choices = tuple(each.strip() for each in told.strip('"').split(",") if each.strip())
        elif told:
            choices = (f"={told}",)
        prompt = " ".join(said[name] for name in ("promptTitle", "prompt") if said.get(name))
        yield Rule(marks.boxes(said.get("sqref", "")), choices, prompt)


def _lists_elsewhere(sheets: list[Sheet]) -> None:
    """Choices that stand in cells of this or another sheet are written out."""
    by_name = {sheet.name: sheet for sheet in sheets}
    for sheet in sheets:
        sheet.rules = [
            Rule(rule.boxes, _elsewhere(rule.choices[0][1:], sheet, by_name), rule.prompt)
            if rule.choices and rule.choices[0].startswith("=")
            else rule
            for rule in sheet.rules
        ]


def _elsewhere(reference: str, own: Sheet, by_name: dict[str, Sheet]) -> tuple[str, ...]:
    name, sign, cells = reference.rpartition("!")
    there = by_name.get(name.strip("'")) if sign else own
    box = marks.box(cells) or Box(1, 1, 0, 0)
    if there is None or box.height > 500:
        return ()
    found = (
        there.cells.get((row, column))
        for row in range(box.top, box.bottom + 1)
        for column in range(box.left, box.right + 1)
    )
    return tuple(cell.text.strip() for cell in found if cell and cell.text.strip())
