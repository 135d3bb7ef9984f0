"""Colours can be read, night is one night, and every icon that is asked for is in the sprite."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

UI = Path(__file__).resolve().parents[1]
TOKENS = (UI / "static/ui/tokens.css").read_text("utf-8")
ICONS = set((UI.parents[2] / "setup/icons.txt").read_text("utf-8").split())
ICON = re.compile(
    r"""(?<![\w.])(?:icon|_icon)\(\s*"([a-z0-9-]+)"|icon="([a-z0-9-]+)"|icon\("([a-z0-9-]+)"\)"""
)
AA, AA_PART = 4.5, 3.0
TEXT = [
    (ink, ground)
    for ink in ("ink", "ink-2", "muted", "accent", "good", "warn", "bad", "info")
    for ground in ("paper", "surface", "surface-2", "surface-3")
]
PAIRS = [
    *TEXT,
    ("on-accent", "accent-fill"),
    ("on-accent", "accent-fill-hover"),
    ("on-tone", "bad-fill"),
    ("accent", "accent-soft"),
    *((tone, f"{tone}-soft") for tone in ("good", "warn", "bad", "info")),
    *(("ink", f"{tone}-soft") for tone in ("good", "warn", "bad", "info")),
]


def _block(opening: str) -> dict[str, str]:
    found = re.search(re.escape(opening) + r" \{(.*?)\n\s*\}", TOKENS, re.DOTALL)
    assert found, opening
    return dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6});", found.group(1)))


LIGHT = _block(":root")
DARK = LIGHT | _block('html[data-bs-theme="dark"]')
ELDER = LIGHT | _block('html[data-size="elder"]')
ELDER_DARK = DARK | _block('html[data-size="elder"][data-bs-theme="dark"]')


def _light(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, other: str) -> float:
    high, low = sorted((_light(one), _light(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize(
    "tokens", [LIGHT, DARK, ELDER, ELDER_DARK], ids=["light", "dark", "elder", "elder-dark"]
)
def test_every_text_stands_out_from_its_ground(tokens: dict[str, str]) -> None:
    weak = {p: round(_contrast(tokens[p[0]], tokens[p[1]]), 2) for p in PAIRS}
    assert {p: c for p, c in weak.items() if c < AA} == {}
    assert _contrast(tokens["line-strong"], tokens["surface"]) >= AA_PART, "edges of inputs"


def test_night_is_the_same_with_and_without_a_script() -> None:
    inner = re.search(r"html:not\(\[data-bs-theme\]\) \{(.*?)\n  \}", TOKENS, re.DOTALL)
    outer = re.search(r'html\[data-bs-theme="dark"\] \{(.*?)\n\}', TOKENS, re.DOTALL)
    assert inner and outer
    assert inner.group(1).split() == outer.group(1).split()


def test_paper_stays_white() -> None:
    """Every night block stands in a rule for screens, so that a page printed at night is ink on paper."""
    nights = [
        found.start() for found in re.finditer(r'data-bs-theme="dark"\] \{|bs-theme\]\)', TOKENS)
    ]
    assert len(nights) == 3
    for at in nights:
        opened = TOKENS[:at].rsplit("@media", 1)[1]
        assert opened.startswith(" screen") and opened.count("{") - opened.count("}") == 1


def test_every_icon_asked_for_is_in_the_sprite() -> None:
    asked = {
        next(filter(None, found))
        for page in UI.parent.rglob("templates/**/*.html")
        for found in ICON.findall(page.read_text("utf-8"))
    }
    assert asked, "no icon was found: the pattern is wrong"
    assert asked - ICONS == set()
