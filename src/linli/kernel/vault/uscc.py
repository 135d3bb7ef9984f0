"""The unified social credit code of GB 32100, and the organisation code of GB 11714 inside it (pure).

1 registering department + 1 type + 6 area + 9 organisation code + 1 check; the letters I, O, S, V and Z are not used.
A valid check character does not prove that an organisation exists.
"""

import unicodedata
from dataclasses import dataclass

from .words import N_

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
WEIGHTS = tuple(pow(3, place, 31) for place in range(17))
INNER_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
INNER_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
LENGTH = 18
# 54: grass-roots self-governing organisations (residents' and villagers' committees).
SELF_GOVERNING = "54"
DEPARTMENTS = frozenset("123456789ANY")

MESSAGES = {
    "empty": N_("请填写统一社会信用代码。"),
    "length": N_("统一社会信用代码应为 18 位，请核对是否多填或少填。"),
    "characters": N_("统一社会信用代码里有不该有的字，只能是数字和大写字母，没有 I、O、S、V、Z。"),
    "department": N_("统一社会信用代码的第一位不是任何登记管理部门，请核对。"),
    "area": N_("统一社会信用代码的第 3 到 8 位应为行政区划代码，请核对。"),
    "organisation": N_("统一社会信用代码的第 9 到 17 位（组织机构代码）对不上，请逐位核对。"),
    "check": N_("统一社会信用代码有误：最后一位对不上，请逐位核对。"),
}


class UsccError(ValueError):
    """A code cannot be right; `code` names why and the text says it to the user."""

    def __init__(self, code: str) -> None:
        super().__init__(MESSAGES[code])
        self.code = code


@dataclass(frozen=True, slots=True)
class Uscc:
    """A well-formed code: 18 characters, and what it says of itself."""

    code: str

    @property
    def department(self) -> str:
        """Who registers: 1 staffing office, 5 civil affairs, 9 market, N agriculture and so on."""
        return self.code[0]

    @property
    def type(self) -> str:
        """Department and type together, such as 51 society, 52 service body, 54 committee, 91 company."""
        return self.code[:2]

    @property
    def area(self) -> str:
        """The six digits of the registering office's area."""
        return self.code[2:8]

    @property
    def organisation(self) -> str:
        """The organisation code of GB 11714."""
        return self.code[8:17]

    @property
    def is_self_governing(self) -> bool:
        """Whether it is that of a residents' or villagers' committee."""
        return self.type == SELF_GOVERNING


def inner_check(first: str) -> str:
    """The check character of an organisation code, from its first eight (GB 11714: 10 is X, 11 is 0)."""
    total = sum(
        weight * INNER_ALPHABET.index(each)
        for weight, each in zip(INNER_WEIGHTS, first, strict=True)
    )
    rest = 11 - total % 11
    return {10: "X", 11: "0"}.get(rest, str(rest))


def check_character(first: str) -> str:
    """The check character of a code, from its first seventeen; a sum divisible by 31 gives 0."""
    total = sum(weight * ALPHABET.index(each) for weight, each in zip(WEIGHTS, first, strict=True))
    return ALPHABET[(31 - total % 31) % 31]


def normal(text: str) -> str:
    """A code as it is kept: plain capitals, no blanks and no strokes."""
    plain = unicodedata.normalize("NFKC", text).upper()
    return "".join(each for each in plain if not each.isspace() and each not in "-·.—_")


def read(text: str) -> Uscc:
    """A code from what somebody typed; raises UsccError with the reason in the user's words."""
    code = normal(text)
    for name, wrong in _faults(code):
        if wrong:
            raise UsccError(name)
    if inner_check(code[8:16]) != code[16]:
        raise UsccError("organisation")
    if check_character(code[:17]) != code[17]:
        raise UsccError("check")
    return Uscc(code)


def _faults(code: str) -> tuple[tuple[str, bool], ...]:
    return (
        ("empty", not code),
        ("length", len(code) != LENGTH),
        ("characters", not set(code) <= set(ALPHABET)),
        ("department", code[:1] not in DEPARTMENTS),
        ("area", not code[2:8].isdigit()),
    )


def compose(type_: str, area: str, body: str) -> str:
    """A whole code from type, area and eight characters, both check characters added (made-up data)."""
    first = f"{type_}{area}{body}{inner_check(body)}"
    return first + check_character(first)
