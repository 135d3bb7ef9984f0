"""What tells a row of headings from a row of data, and where a table ends: the same for every reader of files (pure)."""

from __future__ import annotations

import re

KNOWN = 0.6  # from here on the dictionary knows a heading
LONGEST = 40
VALUE = re.compile(r"^[\d\s.,:+\-/年月日Xx*]+$")
TOTAL = r"^\s*(合\s*计|总\s*计|小\s*计|本页|填表|制表|填报|审核|负责人|联系人[:：]|备\s*注[:：]|注[:：]|说明[:：])"


def like_heading(text: str) -> bool:
    """Whether a text may be a heading: short, and no number or day."""
    return bool(text) and len(text) <= LONGEST and not VALUE.match(text)
