"""What stands in a cell in place of a value: that there is none, that nobody knows, that it was not told (pure)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

REASON_LEAST = 2
_SAID = re.compile(
    r"^\s*(确无|不清楚|拒绝提供|拒绝|none|not known|not told)\s*(?:[：:，,（(]\s*(.*?)\s*[）)]?)?\s*$",
    re.DOTALL | re.IGNORECASE,
)


class How(StrEnum):
    """Why a cell stays without a value."""

    NONE = "none"
    UNKNOWN = "unknown"
    DECLINED = "declined"


_WORDS = {
    "确无": How.NONE,
    "不清楚": How.UNKNOWN,
    "拒绝提供": How.DECLINED,
    "拒绝": How.DECLINED,
    "none": How.NONE,
    "not known": How.UNKNOWN,
    "not told": How.DECLINED,
}


@dataclass(frozen=True, slots=True)
class Said:
    """A cell without a value, and why."""

    how: How
    why: str = ""

    @property
    def lacks_reason(self) -> bool:
        """Whether the reason is still missing: that there is none needs none."""
        return self.how is not How.NONE and len(self.why) < REASON_LEAST


def said(text: str) -> Said | None:
    """“确无”, “不清楚：…”, “拒绝提供：…” as they are typed or pasted; None where the text is a value."""
    found = _SAID.match(text)
    if found is None:
        return None
    return Said(_WORDS[found[1].lower()], " ".join((found[2] or "").split())[:200])
