"""What the doctor says about one thing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from django.utils.translation import gettext

Level = Literal["ok", "warn", "bad"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: how it stands, what was seen, and how to mend it."""

    level: Level
    what: str
    mend: str = ""


def judge(good: bool, what: str, mend: str, *, worse: Literal["warn", "bad"] = "bad") -> Finding:
    """A finding that needs mending only when it is not good."""
    return Finding("ok" if good else worse, what, "" if good else mend)


def said(text: str) -> str:
    """The sentence in the language of the site; as it stands when settings themselves are broken."""
    try:
        return gettext(text)
    except Exception:  # settings that cannot load are among what the doctor is asked about
        return text


def first_line(error: BaseException) -> str:
    """What went wrong, in one line."""
    lines = str(error).strip().splitlines()
    return lines[0].strip() if lines else type(error).__name__
