"""Every program that a door of `make` starts has an environment of ours."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "setup"))

import bootstrap  # noqa: E402


@pytest.mark.parametrize("name", ["PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV"])
def test_nobody_elses_paths_lead_our_programs_astray(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(name, "/somewhere/else")
    assert name not in bootstrap.environment()


def test_modules_are_compiled_once_whatever_the_shell_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    monkeypatch.setenv("LINLI_DEMO", "0")
    made = bootstrap.environment(LINLI_DEMO="1")
    assert "PYTHONDONTWRITEBYTECODE" not in made
    assert made["LINLI_DEMO"] == "1"
