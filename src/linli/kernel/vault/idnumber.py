"""The resident ID number of GB 11643: 6 area, 8 birth, 3 sequence, 1 check (pure).

A valid check digit does not prove who somebody is. The area is judged by its province only:
county codes of the year of issue stay valid. 81, 82 and 83 are the residence permits of
people from Hong Kong, Macau and Taiwan; a leading 9 is the foreigners' permanent residence
card of 2023 (9, two digits of province, three of nationality, then as above).
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import Literal

from .words import N_

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECKS = "10X98765432"
_PROVINCES = "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71"
MAINLAND = frozenset(_PROVINCES.split())
PERMITS = frozenset({"81", "82", "83"})
OLDEST_YEARS = 130
# Sequences that the 15-digit form kept for people then over a hundred, born in the 1800s.
CENTENARIANS = frozenset({"996", "997", "998", "999"})

Document = Literal["id_card", "permit", "foreign_card"]
# GA/T 517 codes; that of the residence permits is not confirmed and stays empty.
GAT517 = {"id_card": "111", "permit": "", "foreign_card": "553"}

MESSAGES = {
    "empty": N_("请填写身份证号。"),
    "characters": N_("身份证号里有不该有的字，只能是数字，最后一位可以是 X。"),
    "length": N_("身份证号应为 18 位（旧证 15 位），请核对是否多填或少填。"),
    "province": N_("身份证号开头的地区不存在，请核对前两位。"),
    "birth": N_("身份证号里的出生日期不存在，请核对第 7 到 14 位。"),
    "future": N_("身份证号里的出生日期还没有到，请核对第 7 到 14 位。"),
    "too_old": N_("身份证号里的出生日期太早，请核对第 7 到 14 位。"),
    "check": N_("身份证号有误：最后一位对不上，请逐位核对。"),
}

_SHAPE_18 = re.compile(r"[0-9]{17}[0-9X]")
_SHAPE_15 = re.compile(r"[0-9]{15}")
_ORNAMENT = re.compile(r"[\s\-]")


class IdNumberError(ValueError):
    """An ID number cannot be right; `code` names why and the text says it to the user."""

    def __init__(self, code: str) -> None:
        super().__init__(MESSAGES[code])
        self.code = code


@dataclass(frozen=True, slots=True)
class IdNumber:
    """A well-formed number: 18 characters, and what it says of itself."""

    number: str
    document: Document
    birth: date
    sex: Literal["male", "female"]

    @property
    def code(self) -> str:
        """The GA/T 517 code of the document, empty where not confirmed."""
        return GAT517[self.document]


def check_character(first17: str) -> str:
    """Return the check character of 17 digits (ISO 7064 MOD 11-2)."""
    return CHECKS[sum(w * int(d) for w, d in zip(WEIGHTS, first17, strict=True)) % 11]


def parse(value: str, today: date) -> IdNumber:
    """Return the number in its 18-character form; IdNumberError in the user's words."""
    number = _eighteen(_ORNAMENT.sub("", unicodedata.normalize("NFKC", value)).upper())
    document = _document(number)
    birth = _birth(number, today)
    if check_character(number[:17]) != number[17]:
        raise IdNumberError("check")
    return IdNumber(number, document, birth, "male" if int(number[16]) % 2 else "female")


def _eighteen(plain: str) -> str:
    if not plain:
        raise IdNumberError("empty")
    if not re.fullmatch(r"[0-9X]*", plain):
        raise IdNumberError("characters")
    if len(plain) not in (15, 18):
        raise IdNumberError("length")
    if _SHAPE_15.fullmatch(plain):
        century = "18" if plain[12:] in CENTENARIANS else "19"
        first17 = plain[:6] + century + plain[6:]
        return first17 + check_character(first17)
    if not _SHAPE_18.fullmatch(plain):
        raise IdNumberError("characters")
    return plain


def _document(number: str) -> Document:
    if number[:2] in MAINLAND:
        return "id_card"
    if number[:2] in PERMITS:
        return "permit"
    if number[0] == "9" and number[1:3] in MAINLAND:
        return "foreign_card"
    raise IdNumberError("province")


def _birth(number: str, today: date) -> date:
    try:
        birth = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        raise IdNumberError("birth") from None
    if birth > today:
        raise IdNumberError("future")
    if today.year - birth.year > OLDEST_YEARS:
        raise IdNumberError("too_old")
    return birth
