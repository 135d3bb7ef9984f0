"""A matter written and read by the statements written once is what the mapper would have kept."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError

from linli.capabilities.matters.models import Matter
from linli.capabilities.matters.services import rows
from linli.kernel.acts import system_act, under

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def _drawn(town: Any) -> Matter:
    area = town.area("甲社区").pk
    return Matter(
        policy=1,
        kind=Matter.Kind.EVENT,
        code="0602",
        title="井盖 '破' %s 了",
        body="一\n二\\",
        answers={"一": [1, None, "二"]},
        channel="web",
        area_id=area,
        community=area,
        reporter_name="王小梅",
        phone="13800000000",
        id_number=None,
        state="reported",
        position={"state": "reported"},
        opened=AT,
        due=None,
        on_time=None,
        lon=120.3,
        token=uuid4(),
        tokens=["井盖", "破了", "abandoned"],
        told=[],
        changed=AT,
        look=AT,
    )


def _all(matter: Matter) -> dict[str, Any]:
    kept = {f.attname: getattr(matter, f.attname) for f in Matter._meta.concrete_fields}
    sealed = {name: kept.pop(name) for name in ("reporter_name", "phone", "id_number")}
    shown = {name: value.open() if value else None for name, value in sealed.items()}
    indexes = {n: bytes(v) if v else None for n, v in kept.items() if n.endswith("_index")}
    return {**kept, **shown, **indexes, "id": 0, "token": ""}


def test_inserted_as_the_mapper_inserts(town: Any) -> None:
    with under(system_act()):
        ours, theirs = _drawn(town), _drawn(town)
        rows.insert(ours)
        theirs.save(force_insert=True)
        one, other = Matter.objects.get(pk=ours.pk), Matter.objects.get(pk=theirs.pk)
        assert _all(one) == _all(other)
        assert one.phone_index is not None and one.tokens == ["井盖", "破了", "abandoned"]


def test_held_as_the_mapper_reads(town: Any) -> None:
    with under(system_act()):
        matter = _drawn(town)
        rows.insert(matter)
        held = rows.held(matter.pk)
        assert held is not None and held == Matter.objects.get(pk=matter.pk)
        assert _all(held) == _all(Matter.objects.get(pk=matter.pk))
        assert rows.held(matter.pk + 1_000_000) is None


def test_only_the_named_fields_are_written(town: Any) -> None:
    with under(system_act()):
        matter = _drawn(town)
        rows.insert(matter)
        matter.state, matter.title, matter.due = "handling", "不写", AT
        matter.told, matter.position = ["accept:1:red"], {"state": "handling"}
        rows.update(matter, ["state", "due", "told", "position"])
        now = Matter.objects.get(pk=matter.pk)
        assert (now.state, now.due, now.told) == ("handling", AT, ["accept:1:red"])
        assert now.position == {"state": "handling"} and now.title != "不写"
        rows.update(matter, [])


def test_a_row_that_is_out_of_sight_is_not_written(town: Any) -> None:
    with under(system_act()):
        matter = _drawn(town)
        rows.insert(matter)
    with under(town.act("zhou")):
        assert rows.held(matter.pk) is None
        with pytest.raises(DatabaseError):
            rows.update(matter, ["state"])
