"""The unified social credit code of GB 32100: 1 department, 1 type, 6 area, 9 organisation code, 1 check (pure)."""

from __future__ import annotations

import re
import unicodedata

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
WEIGHTS = tuple(pow(3, i, 31) for i in range(17))
# GB 11714: the organisation code inside has a check character of its own.
INNER = (3, 7, 9, 10, 5, 8, 4, 2)
_ORNAMENT = re.compile(r"[\s\-]")
_SHAPE = re.compile(rf"[{ALPHABET}]{{18}}")


def check_character(first17: str) -> str:
    """The check character of 17 characters; the remainder 0 checks with 0, not with a 32nd character."""
    total = sum(
        ALPHABET.index(mark) * weight for mark, weight in zip(first17, WEIGHTS, strict=True)
    )
    return ALPHABET[(31 - total % 31) % 31]


def inner_check(first8: str) -> str:
    """The check character of an organisation code (GB 11714)."""
    total = sum(int(mark, 36) * weight for mark, weight in zip(first8, INNER, strict=True))
    return "0123456789X0"[11 - total % 11]


def uscc(text: str) -> str:
    """The code in its 18 characters, empty where it cannot be one."""
    code = _ORNAMENT.sub("", unicodedata.normalize("NFKC", text)).upper()
    if not _SHAPE.fullmatch(code) or check_character(code[:17]) != code[17]:
        return ""
    return code
