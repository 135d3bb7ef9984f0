"""Warming up loads what is there and asks for nothing that must be."""

from __future__ import annotations

import gc

import pytest
from django.db import OperationalError
from pytest import MonkeyPatch

from linli.kernel import policy
from linli.site import warm


@pytest.fixture(autouse=True)
def _unfrozen(monkeypatch: MonkeyPatch) -> None:
    monkeypatch.setattr(warm, "connections", _Links())


class _Links:
    closed = 0

    def close_all(self) -> None:
        self.closed += 1


@pytest.mark.parametrize("fault", [OperationalError("no server"), policy.NoPolicy("no pack")])
def test_a_bare_or_missing_database_is_no_fault(monkeypatch: MonkeyPatch, fault: Exception) -> None:
    def fails() -> None:
        raise fault

    monkeypatch.setattr(policy, "current", fails)
    warm.warm()
    assert warm.connections.closed == 1  # type: ignore[attr-defined]


def test_what_is_loaded_is_set_aside(monkeypatch: MonkeyPatch) -> None:
    monkeypatch.setattr(warm, "warm", lambda: None)
    before = gc.get_threshold()
    try:
        warm.settle()
        assert gc.get_freeze_count() > 10_000
        assert gc.get_threshold() == warm.THRESHOLDS
    finally:
        gc.unfreeze()
        gc.set_threshold(*before)
