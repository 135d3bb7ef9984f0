"""An entry of a timeline, as `ui.timeline` draws it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise


@dataclass(frozen=True, slots=True)
class Entry:
    """What happened: when, in which words, by whom; tone is neutral, info, good, warn or bad."""

    title: str | Promise
    when: datetime | None = None
    who: str | Promise = ""
    text: str | Promise = ""
    tone: str = "neutral"
    current: bool = False
    files: tuple[Any, ...] = ()
