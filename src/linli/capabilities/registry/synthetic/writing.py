"""Rows as a CSV file or a workbook, fast enough for a million."""

from __future__ import annotations

import zipfile
from pathlib import Path

import polars as pl

SHEET_ROWS = 1_048_575  # below the heading, the most that a sheet holds
_TYPES = (
    '<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/'
    'content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.'
    'relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-'
    'officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>'
)
_LINK = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_RELS = (
    f'<?xml version="1.0"?><Relationships xmlns="{_PACKAGE}"><Relationship Id="r1" '
    f'Type="{_LINK}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
)
_BOOK = (
    f'<?xml version="1.0"?><workbook xmlns="{_MAIN}" xmlns:r="{_LINK}"><sheets>'
    '<sheet name="人员" sheetId="1" r:id="r1"/></sheets></workbook>'
)
_BOOK_RELS = (
    f'<?xml version="1.0"?><Relationships xmlns="{_PACKAGE}"><Relationship Id="r1" '
    f'Type="{_LINK}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>'
)


def write(rows: pl.DataFrame, file: Path) -> None:
    """Write rows as .csv (UTF-8 with a mark that Excel reads) or .xlsx; ValueError for more than a sheet holds."""
    if file.suffix.lower() == ".xlsx":
        _workbook(rows, file)
    else:
        rows.write_csv(file, include_bom=True)


def _lines(rows: pl.DataFrame) -> str:
    cells = []
    for column in rows.columns:
        text = pl.col(column).cast(pl.String).fill_null("")
        for sign, safe in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;")):
            text = text.str.replace_all(sign, safe, literal=True)
        cells += [pl.lit('<c t="inlineStr"><is><t>'), text, pl.lit("</t></is></c>")]
    lines = rows.select(pl.concat_str(pl.lit("<row>"), *cells, pl.lit("</row>")).alias("x"))
    return "".join(lines["x"].to_list())


def _workbook(rows: pl.DataFrame, file: Path) -> None:
    if len(rows) > SHEET_ROWS:
        raise ValueError(f"a sheet holds {SHEET_ROWS} rows; write .csv")
    heading = pl.DataFrame({name: [name] for name in rows.columns})
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as book:
        for name, text in (
            ("[Content_Types].xml", _TYPES),
            ("_rels/.rels", _RELS),
            ("xl/workbook.xml", _BOOK),
            ("xl/_rels/workbook.xml.rels", _BOOK_RELS),
        ):
            book.writestr(name, text)
        with book.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            sheet.write(f'<?xml version="1.0"?><worksheet xmlns="{_MAIN}"><sheetData>'.encode())
            sheet.write(_lines(heading).encode())
            for start in range(0, len(rows), 20_000):
                sheet.write(_lines(rows[start : start + 20_000]).encode())
            sheet.write(b"</sheetData></worksheet>")
