"""Units from memory: read anew when one has changed, and not when none has."""

from __future__ import annotations

import pytest
from pytest import MonkeyPatch

from linli.kernel.access import offices
from linli.kernel.access.models import Unit
from linli.kernel.acts import system_act, under
from tests.town import Town

pytestmark = pytest.mark.usefixtures("db")


def test_a_changed_name_is_seen_and_nothing_is_read_for_nothing(
    town: Town, monkeypatch: MonkeyPatch
) -> None:
    monkeypatch.setattr(offices, "KEPT_SECONDS", -1.0)
    offices.forget()
    before = offices.generation()
    assert offices.generation() == before
    some = offices.units()[0]
    with under(system_act()):
        Unit.objects.filter(pk=some.pk).update(name="改了名的单位")
        renamed = offices.unit(some.pk)
        assert renamed is not None and renamed.name == "改了名的单位"
        assert offices.generation() != before
    offices.forget()


@pytest.mark.parametrize(
    ("unit", "below"),
    [("jia", set()), ("dong", {"jia", "yi"}), ("municipal", None), ("command", {"municipal"})],
)
def test_below_is_the_smaller_area(town: Town, unit: str, below: set[str] | None) -> None:
    with under(system_act()):
        found = {each.code for each in offices.units_below(town.unit(unit).pk)}
        if below is None:
            assert not found & {"municipal", "command"}
        else:
            assert found >= below and "command" not in found
        assert offices.units_below(None) == []
