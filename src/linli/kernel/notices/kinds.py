"""The kinds of notices that rooms declare: their words, their way on, their channels."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.dateformat import format as format_date
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from linli.ui.spoken import said

Words = str | Promise
# A text message passes through other companies' hands: nothing personal beyond these.
SMS_MAY_NAME = frozenset({"number", "status", "due"})
SAID = frozenset({"status", "stage"})  # parameters that are words of a pack, kept as written
DAYS = frozenset({"due"})  # parameters that are a day or a moment, kept as ISO 8601
_PLACEHOLDER = re.compile(r"%\((\w+)\)s")


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of notice; texts hold `%(name)s` placeholders, `sms` only a number, a status, a day.

    `href` gives the page behind the notice for (subject_id, face); `robot` tells the group robots too.
    """

    code: str
    title: Words
    body: Words
    sms: Words = ""
    urgent: bool = False
    robot: bool = False
    href: Callable[[int, str], str] | None = None


_kinds: dict[str, Kind] = {}


def declare(kind: Kind) -> Kind:
    """Declare a kind; ValueError when its text message would name somebody."""
    named = set(_PLACEHOLDER.findall(str(kind.sms)))
    if not named <= SMS_MAY_NAME:
        raise ValueError(f"{kind.code}: a text message may not name {named - SMS_MAY_NAME}")
    _kinds[kind.code] = kind
    return kind


def kind_of(code: str) -> Kind:
    """A declared kind; one that no longer exists reads as a plain notice."""
    return _kinds.get(code) or Kind(code, _("通知"), "")


def titles() -> dict[str, str]:
    """What each kind says first, by code; the empty one stands for all."""
    return {"": str(_("全部")), **{each.code: str(each.title) for each in declared()}}


def declared() -> list[Kind]:
    """Every declared kind, by code."""
    return [_kinds[code] for code in sorted(_kinds)]


class _Lenient(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "—"


def _when(written: str) -> str:
    """A day, or a day and a time, in the reader's words; what is neither stays as written."""
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        return written
    pattern = gettext("n月j日 H:i") if "T" in written else gettext("Y年n月j日")
    return format_date(moment, pattern)


_SAID_AS: dict[str, Callable[[str], str]] = {
    **dict.fromkeys(SAID, said),
    **dict.fromkeys(DAYS, _when),
}


def filled(text: Words, params: Mapping[str, Any]) -> str:
    """A text in the language in force with its parameters; a missing one reads as a dash."""
    words = str(text)
    told = {k: _SAID_AS[k](str(v)) if k in _SAID_AS else v for k, v in params.items()}
    return words % _Lenient(told) if "%(" in words else words
