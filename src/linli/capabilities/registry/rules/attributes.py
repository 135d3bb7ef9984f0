"""What was typed in for the attributes that a post, a station or a kind asks for. Pure: no Django, no clock."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from linli.capabilities.registry.policy import Attribute, AttributeKind

MOST = 400
YEARS = (1900, 2100)


class Unasked(ValueError):
    """A value that nobody asked for, or that is not what was asked; `field` names it."""

    def __init__(self, field: str, code: str) -> None:
        super().__init__(code)
        self.field = field
        self.code = code


def read(asked: Iterable[Attribute], given: Mapping[str, object]) -> dict[str, str | int]:
    """The values worth keeping, numbers as numbers; raises Unasked for what does not fit."""
    known = {each.code: each for each in asked}
    found: dict[str, str | int] = {}
    for code, value in given.items():
        if code not in known:
            raise Unasked(code, "unasked")
        if value in (None, ""):
            continue
        found[code] = _one(known[code], value)
    return found


def _one(attribute: Attribute, value: object) -> str | int:
    text = str(value).strip()
    if attribute.kind in (AttributeKind.NUMBER, AttributeKind.YEAR):
        low, high = YEARS if attribute.kind is AttributeKind.YEAR else (0, 1_000_000)
        if not text.isdecimal() or not low <= int(text) <= high:
            raise Unasked(attribute.code, "number")
        return int(text)
    if len(text) > MOST:
        raise Unasked(attribute.code, "long")
    return text
