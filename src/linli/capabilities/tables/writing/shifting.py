"""What rows added in the middle of a sheet move: references in formulas, boxes, anchors (pure)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import escape, unescape

from openpyxl.formula.tokenizer import Token, Tokenizer
from openpyxl.formula.translate import Translator

_CELL = re.compile(r"^(\$?)([A-Za-z]{1,3})(\$?)([0-9]{1,7})$")
_ROWS = re.compile(r"^(\$?)([0-9]{1,7}):(\$?)([0-9]{1,7})$")
_BOXED = re.compile(rb"""(\s(?:ref|sqref)\s*=\s*)(["'])([^"']*)\2""")
_FORMULAS = re.compile(
    rb"(<(?:\w+:)?(?:f|formula|formula1|formula2)\b[^>]*>)([^<]+)(</(?:\w+:)?(?:f|formula|formula1|formula2)>)"
)
_BREAK = re.compile(rb"""(<(?:\w+:)?brk\b[^>]*?\bid=")([0-9]+)(")""")
_ROW_BREAKS = re.compile(rb"<(?:\w+:)?rowBreaks\b.*?</(?:\w+:)?rowBreaks>", re.S)
_ANCHOR = re.compile(rb"(<(?:\w+:)?row>)([0-9]+)(</(?:\w+:)?row>)")
_VML_ROW = re.compile(rb"(<(?:\w+:)?Row>)\s*([0-9]+)\s*(</(?:\w+:)?Row>)")
_VML_ANCHOR = re.compile(rb"(<(?:\w+:)?Anchor>)([^<]+)(</(?:\w+:)?Anchor>)")


@dataclass(frozen=True, slots=True)
class Shift:
    """Rows added to one sheet: so many after each row of the original, as (row, how many)."""

    sheet: str
    added: tuple[tuple[int, int], ...] = field(default=())

    @property
    def moves(self) -> bool:
        """Whether anything moves at all."""
        return any(many for _row, many in self.added)

    def row(self, row: int) -> int:
        """Where a row stands now."""
        return row + sum(many for after, many in self.added if row > after)

    def end(self, first: int, last: int) -> int:
        """Where a range ends now: one that ends with the rows added to takes the new ones in."""
        return last + sum(
            many for after, many in self.added if last > after or last == after and first <= after
        )

    def box(self, reference: str) -> str:
        """A reference such as A1 or A1:C5 as it reads now; what it does not know stays."""
        begin, sign, end = reference.partition(":")
        if rows := _ROWS.match(reference):
            first, last = int(rows[2]), int(rows[4])
            return f"{rows[1]}{self.row(first)}:{rows[3]}{self.end(first, last)}"
        one, other = _CELL.match(begin), _CELL.match(end) if sign else None
        if one is None or sign and other is None:
            return reference
        first = int(one[4])
        told = f"{one[1]}{one[2]}{one[3]}{self.row(first)}"
        if other is None:
            return told
        return f"{told}:{other[1]}{other[2]}{other[3]}{self.end(first, int(other[4]))}"

    def boxes(self, references: str) -> str:
        """Several references with blanks between as they read now."""
        return " ".join(map(self.box, references.split()))

    def formula(self, formula: str, own: bool) -> str:
        """A formula as it reads now; `own`: it stands on the sheet itself, so plain references are meant too."""
        tokens = Tokenizer(f"={formula}")
        for token in tokens.items:
            if token.type == Token.OPERAND and token.subtype == Token.RANGE:
                token.value = self._reference(token.value, own)
        return "".join(token.value for token in tokens.items)

    def _reference(self, value: str, own: bool) -> str:
        name, sign, cells = value.rpartition("!")
        if sign and name.strip("'").replace("''", "'") != self.sheet:
            return value
        return f"{name}{sign}{self.box(cells)}" if sign or own else value

    def tail(self, xml: bytes, own: bool = True) -> bytes:
        """Everything of a part that names boxes or holds formulas, as it reads now."""
        if own:
            xml = _BOXED.sub(lambda m: m[1] + m[2] + self.boxes(m[3].decode()).encode() + m[2], xml)
            xml = _ROW_BREAKS.sub(lambda m: _BREAK.sub(self._number, m[0]), xml)
        return self.formulas(xml, own)

    def formulas(self, xml: bytes, own: bool) -> bytes:
        """The formulas of a part as they read now."""

        def one(found: re.Match[bytes]) -> bytes:
            told = self.formula(unescape(found[2].decode()), own)
            head = (
                _BOXED.sub(
                    lambda m: m[1] + m[2] + self.boxes(m[3].decode()).encode() + m[2], found[1]
                )
                if own
                else found[1]
            )
            return head + escape(told, quote=False).encode() + found[3]

        return _FORMULAS.sub(one, xml)

    def _number(self, found: re.Match[bytes]) -> bytes:
        return found[1] + str(self.row(int(found[2]))).encode() + found[3]

    def _from_zero(self, found: re.Match[bytes]) -> bytes:
        return found[1] + str(self.row(int(found[2]) + 1) - 1).encode() + found[3]

    def drawing(self, xml: bytes) -> bytes:
        """Anchors of pictures and shapes as they read now."""
        return _ANCHOR.sub(self._from_zero, xml)

    def notes(self, xml: bytes) -> bytes:
        """Anchors of the boxes of cell comments as they read now."""

        def anchor(found: re.Match[bytes]) -> bytes:
            parts = [each.strip() for each in found[2].decode().split(",")]
            if len(parts) == 8:
                for at in (2, 6):
                    parts[at] = str(self.row(int(parts[at]) + 1) - 1)
            return found[1] + ", ".join(parts).encode() + found[3]

        return _VML_ANCHOR.sub(anchor, _VML_ROW.sub(self._from_zero, xml))


def translated(formula: str, origin: str, place: str) -> str:
    """A formula of one cell as it reads when it is copied to another."""
    return str(Translator(f"={formula}", origin=origin).translate_formula(place))[1:]
