"""Many rows at once are still judged one by one."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from linli.kernel.acts import Act, system_act, under
from linli.kernel.acts.models import Fact, Words
from linli.kernel.acts.pouring import pour

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def _fact(actor: int, **given: Any) -> Fact:
    return Fact(at=AT, verb="test.pour", actor=actor, channel="job", subject_type="test", **given)


def _kept() -> list[tuple[int, Any, bytes | None]]:
    rows = Fact.objects.filter(verb="test.pour").order_by("id")
    return [(f.actor, f.data, bytes(f.digest) if f.digest else None) for f in rows]


def test_rows_arrive_as_they_were(town: Any) -> None:
    strange = {"words": "一\t二\n\\三", "none": None, "list": [1, "二"]}
    with under(system_act()):
        assert pour([_fact(2, data=strange, digest=b"\0\x01\\"), _fact(3)], signed="actor") == 2
        assert _kept() == [(2, strange, b"\0\x01\\"), (3, {}, None)]
        pour([_fact(4)], signed="actor")
        assert len(_kept()) == 3
        assert pour([]) == 0


def test_the_wall_is_told_of_each_signer_and_of_the_actor_again(town: Any) -> None:
    with under(system_act()):
        pour([_fact(2), _fact(3)], signed="actor")
        pour([_fact(1)])
        with pytest.raises(DatabaseError), transaction.atomic():
            pour([_fact(3)])


def test_without_a_signer_the_wall_refuses_rows_in_other_names(town: Any) -> None:
    with under(system_act()):
        fact = _fact(1)
        pour([fact])
        with pytest.raises(DatabaseError), transaction.atomic():
            pour([_fact(1), _fact(7)])
        assert [actor for actor, _data, _digest in _kept()] == [1]


def test_words_in_another_name_are_refused(town: Any) -> None:
    blind = Act(actor=9, name="无人", at=AT)
    with under(blind):
        pour([_fact(9, pk=900_000_001)])
        text = {"actor": 9, "name": "x", "body": "y", "salt": b"s"}
        pour([Words(fact_id=900_000_001, **text)])
        with pytest.raises(DatabaseError), transaction.atomic():
            pour([Words(fact_id=900_000_001, **{**text, "actor": 8})])
