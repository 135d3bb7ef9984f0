"""What admission offers to ledgers and tables: every element reads, in the reader's area, exports."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from linli.capabilities.admission.models import Demand
from linli.capabilities.admission.offers import OFFERS
from linli.capabilities.tables.policy import LedgersPolicy
from linli.kernel.acts import under
from linli.kernel.acts.models import Fact
from linli.kernel.dictionary import offers
from linli.kernel.dictionary.offers import Query
from linli.kernel.policy import current
from tests import asked_of_us
from tests.town import Town

pytestmark = pytest.mark.django_db
LIVE = ("L02", "L04", "L21", "L22", "L23")


@pytest.fixture
def asked_(town: Town) -> Town:
    with under(town.act("feng").on(actor=1, verbs=frozenset({"*"}))):
        asked_of_us.ask({name: town.area(name) for name in ("试验市", "甲社区")})
    return town


@pytest.mark.parametrize("offer", OFFERS, ids=lambda offer: offer.record_set)
@pytest.mark.row("R092")
def test_every_element_reads_in_the_readers_area_alone(asked_: Town, offer: offers.Offer) -> None:
    codes = tuple(offers.offered(offer.record_set))
    assert set(codes) == set(offer.columns), "each has its element in the dictionary"
    query = Query(offer.record_set, codes)
    with under(asked_.act("he")) as chief:
        (batch,) = offers.batches(chief, query)
        assert len(batch) >= 1
        told = {code: column[0] for code, column in batch.values.items()}
    assert told[f"{offer.record_set}.community"] == asked_.area("甲社区").pk
    with under(asked_.act("zhou")) as stranger:
        assert offers.count(stranger, query, 10) == 0


@pytest.mark.row("R092")
def test_five_more_ledgers_are_live(town: Town) -> None:
    known = current().section(LedgersPolicy).by_code
    assert all(known[code].record_set for code in LIVE)


@pytest.mark.parametrize("name", [offer.record_set for offer in OFFERS])
def test_a_register_is_taken_with_a_reason(asked_: Town, name: str) -> None:
    client = _signed_in(asked_, "he")
    where = reverse("admission:export", kwargs={"name": name})
    assert client.post(where, {"reason": "", "format": "csv"}).status_code == 422
    answer = client.post(where, {"reason": "年度归档", "format": "csv"})
    text = answer.content.decode()
    assert "仅限内部使用" in text and "年度归档" in text and "甲社区" in text
    with under(asked_.act("feng").on(verbs=frozenset({"*"}))):
        told = Fact.objects.get(verb="admission.export")
        assert told.data["record_set"] == name and told.data["rows"] >= 1


def _signed_in(town: Town, who: str) -> Client:
    client, act = Client(), town.act(who)
    session = client.session
    session["account"], session["hat"], session["second"] = act.actor, act.hat, True
    session.save()
    return client


def test_a_department_takes_what_it_asked_itself_and_nothing_else(asked_: Town) -> None:
    with under(asked_.act("zheng")) as zheng:
        Demand.objects.filter(unit=zheng.unit).update(title="部门自己要的表")
        assert offers.count(zheng, Query("demand", ()), 100) == 1
        assert offers.count(zheng, Query("certificate", ()), 100) == 0
    client, where = _signed_in(asked_, "zheng"), reverse("admission:export", args=["demand"])
    page = client.get(reverse("admission:demands")).content.decode()
    assert where in page
    assert "export/seal" not in client.get(reverse("admission:seals")).content.decode()
    answer = client.post(where, {"reason": "部门归档", "format": "csv"})
    assert "部门自己要的表" in answer.content.decode()
    with under(asked_.act("feng").on(actor=1, verbs=frozenset({"*"}))):
        Demand.objects.filter(unit=zheng.unit).update(unit=asked_.unit("jia"))
    with under(zheng):
        assert offers.count(zheng, Query("demand", ()), 100) == 0
