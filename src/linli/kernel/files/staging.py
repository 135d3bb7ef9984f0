"""Uploads that wait between two pages: kept clean on disk, named in the session, swept after a day."""

from __future__ import annotations

from typing import Any

from linli.kernel.files import store
from linli.kernel.files.examine import Clean


def stage(clean: Clean) -> dict[str, Any]:
    """Keep a clean upload without a row; returns what a session needs to find it again."""
    return {
        "digest": store.put(clean.content, clean.thumb),
        "name": clean.name,
        "type": clean.media_type,
        "width": clean.width,
        "height": clean.height,
    }


def staged(kept: dict[str, Any]) -> Clean | None:
    """A staged upload as it was; None when it has been swept."""
    try:
        content = store.path_of(str(kept["digest"])).read_bytes()
    except (FileNotFoundError, ValueError):
        return None
    thumb = store.path_of(str(kept["digest"]), thumb=True)
    small = thumb.read_bytes() if thumb.exists() else None
    return Clean(content, kept["type"], kept["name"], kept["width"], kept["height"], small)


def thumbnail(kept: dict[str, Any]) -> bytes | None:
    """The small picture of a staged image; None when there is none."""
    path = store.path_of(str(kept["digest"]), thumb=True)
    return path.read_bytes() if path.exists() else None
