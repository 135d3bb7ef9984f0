"""What somebody typed into the one box: a number, a phone, an address or a name (pure)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from linli.kernel.vault.normal import normalise

Kind = Literal["number", "phone", "address", "name", "nothing"]
_NUMBER = re.compile(r"\d{14}[\dXx]|\d{17}[\dXx]")
_DOCUMENT = re.compile(r"[A-Z]{1,3}\d{6,12}")
_PHONE = re.compile(r"(?:\+?86)?1[3-9]\d{9}|0\d{2,3}\d{7,8}|[2-8]\d{6,7}")
_PLACE = re.compile(r"\d|[幢栋号室弄]|单元")
MOST = 60


@dataclass(frozen=True, slots=True)
class Asked:
    """One question, understood."""

    kind: Kind
    text: str


def asked(text: str) -> Asked:
    """What is looked for: digits are an ID number or a phone, words with numbers an address, others a name."""
    plain = normalise("text", text)[:MOST].strip()
    bare = plain.replace(" ", "").replace("-", "")
    if not bare:
        return Asked("nothing", "")
    if _NUMBER.fullmatch(bare) or _DOCUMENT.fullmatch(bare.upper()):
        return Asked("number", normalise("id_number", bare))
    if _PHONE.fullmatch(bare):
        return Asked("phone", normalise("phone", bare))
    if _PLACE.search(bare):
        return Asked("address", plain)
    return Asked("name", bare)


def next_text(prefix: str) -> str:
    """The first text after every text that begins with a prefix, in order of code points."""
    return prefix[:-1] + chr(ord(prefix[-1]) + 1)
