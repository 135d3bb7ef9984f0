"""Rows of a sheet written anew: cells changed where they lie, rows added after the picture of a drawn one."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from html import escape, unescape

from linli.capabilities.tables.reading import marks
from linli.capabilities.tables.writing.shifting import translated

Value = str | int | float | Decimal | None
_UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_ROW_NUMBER = re.compile(rb"""(\sr\s*=\s*)["'][0-9]+["']""")
_SPANS = re.compile(rb"""\sspans\s*=\s*["'][^"']*["']""")
_HIDDEN = re.compile(rb"""\shidden\s*=\s*["'](?:1|true)["']|\sht\s*=\s*["']0(?:\.0*)?["']""")
_CACHED = re.compile(rb"<(?:\w+:)?v\b[^>]*?(?:/>|>.*?</(?:\w+:)?v>)", re.S)
_TYPED = re.compile(rb"""\st\s*=\s*["'](?:s|str|e|b|n|inlineStr)["']""")
_CHUNK = 2000


def clean(text: str) -> str:
    """A text as it may stand in XML; a formula is only ever a text here, since the cell says so."""
    if not text.isprintable():
        text = _UNSEEN.sub("", text)
    return escape(text, quote=False) if "&" in text or "<" in text or ">" in text else text


def cell(prefix: str, reference: str, style: str, value: Value) -> str:
    """A cell with a value: texts stand in it, so that the workbook's list of texts stays as it was."""
    if value is None:
        return f'<{prefix}c r="{reference}"{style}/>'
    if not isinstance(value, str):
        return f'<{prefix}c r="{reference}"{style}><{prefix}v>{value}</{prefix}v></{prefix}c>'
    space = ' xml:space="preserve"' if value != value.strip() or "\n" in value else ""
    return (
        f'<{prefix}c r="{reference}"{style} t="inlineStr"><{prefix}is><{prefix}t{space}>'
        f"{clean(value)}</{prefix}t></{prefix}is></{prefix}c>"
    )


def style_of(mark: marks.Mark | None) -> str:
    """The style of a cell as its attribute."""
    return f' s="{mark.style}"' if mark is not None and mark.style else ""


def patched(row: marks.Row, values: Mapping[int, Value], prefix: str, number: int) -> bytes:
    """A row with some cells changed and all others as they were; `number` is where it stands now."""
    inside, out, at = row.inside, [], 0
    left = dict(sorted(values.items()))
    for mark in marks.cells(inside):
        for column in [each for each in left if each < mark.column]:
            out.append(_new(prefix, column, number, left.pop(column)))
        out.append(inside[at : mark.begin])
        at = mark.end
        if mark.column in left:
            value = left.pop(mark.column)
            reference = f"{marks.letters(mark.column)}{number}"
            out.append(cell(prefix, reference, style_of(mark), value).encode())
        else:
            out.append(inside[mark.begin : mark.end])
    out += [inside[at:], *(_new(prefix, column, number, value) for column, value in left.items())]
    return _whole(row, b"".join(out), prefix.encode())


def _new(prefix: str, column: int, number: int, value: Value) -> bytes:
    return cell(prefix, f"{marks.letters(column)}{number}", "", value).encode()


def _whole(row: marks.Row, inside: bytes, prefix: bytes) -> bytes:
    attributes = _SPANS.sub(b"", row.attributes)
    return b"<" + prefix + b"row" + attributes + b">" + inside + b"</" + prefix + b"row>"


def moved(row: marks.Row, raw: bytes, number: int) -> bytes:
    """A row as it lies, standing at another number now."""
    if row.number == number:
        return raw
    raw = _ROW_NUMBER.sub(lambda m: m[1] + b'"%d"' % number, raw, count=1)
    return re.sub(
        rb"""(<(?:\w+:)?c\b[^>]*?\sr\s*=\s*["'])([A-Za-z]+)[0-9]+""",
        lambda m: m[1] + m[2] + str(number).encode(),
        raw,
    )


def shown(raw: bytes) -> bytes:
    """A row of a list as it lies, no more hidden: nobody who is filled in stands where nobody looks."""
    head, sign, rest = raw.partition(b">")
    return _HIDDEN.sub(b"", head) + sign + rest if b"hidden" in head else raw


def uncached(raw: bytes) -> bytes:
    """A row whose formulas forgot their results, to be computed anew."""
    if b"f>" not in raw and b"<f" not in raw:
        return raw

    def one(found: re.Match[bytes]) -> bytes:
        whole = found[0]
        if not marks.FORMULA.search(found[2] or b""):
            return whole
        head, sign, rest = whole.partition(b">")
        return _TYPED.sub(b"", head) + sign + _CACHED.sub(b"", rest)

    return marks.CELL.sub(one, raw)


class Pattern:
    """What an added row looks like: the styles, height and formulas of a row that is drawn."""

    def __init__(self, row: marks.Row | None, columns: Sequence[int], prefix: str) -> None:
        self.prefix, self.columns = prefix, tuple(columns)
        raw = shown(row.attributes) if row else b""
        self.attributes = _SPANS.sub(b"", _ROW_NUMBER.sub(b"", raw)).decode().rstrip("/ ")
        self.marks = {mark.column: mark for mark in marks.cells(row.inside)} if row else {}
        self.number = row.number if row else 0
        self.formulas = dict(_formulas(self.marks.values()))
        self.plain = not self.formulas

    def rows(self, first: int, values: Iterable[Sequence[Value]]) -> Iterator[bytes]:
        """Added rows from a number on, many at a time."""
        build, number, out = self._builder(), first, []
        for each in values:
            out.append(build(number, each))
            number += 1
            if len(out) >= _CHUNK:
                yield "".join(out).encode()
                out = []
        yield "".join(out).encode()

    def _pieces(self) -> list[tuple[int, str, str, int]]:
        """Every cell of a row: which value goes in (-1: none), how it begins, its style, its column."""
        at = {column: index for index, column in enumerate(self.columns)}
        return [
            (
                at.get(column, -1),
                f'<{self.prefix}c r="{marks.letters(column)}',
                f'"{style_of(self.marks.get(column))}',
                column,
            )
            for column in sorted({*self.columns, *self.marks})
        ]

    def _builder(self) -> Callable[[int, Sequence[Value]], str]:
        """A function that writes one row; what does not change from row to row is made once."""
        prefix, pieces = self.prefix, self._pieces()
        text = f' t="inlineStr"><{prefix}is><{prefix}t>'
        spaced = f' t="inlineStr"><{prefix}is><{prefix}t xml:space="preserve">'
        text_end, end = f"</{prefix}t></{prefix}is></{prefix}c>", f"</{prefix}v></{prefix}c>"
        begin, close, row_end = f'<{prefix}row r="', f'"{self.attributes}>', f"</{prefix}row>"
        formulas = self.formulas

        def build(number: int, values: Sequence[Value]) -> str:
            out = [begin, str(number), close]
            for index, head, style, column in pieces:
                value = values[index] if index >= 0 else None
                if value is None:
                    if column in formulas:
                        out.append(self._formula(column, number))
                    else:
                        out.append(f"{head}{number}{style}/>")
                elif isinstance(value, str):
                    told = clean(value)
                    kept = (
                        spaced if value[:1] == " " or value[-1:] == " " or "\n" in value else text
                    )
                    out.append(f"{head}{number}{style}{kept}{told}{text_end}")
                else:
                    out.append(f"{head}{number}{style}><{prefix}v>{value}{end}")
            out.append(row_end)
            return "".join(out)

        return build

    def _formula(self, column: int, number: int) -> str:
        letters = marks.letters(column)
        told = translated(self.formulas[column], f"{letters}{self.number}", f"{letters}{number}")
        style, prefix = style_of(self.marks[column]), self.prefix
        return f'<{prefix}c r="{letters}{number}"{style}><{prefix}f>{clean(told)}</{prefix}f></{prefix}c>'


def _formulas(found: Iterable[marks.Mark]) -> Iterator[tuple[int, str]]:
    for mark in found:
        formula = marks.FORMULA.search(mark.inside)
        if formula and formula[2]:
            yield mark.column, unescape(formula[2].decode())


_F = re.compile(rb"<((?:\w+:)?)f\b([^>]*?)(?:/>|>(.*?)</(?:\w+:)?f>)", re.S)


def unshared(xml: bytes, begin: int, end: int) -> bytes:
    """A sheet whose shared formulas are written out in every cell, so that each can move by itself."""
    if b"shared" not in xml:
        return xml
    masters: dict[str, tuple[str, str]] = {}
    out, at = [], begin
    for row in marks.rows(xml, begin, end):
        if b"shared" not in row.inside:
            continue
        start = xml.index(row.inside, row.begin)
        out.append(xml[at:start])
        out.append(_unshared(row, masters))
        at = start + len(row.inside)
    return xml[:begin] + b"".join(out) + xml[at:]


def _unshared(row: marks.Row, masters: dict[str, tuple[str, str]]) -> bytes:
    out, at = [], 0
    for mark in marks.cells(row.inside):
        found = _F.search(row.inside, mark.begin, mark.end)
        said = marks.attributes(found[2]) if found else {}
        if found is None or said.get("t") != "shared":
            continue
        place = f"{marks.letters(mark.column)}{row.number}"
        if found[3]:
            masters[said["si"]] = place, unescape(found[3].decode())
        origin, formula = masters.get(said["si"], (place, ""))
        told = clean(translated(formula, origin, place)).encode() if formula else b""
        out += [row.inside[at : found.start()], b"<%bf>%b</%bf>" % (found[1], told, found[1])]
        at = found.end()
    return b"".join([*out, row.inside[at:]])
