"""Secretaries are filed by the district: reported by the deed itself, filed, given back, told again when they change (R026)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from linli.capabilities.registry.models import Filing, Holding, Organisation
from linli.capabilities.registry.selectors import filings as reads
from linli.capabilities.registry.selectors.filings import Wanted
from linli.capabilities.registry.services import filings, organisations, posts
from linli.capabilities.registry.tests.organisers import organisers
from linli.kernel.acts import Denied, Refusal, system_act, under
from linli.kernel.notices.models import Notice
from linli.kernel.places import selectors as places
from linli.kernel.tasks import selectors as tasks
from linli.kernel.tasks.models import Task
from tests.town import Town

ACT = system_act()
TODAY = timezone.localdate()
SINCE = date(2024, 1, 1)
LIST = "/desk/organisations/filings/"

pytestmark = pytest.mark.row("R026")


@pytest.fixture(autouse=True)
def _offices(town: Town) -> None:
    places.forget()
    organisers()


def branch(town: Town, area: str = "甲社区", kind: str = "party_general_branch") -> Organisation:
    with under(ACT):
        return organisations.add_organisation(
            ACT, area=town.area(area).pk, kind=kind, name=f"{area}党组织", since=SINCE
        )


def appointed(town: Town, area: str = "甲社区", who: str = "he") -> Holding:
    body = branch(town, area)
    return posts.hold(town.act(who), body, post="secretary", name="何书记", since=SINCE)


def latest(held: Holding) -> Filing:
    with under(ACT):
        return reads.of([held.pk])[held.pk]


def desk(town: Town, who: str) -> Client:
    client = Client()
    session = client.session
    session.update({"account": town.account(who).pk, "hat": town.act(who).hat, "second": True})
    session.save()
    return client


def kinds_open(town: Town, who: str) -> list[str]:
    act = town.act(who)
    with under(act):
        return list(tasks.open_for(act).values_list("kind", flat=True))


def test_an_appointment_is_reported_filed_and_its_end_is_told(town: Town) -> None:
    held = appointed(town)
    ding = town.act("ding")
    assert kinds_open(town, "ding") == ["registry.file_post"]
    with under(ding):
        assert Notice.objects.filter(account=ding.actor, kind="registry.to_file").count() == 1
    filed = filings.file(ding, latest(held), number=" 甲组备〔2026〕3号 ", on=date(2024, 1, 20))
    assert (filed.state, filed.number, filed.on) == (
        "filed",
        "甲组备〔2026〕3号",
        date(2024, 1, 20),
    )
    assert kinds_open(town, "ding") == []
    he = town.act("he")
    with under(he):
        assert Notice.objects.filter(account=he.actor, kind="registry.post_filed").count() == 1
    posts.unhold(he, held, on=TODAY)
    row = latest(held)
    assert (row.about, row.state) == ("ended", "waiting") and row.pk != filed.pk
    assert kinds_open(town, "ding") == ["registry.file_post"]
    with under(ding):
        changed, _next = reads.page(ding, Wanted("changed"))
        assert [each.pk for each in changed] == [row.pk]
        done, _next = reads.page(ding, Wanted("filed"))
        assert [each.pk for each in done] == [filed.pk]


def test_what_was_not_filed_yet_stays_one_row(town: Town) -> None:
    held = appointed(town)
    posts.unhold(town.act("he"), held, on=TODAY)
    with under(ACT):
        (row,) = Filing.objects.all()
    assert (row.about, row.state) == ("ended", "waiting")


def test_a_return_is_mended_and_reported_anew(town: Town) -> None:
    held = appointed(town)
    ding = town.act("ding")
    with pytest.raises(Refusal) as refused:
        filings.hand_back(ding, latest(held), reason=" ")
    assert refused.value.field == "reason"
    filings.hand_back(ding, latest(held), reason="请补任职文件")
    assert kinds_open(town, "ding") == []
    assert "registry.mend_filing" in kinds_open(town, "he")
    with pytest.raises(Refusal, match="退回"):
        filings.file(ding, latest(held), number="1")
    filings.report(town.act("he"), held)
    assert "registry.mend_filing" not in kinds_open(town, "he")
    assert kinds_open(town, "ding") == ["registry.file_post"]
    with pytest.raises(Refusal, match="已经报送"):
        filings.report(town.act("he"), held)


def test_numbers_and_days_are_checked_and_can_be_mended(town: Town) -> None:
    held = appointed(town)
    ding = town.act("ding")
    for number, on, field in (
        (" ", None, "number"),
        ("1", TODAY + timedelta(days=1), "on"),
        ("1", date(200, 1, 1), "on"),
    ):
        with pytest.raises(Refusal) as refused:
            filings.file(ding, latest(held), number=number, on=on)
        assert refused.value.field == field
    with pytest.raises(Refusal, match="还没有备案"):
        filings.correct(ding, latest(held), number="2", on=TODAY)
    filings.file(ding, latest(held), number="1")
    with pytest.raises(Refusal, match="已经备案"):
        filings.file(ding, latest(held), number="1")
    assert filings.correct(ding, latest(held), number="2", on=TODAY).number == "2"


def test_only_topmost_bodies_of_a_community_are_filed(town: Town) -> None:
    with under(ACT):
        top = branch(town)
        below = organisations.add_organisation(
            ACT, area=town.area("甲社区").pk, kind="party_branch", name="网格支部", parent_id=top.pk
        )
        street = branch(town, "东街道", "party_committee")
        for body in (below, street):
            posts.hold(ACT, body, post="secretary", name="某书记", since=SINCE)
        posts.hold(ACT, top, post="deputy_secretary", name="副某", since=SINCE)
        assert not Filing.objects.exists()
        held = Holding.objects.get(organisation=street)
        with pytest.raises(Refusal, match="不用备案"):
            filings.report(ACT, held)
        posts.hold(ACT, top, post="secretary", name="旧某", since=SINCE, until=date(2025, 1, 1))
        assert not Filing.objects.exists(), "what is long over is not reported"


def test_who_may_not_file_is_refused_and_who_is_elsewhere_sees_nothing(town: Town) -> None:
    held = appointed(town)
    row = latest(held)
    for who in ("he", "wu", "chen", "feng"):
        with pytest.raises(Denied):
            filings.file(town.act(who), row, number="1")
    zhou = town.act("zhou")
    with under(zhou):
        assert not Filing.objects.exists()
        assert reads.find(zhou, row.pk) is None
    with under(town.act("chen")):
        assert Filing.objects.count() == 1
    assert desk(town, "zhou").get(f"{LIST}{row.pk}/").status_code == 404
    assert desk(town, "ding").get("/desk/people/").status_code == 403, "files posts, reads nobody"


def test_the_night_reports_who_was_not_and_whose_term_is_over(town: Town) -> None:
    body = branch(town)
    with under(ACT):
        posts.place(
            body, "secretary", name="导入某", person=None, since=SINCE, until=date(2099, 1, 1)
        )
    assert filings.report_all(ACT) == 1
    assert filings.report_all(ACT) == 0
    with under(ACT):
        row = Filing.objects.get()
    filings.file(town.act("ding"), row, number="1")
    with under(ACT):
        Holding.objects.update(until=TODAY)
    assert filings.report_all(ACT) == 1
    assert filings.report_all(ACT) == 0
    with under(ACT):
        assert Filing.objects.latest("pk").about == "ended"
        assert Task.objects.filter(kind="registry.file_post", done_at=None).count() == 1


def test_a_body_that_ends_tells_of_its_secretary(town: Town) -> None:
    held = appointed(town)
    filings.file(town.act("ding"), latest(held), number="1")
    organisations.end_organisation(ACT, held.organisation)
    assert (latest(held).about, latest(held).state) == ("ended", "waiting")


def test_the_pages_of_the_district_and_of_the_community(town: Town) -> None:
    held = appointed(town)
    row = latest(held)
    client, he = desk(town, "ding"), desk(town, "he")
    home = f"/desk/organisations/{held.organisation_id}/"
    assert "待备案" in he.get(home).content.decode()
    shown = client.get(LIST).content.decode()
    assert "何书记" in shown and "甲社区党组织" in shown
    page = client.get(f"{LIST}{row.pk}/").content.decode()
    assert f"{LIST}{row.pk}/file/" in page and "县级备案管理" in page
    wrong = client.post(f"{LIST}{row.pk}/file/", {"number": "", "on": "2026年1月2日"})
    assert wrong.status_code == 422 and "2026-01-02" in wrong.content.decode()
    sent = {"number": "甲组备1号", "on": "２０２６-０１-０２"}
    assert client.post(f"{LIST}{row.pk}/file/", sent).status_code == 303
    assert "甲组备1号" in he.get(home).content.decode()
    assert "何书记" not in client.get(LIST).content.decode()
    assert "何书记" in client.get(LIST, {"state": "filed"}).content.decode()
    assert he.post(f"{LIST}{row.pk}/file/", sent).status_code == 403
    asked = client.post(f"{LIST}export/?state=filed", {"reason": "", "format": "csv"})
    assert asked.status_code == 422
    file = client.post(f"{LIST}export/?state=filed", {"reason": "季度核对", "format": "csv"})
    assert file.status_code == 200 and "甲组备1号" in file.content.decode("utf-8-sig")
    empty = client.post(f"{LIST}export/?state=returned", {"reason": "季度核对", "format": "csv"})
    assert empty.status_code == 422 and "没有可导出" in empty.content.decode()


def test_a_filed_holder_that_is_mended_is_told_again(town: Town) -> None:
    held = appointed(town)
    filings.file(town.act("ding"), latest(held), number="1")
    he = desk(town, "he")
    home = f"/desk/organisations/{held.organisation_id}/"
    at = f"{home}posts/{held.pk}/mend/"
    sent = {"name": "何书记", "since": "2024-01-01", "term": "", "until": ""}
    assert he.post(at, sent).status_code == 303
    assert latest(held).state == "filed", "nothing was changed"
    for wrong, words in (
        ({"since": "2023-12-31"}, "才成立"),
        ({"since": str(TODAY + timedelta(days=1))}, "还没有到"),
        ({"until": "2025-01-01"}, "请用“免去”"),
        ({"name": ""}, "这一项要填"),
        ({"term": "0"}, "不能少于"),
    ):
        answer = he.post(at, {**sent, **wrong})
        assert answer.status_code == 422 and words in answer.content.decode(), words
    assert he.post(at, {**sent, "since": "2024年2月1日", "term": "7"}).status_code == 303
    row = latest(held)
    assert (row.about, row.state) == ("changed", "waiting")
    assert kinds_open(town, "ding") == ["registry.file_post"]
    shown = desk(town, "ding").get(LIST, {"state": "changed"}).content.decode()
    assert "资料变动" in shown and "何书记" in shown
    with under(ACT):
        held.refresh_from_db()
    assert (held.since, held.term) == (date(2024, 2, 1), 7)


def test_one_who_was_never_reported_is_reported_from_the_page(town: Town) -> None:
    body = branch(town)
    with under(ACT):
        held = posts.place(body, "secretary", name="老书记", person=None, since=SINCE, until=None)
    he = desk(town, "he")
    home = f"/desk/organisations/{body.pk}/"
    assert "没有报送备案" in he.get(home).content.decode()
    at = f"{home}posts/{held.pk}/report/"
    assert he.get(at).status_code == 200
    assert he.post(at).status_code == 303
    assert latest(held).state == "waiting" and "待备案" in he.get(home).content.decode()
    assert "已经报送" in he.post(at).content.decode()
