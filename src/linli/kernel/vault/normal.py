"""One comparable form per kind of protected value, so that equal values meet (pure)."""

import re
import unicodedata
from typing import Literal, get_args

Kind = Literal["phone", "id_number", "name", "text"]
KINDS: tuple[str, ...] = get_args(Kind)

_NOT_DIGIT = re.compile(r"[^0-9]")
_NOT_ID = re.compile(r"[^0-9A-Z]")
_SPACE = re.compile(r"\s+")
_MOBILE_ABROAD = re.compile(r"(?:00)?86(1\d{10})")
# Keyboards and old systems write the dot in minority names in at least these ways.
_DOTS = re.compile("[·•・‧∙⋅.．。]")


def normalise(kind: str, value: str) -> str:
    """Return the comparable form of a value: half width, one spelling, nothing ornamental."""
    plain = unicodedata.normalize("NFKC", value).strip()
    if kind == "phone":
        return phone(plain)
    if kind == "id_number":
        return _NOT_ID.sub("", plain.upper())
    if kind == "name":
        return _SPACE.sub("", _DOTS.sub("·", plain)).casefold()
    if kind == "text":
        return _SPACE.sub(" ", plain)
    raise ValueError(f"unknown kind {kind!r}")


def phone(value: str) -> str:
    """Return the digits of a phone number, without the country code of a mainland mobile."""
    digits = _NOT_DIGIT.sub("", unicodedata.normalize("NFKC", value))
    abroad = _MOBILE_ABROAD.fullmatch(digits)
    return abroad[1] if abroad else digits
