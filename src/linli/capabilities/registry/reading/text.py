"""Text files: which encoding, which separator, and their rows block by block, never the whole file at once."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import polars as pl

from linli.kernel.acts.act import Refusal
from linli.ui.spoken import Spoken

BLOCK = 8 * 2**20
LONGEST_CARRY = 4 * BLOCK
SEPARATORS = (",", "\t", ";", "|", "，")
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def encoding_of(file: Path) -> str:
    """The file's encoding: by its mark, else UTF-8 when all of it is, else GB 18030; a refusal when neither."""
    with file.open("rb") as stream:
        head = stream.read(4)
    for mark, name in _MARKS:
        if head.startswith(mark):
            return name
    for name in ("utf-8", "gb18030"):
        if _decodes(file, name):
            return name
    raise Refusal(
        Spoken("看不懂这个文件的文字编码，请在 Excel 里另存为 .xlsx 或“CSV UTF-8”再导入。"),
        field="file",
        code="encoding",
    )


def _decodes(file: Path, name: str) -> bool:
    decoder = codecs.getincrementaldecoder(name)()
    try:
        with file.open("rb") as stream:
            while block := stream.read(BLOCK):
                if "\0" in decoder.decode(block):
                    return False
            decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def lines_of(file: Path) -> int:
    """How many lines a file has."""
    with file.open("rb") as stream:
        return sum(block.count(b"\n") for block in iter(lambda: stream.read(BLOCK), b""))


def separator_of(sample: str) -> str:
    """The separator that cuts the most lines into the same number of cells."""
    best, most = ",", 0.0
    for sign in SEPARATORS:
        widths = [len(row) for row in islice(csv.reader(io.StringIO(sample), delimiter=sign), 60)]
        wide = [width for width in widths if width > 1]
        if not wide:
            continue
        usual = max(set(wide), key=wide.count)
        score = wide.count(usual) / len(widths) * min(usual, 8)
        if score > most:
            best, most = sign, score
    return best


def _blocks(file: Path, encoding: str) -> Iterator[str]:
    """The text in pieces that end where a row ends."""
    decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
    carry = ""
    with file.open("rb") as stream:
        while raw := stream.read(BLOCK):
            text = carry + decoder.decode(raw)
            cut = _row_end(text)
            if cut:
                yield text[:cut]
            carry = text[cut:]
    carry += decoder.decode(b"", final=True)
    if carry:
        yield carry


def _row_end(text: str) -> int:
    """The place behind the last whole row: the last line break outside quotes; 0 when there is none."""
    at = text.rfind("\n")
    if text.count('"', 0, at + 1) % 2 == 0 or len(text) > LONGEST_CARRY:
        return at + 1
    opened = text.rfind('"', 0, at)
    while opened > 0:
        at = text.rfind("\n", 0, opened)
        if text.count('"', 0, at + 1) % 2 == 0:
            return at + 1
        opened = text.rfind('"', 0, at)
    return 0


def head_of(file: Path, encoding: str, rows: int) -> tuple[list[list[str]], str]:
    """The first rows as cells, and the separator."""
    with file.open("rb") as stream:
        sample = codecs.getincrementaldecoder(encoding)(errors="replace").decode(stream.read(2**20))
    sign = separator_of("\n".join(sample.splitlines()[:60]))
    return list(islice(csv.reader(io.StringIO(sample), delimiter=sign), rows)), sign


def frames(file: Path, encoding: str, sign: str, width: int) -> Iterator[pl.DataFrame]:
    """All rows, block by block, as text columns c0, c1, …; short rows are filled, long ones cut."""
    schema = {f"c{at}": pl.String for at in range(width)}
    for block in _blocks(file, encoding):
        if '"' in block or "\r" in block.replace("\r\n", ""):
            yield _quoted(block, sign, width, schema)
        else:
            yield (
                pl.read_csv(
                    io.BytesIO(block.encode()),
                    has_header=False,
                    separator=sign if sign.isascii() else ",",
                    quote_char=None,
                    infer_schema=False,
                    truncate_ragged_lines=True,
                    schema=schema,
                    missing_columns="insert",
                )
                if sign.isascii()
                else _quoted(block, sign, width, schema)
            )


def _quoted(block: str, sign: str, width: int, schema: dict[str, type[pl.String]]) -> pl.DataFrame:
    """Rows with quotes, however odd: as spreadsheets read them."""
    csv.field_size_limit(2**24)
    rows = [
        [*row[:width], *([""] * (width - len(row)))]
        for row in csv.reader(io.StringIO(block, newline=""), delimiter=sign)
    ]
    return pl.DataFrame(rows, schema=schema, orient="row")
