"""Set-up takes the quickest build of the Python it was called with, and the one somebody named."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "setup"))

import interpreter  # noqa: E402

SLOW, QUICK, ALIKE = 0.020, 0.012, 0.019


@pytest.fixture
def pythons(monkeypatch: pytest.MonkeyPatch) -> dict[str, float | None]:
    """Seconds that each Python of a made-up machine takes for the same work."""
    took: dict[str, float | None] = {sys.executable: SLOW}
    monkeypatch.delenv("LINLI_PYTHON", raising=False)
    monkeypatch.setattr(interpreter, "_seconds", took.get)
    monkeypatch.setattr(interpreter, "_others", lambda: [p for p in took if p != sys.executable])
    return took


def test_a_quicker_build_is_taken(
    pythons: dict[str, float | None], capsys: pytest.CaptureFixture[str]
) -> None:
    pythons.update({"/a/python": ALIKE, "/b/python": QUICK, "/broken/python": None})
    assert interpreter.interpreter() == "/b/python"
    assert "60%" in capsys.readouterr().out


def test_a_hair_quicker_is_not_worth_it(pythons: dict[str, float | None]) -> None:
    pythons["/a/python"] = ALIKE
    assert interpreter.interpreter() == sys.executable


def test_the_named_one_is_taken_as_it_is(
    pythons: dict[str, float | None], monkeypatch: pytest.MonkeyPatch
) -> None:
    pythons["/b/python"] = QUICK
    monkeypatch.setenv("LINLI_PYTHON", sys.executable)
    assert interpreter.interpreter() == sys.executable


def test_only_the_same_version_is_looked_at() -> None:
    assert interpreter.version(sys.executable) == sys.version_info[:2]
    assert interpreter.version("/bin/true") is None
    assert all(interpreter.version(p) == sys.version_info[:2] for p in interpreter._others())
