"""What is entered in ledgers themselves: once for every ledger it belongs to, with every edition kept."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.db.utils import ProgrammingError
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from linli.capabilities.registry.models import Person
from linli.capabilities.tables.models import Entry, EntryEdition
from linli.capabilities.tables.selectors import entries as reads
from linli.capabilities.tables.selectors import ledgers, monthly
from linli.capabilities.tables.selectors.ledgers import Asked
from linli.capabilities.tables.services import entries as services
from linli.capabilities.tables.services import tallies
from linli.kernel.acts import Act, Denied, Refusal, under
from linli.kernel.acts.models import Fact
from linli.kernel.dictionary import offers
from linli.kernel.dictionary.offers import Condition, Op, Query
from linli.kernel.places.models import Area
from tests import families
from tests.town import Town

AT = datetime(2026, 6, 1, 2, 0, tzinfo=UTC)
DAY = date(2026, 5, 20)
PAPER = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


@pytest.fixture
def folk(town: Town) -> dict[str, Person]:
    return families.settle()


def entered(town: Town, who: str) -> Client:
    client = Client()
    session, act = client.session, town.act(who)
    session["account"], session["hat"], session["second"] = act.actor, act.hat, True
    session.save()
    client.cookies["linli"] = str(session.session_key)
    return client


def cells(act: Act, key: str, asked: Asked | None = None) -> list[dict[str, str]]:
    with under(act):
        view = ledgers.view(act, key)
        assert view is not None
        found = ledgers.sheet(act, view, asked or Asked())
    names = [head.element for head in found.heads]
    return [dict(zip(names, line.cells, strict=True)) for line in found.lines]


def clinic(act: Act, folk: dict[str, Person], **more: Any) -> Entry:
    values = {
        "activity.title": "重阳义诊",
        "activity.kind": "health",
        "activity.volunteers": [str(folk["wang"].pk), "市二院李医生"],
        "activity.hours": "6.5",
        "activity.cost": "320",
        "activity.committee": "health_committee",
        **more,
    }
    with under(act):
        area = Area.objects.get(name="甲社区")
        return services.enter(act, kind="activity", area=area, day=DAY, values=values)


@pytest.mark.row("R092")
def test_one_entry_stands_in_every_ledger_it_belongs_to(
    town: Town, folk: dict[str, Person]
) -> None:
    chen = town.act("chen", AT)
    clinic(chen, folk)
    (activity,) = [row for row in cells(chen, "L05") if row["activity.title"] == "重阳义诊"]
    assert activity["activity.kind"] == "健康义诊"
    assert activity["activity.volunteers"] == "王小梅、市二院李医生"
    assert [row["activity.committee"] for row in cells(chen, "L03")] == ["公共卫生委员会"]
    assert [row["activity.hours"] for row in cells(chen, "L16")] == ["6.5"]
    (booked,) = cells(chen, "L28")
    assert booked["money.amount"] == "320"
    assert (booked["money.purpose"], booked["money.direction"]) == ("重阳义诊", "支出")
    assert booked["money.on"] == "2026-05-20"
    with under(chen):
        told = reads.ledgers_of("activity", {"title": "读书会", "kind": "culture", "cost": "60"})
    assert told == ["各类活动", "经费收支"]  # of no committee, without volunteers


@pytest.mark.row("R092")
def test_a_correction_is_a_new_edition_and_stands_in_every_ledger(
    town: Town, folk: dict[str, Person]
) -> None:
    chen = town.act("chen", AT)
    row = clinic(chen, folk)
    later = town.act("chen", AT + timedelta(days=3))
    values = {"activity.title": "重阳节义诊", "activity.kind": "health", "activity.cost": "350"}
    with under(later):
        services.correct(later, entry=row.pk, was=1, day=DAY, values=values, reason="发票补来了")
        with pytest.raises(Refusal, check=lambda e: e.code == "changed"):
            services.correct(later, entry=row.pk, was=1, day=DAY, values=values, reason="再改")
        shown = reads.shown(later, Entry.objects.get(pk=row.pk))
    assert [t.edition.version for t in shown.editions] == [2, 1]
    assert ("活动经费（元）", "350", True) in shown.editions[0].values
    assert [r["money.amount"] for r in cells(later, "L28")] == ["350"]
    # As it stood on the day before the correction.
    asked = Asked(on=date(2026, 6, 2))
    assert [r["money.amount"] for r in cells(later, "L28", asked)] == ["320"]
    assert cells(later, "L28", Asked(on=date(2026, 5, 30))) == []  # nobody had written it yet


@pytest.mark.row("R092")
def test_what_is_struck_out_leaves_the_ledgers_and_comes_back(
    town: Town, folk: dict[str, Person]
) -> None:
    chen = town.act("chen", AT)
    row = clinic(chen, folk)
    with under(chen):
        with pytest.raises(Refusal, check=lambda e: e.code == "reason"):
            services.strike(chen, entry=row.pk, was=1, reason=" ")
        services.strike(chen, entry=row.pk, was=1, reason="记重了")
    assert cells(chen, "L28") == []
    with under(chen):
        services.restore(chen, entry=row.pk, was=2)
        with pytest.raises(Refusal, check=lambda e: e.code == "stands"):
            services.restore(chen, entry=row.pk, was=3)
    assert len(cells(chen, "L28")) == 1
    with under(chen):
        whats = EntryEdition.objects.filter(entry=row).order_by("version")
        assert list(whats.values_list("what", flat=True)) == ["enter", "strike", "restore"]
        with pytest.raises(ProgrammingError), transaction.atomic():
            EntryEdition.objects.filter(entry=row).update(reason="改历史")


def test_facts_hold_no_value_and_others_see_nothing(town: Town, folk: dict[str, Person]) -> None:
    chen, zhou = town.act("chen", AT), town.act("zhou", AT)
    row = clinic(chen, folk)
    with under(chen):
        fact = Fact.objects.filter(verb="tables.enter").latest("id")
    assert "重阳" not in str(fact.data) and fact.data["elements"]
    assert cells(zhou, "L05") == []
    with under(zhou):
        assert reads.entry(zhou, row.pk) is None
        with pytest.raises(Refusal, check=lambda e: e.code == "gone"):
            services.strike(zhou, entry=row.pk, was=1, reason="不是我的")
        with pytest.raises(Refusal, check=lambda e: e.code == "area"):
            services.enter(zhou, kind="activity", area=row.area, day=DAY, values={})
    with under(town.act("wu", AT)) as wu, pytest.raises(Denied):
        services.enter(wu, kind="activity", area=row.area, day=DAY, values={})


def test_a_volunteer_who_moved_away_is_not_named_to_others(
    town: Town, folk: dict[str, Person]
) -> None:
    chen = town.act("chen", AT)
    clinic(chen, folk, **{"activity.volunteers": [str(folk["sunli"].pk)]})
    (row,) = cells(chen, "L16")
    assert row["activity.volunteers"] == "（不在您的辖区）"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"activity.title": ""}, "required"),
        ({"activity.kind": "不知道的类别"}, "code"),
        ({"activity.cost": "三百块左右"}, "number"),
    ],
)
def test_what_cannot_be_read_is_refused_at_its_field(
    town: Town, folk: dict[str, Person], change: dict[str, str], code: str
) -> None:
    with pytest.raises(Refusal) as refused:
        clinic(town.act("chen", AT), folk, **change)
    assert refused.value.field in change
    assert refused.value.code == code


def test_entries_are_asked_as_any_record(town: Town, folk: dict[str, Person]) -> None:
    chen = town.act("chen", AT)
    clinic(chen, folk)
    costly = Query("activity", ("activity.title",)).also(
        (Condition("activity.cost", Op.LEAST, ("300",)),)
    )
    with under(chen):
        assert offers.count(chen, costly) == 1
        every = Query("activity", tuple(offers.offered("activity")), sort=("-activity.on",))
        batch = offers.page(chen, every, size=1)
        assert batch.more
        after = offers.page(chen, every, batch.more, size=1)
        assert after.batch.values["activity.title"] == ["世界读书日"]


@pytest.mark.row("R092")
def test_the_desk_writes_corrects_and_strikes(town: Town, folk: dict[str, Person]) -> None:
    client = entered(town, "chen")
    page = client.get("/desk/entries/new/activity/").content.decode()
    assert "经费收支" in page and "活动志愿者" in page
    sent = {
        "token": "5a0e3a4e-6a3c-4a36-9c70-7f6a6e1b7d11",
        "area": str(town.area("甲社区").pk),
        "day": timezone.localdate().isoformat(),
        "f-title": "垃圾分类宣传",
        "f-kind": "environment",
        "f-volunteers": "王小梅、外来讲师",
        "photos": SimpleUploadedFile("签到表.pdf", PAPER, "application/pdf"),
    }
    answer = client.post("/desk/entries/new/activity/", sent)
    assert answer.status_code == 303, answer.content.decode()
    again = client.post(
        "/desk/entries/new/activity/", {k: v for k, v in sent.items() if k != "photos"}
    )
    assert again.url == answer.url  # type: ignore[attr-defined]
    shown = client.get(answer.url).content.decode()  # type: ignore[attr-defined]
    assert "垃圾分类宣传" in shown and "签到表.pdf" in shown and "王小梅" in shown
    where = answer.url.partition("?")[0]  # type: ignore[attr-defined]
    form = client.get(f"{where}correct/").content.decode()
    assert "王小梅、外来讲师" in form
    fixed = {**sent, "was": "1", "f-title": "垃圾分类入户宣传", "reason": "名称写错了"}
    fixed.pop("photos")
    assert client.post(f"{where}correct/", fixed).status_code == 303
    assert client.post(f"{where}correct/", fixed).status_code == 422
    assert client.post(f"{where}strike/", {"was": "2", "reason": "记重了"}).status_code == 303
    assert "已经作废" in client.get(where).content.decode()
    assert client.post(f"{where}restore/", {"was": "3"}).status_code == 303
    assert client.get("/desk/entries/999999999/").status_code == 404
    assert client.get("/desk/entries/new/nothing/").status_code == 404


def test_what_is_no_name_loses_nothing_of_the_form(town: Town, folk: dict[str, Person]) -> None:
    client, day = entered(town, "chen"), timezone.localdate().isoformat()
    sent = {"area": town.area("甲社区").pk, "day": day, "f-title": "巡楼", "f-kind": "environment"}
    number = client.post("/desk/entries/new/activity/", {**sent, "f-volunteers": "13800000009"})
    told = number.content.decode()
    assert number.status_code == 422 and "请写姓名，不写编号" in told and "巡楼" in told
    made = client.post("/desk/entries/new/activity/", {**sent, "f-volunteers": "3号楼老王、王小梅"})
    assert made.status_code == 303
    shown = client.get(made.url).content.decode()  # type: ignore[attr-defined]
    assert "3号楼老王、王小梅" in shown


def test_two_people_of_one_name_are_told_apart_by_their_year(
    town: Town, folk: dict[str, Person]
) -> None:
    with under(town.act("he", AT)):
        li = Person.objects.get(pk=folk["li"].pk)
        li.name = "王小梅"
        li.save(update_fields=["name"])
    client = entered(town, "chen")
    sent = {
        "area": str(town.area("甲社区").pk),
        "day": "2026-05-20",
        "f-course": "消防培训",
        "f-people": "王小梅",
    }
    asked = client.post("/desk/entries/new/training/", sent)
    assert asked.status_code == 422
    assert "王小梅（1985）" in asked.content.decode() and "王小梅（1979）" in asked.content.decode()
    answer = client.post("/desk/entries/new/training/", {**sent, "f-people": "王小梅（1979）"})
    assert answer.status_code == 303
    with under(town.act("chen")):
        assert Entry.objects.get(kind="training").body["people"] == [str(folk["li"].pk)]


@pytest.mark.row("R092")
def test_the_phone_writes_into_the_ledgers_of_its_grid(town: Town, folk: dict[str, Person]) -> None:
    client = entered(town, "sun")
    assert "各类活动" in client.get("/field/entries/").content.decode()
    sent = {
        "area": str(town.area("甲社区第一网格").pk),
        "day": "2026-05-20",
        "f-name": "沙袋",
        "f-amount": "200",
    }
    assert client.post("/field/entries/supply/", sent).status_code == 303
    assert client.post("/field/entries/supply/", {**sent, "f-amount": ""}).status_code == 422
    phone = {"accept": "application/json"}
    queued = {**sent, "token": "5a0e3a4e-6a3c-4a36-9c70-7f6a6e1b7d13", "f-amount": "7"}
    answers = [client.post("/field/entries/supply/", queued, headers=phone) for _ in range(2)]
    assert [each.json() for each in answers] == [{"href": "/field/entries/?done=yes"}] * 2
    with under(town.act("chen")):
        assert Entry.objects.filter(kind="supply").count() == 2, "sent twice, it is entered once"
    wrong = client.post("/field/entries/supply/", {**queued, "f-amount": ""}, headers=phone)
    assert wrong.status_code == 422 and wrong.json()["message"]
    assert client.get("/field/entries/nothing/").status_code == 404
    assert [row["supply.amount"] for row in cells(town.act("chen"), "L27")] == ["7", "200"]
    assert "沙袋" in client.get("/field/entries/").content.decode()


def test_a_ledger_of_entries_reads_few_statements(town: Town, folk: dict[str, Person]) -> None:
    chen = town.act("chen", AT)
    counts = []
    for _ in range(2):
        for _ in range(4):
            clinic(chen, folk)
        with under(chen), CaptureQueriesContext(connection) as said:
            view = ledgers.view(chen, "L05")
            assert view is not None
            ledgers.sheet(chen, view, Asked())
        counts.append(len(said))
    assert max(counts) <= 5, counts  # one more where the pack in force is asked for again


def counted(act: Act, place: str) -> dict[tuple[str, date], tuple[int, float]]:
    """What the sheet of indicators reads of a place; counted from the rows the same comes out."""
    firsts = [date(2026, month, 1) for month in range(1, 7)]
    with under(act):
        area = Area.objects.get(name=place)
        found = dict(monthly.counts(act, area, firsts, ["activity"]))
        here = monthly._here(act, area)
        live = monthly._counted(here, firsts, ["activity"])
        rows = {(r["kind"], r["month"]): (r["n"], r["told"] or 0) for r in live}
    assert found == rows, "kept and counted are one"
    return found


@pytest.mark.row("R096")
def test_entries_are_kept_counted_by_month(town: Town, folk: dict[str, Person]) -> None:
    chen, may, april = town.act("chen", AT), date(2026, 5, 1), date(2026, 4, 1)
    row = clinic(chen, folk)
    assert counted(chen, "甲社区") == {("activity", may): (1, 6.5)}
    second = clinic(chen, folk, **{"activity.hours": "2"})
    assert counted(chen, "甲社区") == {("activity", may): (2, 8.5)}
    with under(chen):
        services.strike(chen, entry=second.pk, was=second.version, reason="重复登记")
    assert counted(chen, "甲社区") == {("activity", may): (1, 6.5)}
    with under(chen):
        services.restore(chen, entry=second.pk, was=second.version + 1)
        Entry.objects.filter(pk=row.pk).update(body={**row.body, "hours": "半天"}, day=april)
    assert tallies.recount() > 1
    told = {("activity", may): (1, 2.0), ("activity", april): (1, 0.0)}
    assert counted(chen, "甲社区") == told, "what is no number tells no hours and fails no page"
    assert counted(town.act("feng", AT), "试验市") == told
    assert counted(town.act("zhou", AT), "乙社区") == {}


def test_a_corrected_day_moves_an_entry_to_its_month(town: Town, folk: dict[str, Person]) -> None:
    chen = town.act("chen", AT)
    row = clinic(chen, folk)
    given = {"activity.title": "重阳义诊", "activity.kind": "health", "activity.hours": "3"}
    with under(chen):
        services.correct(
            chen,
            entry=row.pk,
            was=row.version,
            day=date(2026, 3, 2),
            values=given,
            reason="日期记错",
        )
    assert counted(chen, "甲社区") == {("activity", date(2026, 3, 1)): (1, 3.0)}
