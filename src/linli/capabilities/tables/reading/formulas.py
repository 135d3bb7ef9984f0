"""Formulas of a sheet that come back to themselves, so that their results mean nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from openpyxl.formula.tokenizer import Token, Tokenizer

from linli.capabilities.tables.reading import marks

Place = tuple[int, int]
_LONGEST = 2000  # rows of a range that are looked at


def circular(formulas: Mapping[Place, str]) -> bool:
    """Whether formulas of one sheet, by row and column, lead back to themselves."""
    needs = {place: set(_needs(text)) & formulas.keys() for place, text in formulas.items()}
    left = dict(needs)
    while left:
        free = [place for place, those in left.items() if not those & left.keys()]
        if not free:
            return True
        for place in free:
            del left[place]
    return False


def _needs(formula: str) -> Iterator[Place]:
    for token in Tokenizer(f"={formula}").items:
        if token.type != Token.OPERAND or token.subtype != Token.RANGE or "!" in token.value:
            continue
        box = marks.box(token.value)
        if box is None or box.height > _LONGEST:
            continue
        yield from (
            (row, column)
            for row in range(box.top, box.bottom + 1)
            for column in range(box.left, min(box.right, box.left + 100) + 1)
        )
