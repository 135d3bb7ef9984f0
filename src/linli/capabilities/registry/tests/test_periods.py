"""What ended longer ago than the pack keeps it: shown first, erased once, with what was kept of it before."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from linli.capabilities.registry.models import (
    Batch,
    BatchRow,
    Consent,
    Mark,
    Objection,
    Past,
    Person,
)
from linli.capabilities.registry.policy import RegistryPolicy
from linli.capabilities.registry.selectors import kinds, periods
from linli.capabilities.registry.services import keeping
from linli.capabilities.registry.tests.desk import entered, people, text_of
from linli.kernel.acts import system_act, under
from linli.kernel.acts.models import Fact
from tests.town import Town

__all__ = ["people"]

LONG_AGO = date(2015, 1, 1)
THEN = datetime(2015, 1, 1, tzinfo=UTC)


@pytest.fixture
def old(town: Town, people: dict[str, Person]) -> dict[str, Any]:
    """One of each kind that ended long ago, beside what the families have in force."""
    liu = people["liu"]
    with under(system_act()):
        area = town.area("甲社区第一网格")
        given = {"person": liu, "area": area}
        mark = {**given, "basis": "某某审批", "purpose": "aid", "since": LONG_AGO}
        plain = Mark.objects.create(**mark, code="veteran")
        secret = Mark.objects.create(**mark, code="destitute", sensitive=True)
        for each in (plain, secret):
            each.until = LONG_AGO  # so that former values are kept
            each.save()
        consent = Consent.objects.create(
            **given, purpose="culture", basis="consent", given=THEN, withdrawn=THEN
        )
        objection = Objection.objects.create(
            **given, field="phone", words="号码不是我的", answer="已改", state="taken",
            at=THEN, decided=THEN,
        )  # fmt: skip
        batch = Batch.objects.filter(file__isnull=True).order_by("pk").first()
        assert batch is not None
        Batch.objects.filter(pk=batch.pk).update(finished=THEN)
        BatchRow.objects.filter(batch=batch).delete()
        row = BatchRow.objects.create(batch=batch, line=7, state="refused", values="{}")
    return {
        "tag": plain, "sensitive_tag": secret, "consent": consent, "objection": objection,
        "batch_row": row,
    }  # fmt: skip


def _pack(monkeypatch: pytest.MonkeyPatch, nightly: bool) -> None:
    before = kinds.section()
    rows = tuple(each.model_copy(update={"nightly": nightly}) for each in before.retention)
    changed = RegistryPolicy.model_validate(before.model_dump() | {"retention": rows})
    monkeypatch.setattr(kinds, "section", lambda: changed)


def _night() -> dict[str, int]:
    act = system_act()
    with under(act):
        return keeping.erase_ended(act)


def test_nothing_goes_where_the_pack_does_not_say_so(
    old: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    _pack(monkeypatch, nightly=False)
    assert _night() == {}
    with under(system_act()):
        assert Mark.objects.filter(pk=old["tag"].pk).exists()
        assert not Fact.objects.filter(verb="registry.erase_ended").exists()


def test_what_is_over_goes_once_and_leaves_a_fact_without_anybody(
    town: Town, old: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    _pack(monkeypatch, nightly=True)
    with under(system_act()):
        before = (Mark.objects.count(), Consent.objects.count(), Objection.objects.count())
    assert _night() == dict.fromkeys(periods.ERASED, 1)
    with under(system_act()):
        after = (Mark.objects.count(), Consent.objects.count(), Objection.objects.count())
        assert after == (before[0] - 2, before[1] - 1, before[2])
        gone = [old["tag"].pk, old["sensitive_tag"].pk]
        assert not Past.objects.filter(table="registry_mark", row__in=gone).exists()
        assert not Past.objects.filter(table="registry_consent", row=old["consent"].pk).exists()
        kept = Objection.objects.get(pk=old["objection"].pk)
        assert (kept.words, kept.answer, kept.wish, kept.state) == ("", "", None, "taken")
        assert not BatchRow.objects.filter(pk=old["batch_row"].pk).exists()
        facts = Fact.objects.filter(verb="registry.erase_ended")
        assert {fact.data["code"]: fact.data["count"] for fact in facts} == dict.fromkeys(
            periods.ERASED, 1
        )
        assert all(set(fact.data) == {"code", "count"} for fact in facts)
    assert _night() == {}, "the second night finds nothing"
    with under(system_act()):
        assert Fact.objects.filter(verb="registry.erase_ended").count() == len(periods.ERASED)


def test_what_ended_lately_stays(
    old: dict[str, Any], people: dict[str, Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    _pack(monkeypatch, nightly=True)
    with under(system_act()):
        Mark.objects.filter(pk=old["tag"].pk).update(until=date.today() - timedelta(days=300))
    assert "tag" not in _night()
    with under(system_act()):
        assert Mark.objects.filter(pk=old["tag"].pk).exists()


@pytest.mark.row("R014")
def test_the_page_tells_before_it_happens(
    town: Town, old: dict[str, Any], people: dict[str, Person]
) -> None:
    client = entered(town, "chen")
    page = text_of(client.get("/desk/residents/keeping/"))
    assert "还没有启用自动清除" in page and "每天夜里自动清除" in page and "默认示例" in page
    assert "/desk/residents/keeping/tag/" in page
    listed = text_of(client.get("/desk/residents/keeping/tag/"))
    assert "刘秀英" in listed and "2015" in listed and "2018" in listed
    secret = text_of(client.get("/desk/residents/keeping/sensitive_tag/"))
    assert "刘秀英" not in secret, "who may not see sensitive tags sees none that ends"
    assert "刘秀英" in text_of(entered(town, "he").get("/desk/residents/keeping/sensitive_tag/"))
    assert "刘秀英" not in text_of(entered(town, "zhou").get("/desk/residents/keeping/tag/"))
    assert client.get("/desk/residents/keeping/death/").status_code == 404
