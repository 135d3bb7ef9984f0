"""A round: refused or passed at the gate, counted, answered once for every table, signed, taken."""

from __future__ import annotations

from typing import Any

import pytest

from linli.capabilities.admission import services as admission
from linli.capabilities.admission.models import Item, ItemVersion
from linli.capabilities.admission.services import Turned
from linli.capabilities.admission.tests.offices import NOW, open_offices
from linli.capabilities.registry.models import Person
from linli.capabilities.registry.tests.desk import entered
from linli.capabilities.tables import services
from linli.capabilities.tables.models import Form, Gap, Round, Sheet
from linli.capabilities.tables.rules import Column, Part, Plan, Way
from linli.capabilities.tables.services import Call
from linli.kernel.access.models import Unit
from linli.kernel.acts import Denied, Refusal, system_act, under
from linli.kernel.acts.models import Fact
from linli.kernel.tasks.models import Task
from tests.asked import asked as counted
from tests.families import settle
from tests.town import Town

pytestmark = pytest.mark.django_db
FIELDS = [f"person.{each}" for each in ("name", "born", "education", "workplace", "phone")] + [
    "意愿"
]


def column(key: str, element: str, **more: Any) -> Column:
    return Column(key, (key,), Way.KNOWN, element, **more)


def plan(*columns: Column) -> Plan:
    asked = columns or (
        column("姓名", "person.name", asked=False),
        column("出生日期", "person.born"),
        column("文化程度", "person.education"),
        column("工作单位", "person.workplace"),
    )
    return Plan((Part(0, "Sheet1", "居民情况", "list", "person", asked),))


def admitted(town: Town) -> None:
    """An item under which the civil affairs office may ask."""
    with under(system_act(NOW)):
        city = town.area("试验市")
        item = Item.objects.create(code="T91", catalogue="assistance", area=city, changed=NOW)
        ItemVersion.objects.create(
            item=item,
            number=1,
            title="老年人需求摸排",
            lead="civil",
            basis="组织法",
            fields=FIELDS,
            made=NOW,
        )


@pytest.fixture
def asked(town: Town) -> Town:
    """The town with its people, the offices of admission, and a confirmed form of the civil affairs office."""
    settle()
    open_offices()
    admitted(town)
    return town


def form(title: str = "老年人需求摸排表", asks: Plan | None = None) -> Form:
    with under(system_act(NOW)):
        unit = Unit.objects.get(code="civil")
        return Form.objects.create(
            unit=unit,
            area=unit.area,
            title=title,
            item="T91",
            name="form.xlsx",
            digest="0" * 64,
            plan=(asks or plan()).as_json(),
            state=Form.State.CONFIRMED,
            by=1,
            made=NOW,
            changed=NOW,
        )


def call(town: Town, period: str = "2026年6月", **changes: Any) -> Call:
    area = town.area("甲社区")
    given: dict[str, Any] = {"communities": (area.pk,), "streets": (area.parent_id,)}
    return Call(**{**given, "period": period, **changes})


def issued(town: Town, title: str = "老年人需求摸排表", asks: Plan | None = None) -> Sheet:
    """A form that went through the gate and its street, was counted, and lies with 甲社区."""
    made = services.issue(town.act("mei", NOW), form(title, asks), call=call(town))
    assert isinstance(made, Round), str(made)
    admission.issue(town.act("wu", NOW), made.ticket)
    # Where a town is served its worker may have counted first: the sheet must be there either way.
    services.opened(system_act(NOW), made.pk)
    with under(system_act(NOW)):
        return Sheet.objects.select_related("round", "demand").get(round=made)


def test_a_form_that_asks_more_than_was_admitted_is_stopped(asked: Town) -> None:
    wide = form(asks=plan(column("民族", "person.ethnic")))
    answer = services.issue(asked.act("mei", NOW), wide, call=call(asked))
    assert isinstance(answer, Turned) and answer.code == "fields"
    assert answer.beyond == ("民族",)


@pytest.mark.row("R069", "R072")
def test_what_was_never_admitted_is_refused_and_nothing_is_asked(asked: Town) -> None:
    off_list = form("社区基本情况统计表")
    answer = services.issue(
        asked.act("mei", NOW), off_list, call=call(asked, item="", agreement="")
    )
    assert isinstance(answer, Round), "its item stands in the form"
    with under(system_act(NOW)):
        Form.objects.filter(pk=off_list.pk).update(item="")
    refused = services.issue(asked.act("mei", NOW), off_list, call=call(asked, "2026年7月"))
    assert isinstance(refused, Turned) and refused.code == "unknown_item"
    with under(system_act(NOW)):
        assert list(Round.objects.filter(form=off_list).values_list("pk", flat=True)) == [answer.pk]
        assert Sheet.objects.filter(round__form=off_list).count() == 1


@pytest.mark.row("R011", "R128")
def test_only_what_nobody_knows_is_asked_and_once_for_two_tables(asked: Town) -> None:
    first = issued(asked)
    again = plan(column("工作单位", "person.workplace"), column("联系电话", "person.phone"))
    second = issued(asked, "走访登记表", again)
    with under(system_act(NOW)):
        assert first.rows == 5, "who lives or is registered in 甲社区"
        assert first.known + first.asked == first.cells == first.rows * 3
        assert first.asked == Gap.objects.filter(sheet=first).count() > 0
        twin = Gap.objects.filter(sheet=second, element="person.workplace").first()
        assert twin is not None
        gap = Gap.objects.get(sheet=first, record=twin.record, element="person.workplace")
        person = Person.objects.get(pk=twin.record)
        assert Task.objects.filter(kind="tables.visit", household=gap.household).count() == 1
    closed = services.answer(asked.act("chen", NOW), answers={gap.pk: "市一院"})
    assert closed == 2, "the same question in both tables"
    with under(system_act(NOW)):
        twin.refresh_from_db()
        person.refresh_from_db()
        assert twin.state == Gap.State.FILLED and person.workplace == "市一院"
        fact = Fact.objects.filter(verb="tables.answer").latest("pk")
        assert "市一院" not in str(fact.data)


def test_an_answer_that_cannot_be_read_is_told_and_nothing_is_written(asked: Town) -> None:
    sheet = issued(asked, asks=plan(column("文化程度", "person.education")))
    with under(system_act(NOW)):
        gap = Gap.objects.filter(sheet=sheet).first()
    assert gap is not None
    with pytest.raises(Refusal) as told:
        services.answer(asked.act("chen", NOW), answers={gap.pk: "不知道什么学历"})
    assert told.value.field == f"gap-{gap.pk}"
    with under(system_act(NOW)):
        gap.refresh_from_db()
        assert gap.state == Gap.State.OPEN


def test_a_neighbouring_clerk_sees_no_gap_and_cannot_answer(asked: Town) -> None:
    sheet = issued(asked)
    with under(system_act(NOW)):
        gap = Gap.objects.filter(sheet=sheet).first()
    assert gap is not None
    zhou = asked.act("zhou", NOW)
    with under(zhou):
        assert not Gap.objects.exists() and not Sheet.objects.exists()
        assert not Round.objects.exists()
    with pytest.raises(Refusal):
        services.answer(zhou, answers={gap.pk: "某单位"})


@pytest.mark.row("R090")
def test_blanks_stay_blank_with_a_reason_and_the_burden_is_what_was_typed(asked: Town) -> None:
    sheet = issued(asked)
    chen, mei, he = (asked.act(who, NOW) for who in ("chen", "mei", "he"))
    with pytest.raises(Denied):
        services.sign(chen, sheet)
    with pytest.raises(Refusal) as told:
        services.sign(he, sheet)
    assert told.value.code == "gaps"
    with under(system_act(NOW)):
        gap = Gap.objects.filter(sheet=sheet, element="person.workplace").first()
    assert gap is not None
    services.answer(chen, answers={gap.pk: "市一院"})
    signed = services.sign(he, sheet, left="其余住户外出")
    with under(system_act(NOW)):
        signed.demand.refresh_from_db()
        assert (signed.demand.state, signed.demand.by_hand) == ("delivered", 1)
    services.hand_back(mei, signed, reason="请核对王小梅的单位")
    with under(chen):
        assert Sheet.objects.get(pk=sheet.pk).state == Sheet.State.RETURNED
    services.sign(he, sheet, left="已核对，其余住户外出")
    assert services.accept(mei, sheet.round, sheets=[sheet.pk]) == 1
    with pytest.raises(Refusal):
        services.accept(mei, sheet.round, sheets=[sheet.pk])


def test_a_period_is_sent_once(asked: Town) -> None:
    one = form()
    services.issue(asked.act("mei", NOW), one, call=call(asked))
    with pytest.raises(Refusal) as told:
        services.issue(asked.act("mei", NOW), one, call=call(asked))
    assert told.value.field == "period"


def test_a_clerk_fills_what_is_missing_and_hands_it_in(asked: Town) -> None:
    sheet, chen = issued(asked), entered(asked, "chen")
    listed = chen.get("/desk/sheets/").content.decode()
    assert "老年人需求摸排表" in listed and "民政局" in listed
    where = f"/desk/sheets/{sheet.pk}/"
    page = chen.get(where).content.decode()
    with under(system_act(NOW)):
        gaps = list(Gap.objects.filter(sheet=sheet).order_by("pk"))
        work = next(g for g in gaps if g.element == "person.workplace")
        name = Person.objects.get(pk=work.record).name
    assert f"gap-{work.pk}" in page and name in page
    nothing = chen.post(f"{where}answer/", {})
    assert nothing.status_code == 422 and "还没有填任何一项" in nothing.content.decode()
    sent = {f"gap-{work.pk}": "市一院", "left": ""}
    assert chen.post(f"{where}answer/", sent)["Location"].endswith("?done=1")
    assert chen.post(f"{where}sign/", {"left": "住户外出"}).status_code == 403, "the head confirms"
    he = entered(asked, "he")
    refused = he.post(f"{where}sign/", {"left": ""})
    assert refused.status_code == 422 and "没有补上" in refused.content.decode()
    assert he.post(f"{where}sign/", {"left": "住户外出"}).status_code == 303
    assert "住户外出" in chen.get(where).content.decode()
    assert "老年人需求摸排表" in chen.get("/desk/sheets/?show=signed").content.decode()
    again = he.post(f"{where}sign/", {"left": "再来一次"})
    assert again.status_code == 422 and "何主任已在" in again.content.decode()


def test_the_pages_ask_little_and_others_find_nothing(asked: Town) -> None:
    sheet, chen = issued(asked), entered(asked, "chen")
    for path in ("/desk/sheets/", f"/desk/sheets/{sheet.pk}/"):
        chen.get(path)
        with counted() as said:
            assert chen.get(path).status_code == 200
        assert len(said) <= 9, "\n".join([path, *said])
    zhou = entered(asked, "zhou")
    assert zhou.get(f"/desk/sheets/{sheet.pk}/").status_code == 404
    assert "老年人需求摸排表" not in zhou.get("/desk/sheets/").content.decode()


@pytest.mark.row("R011", "R094")
def test_one_door_shows_what_all_tables_ask_and_answers_them_at_once(asked: Town) -> None:
    issued(asked)
    issued(asked, "走访登记表", plan(column("工作单位", "person.workplace")))
    sun = entered(asked, "sun")
    doors = sun.get("/field/gaps/").content.decode()
    with under(system_act(NOW)):
        gap = Gap.objects.filter(element="person.workplace", household__isnull=False).first()
        assert gap is not None and gap.household is not None
        home, twins = (
            gap.household,
            Gap.objects.filter(record=gap.record, element="person.workplace"),
        )
        assert twins.count() == 2
    assert f"/field/gaps/{home}/" in doors
    page = sun.get(f"/field/gaps/{home}/").content.decode()
    shown = [each for each in twins if f'name="gap-{each.pk}"' in page]
    assert len(shown) == 1, "one question for two tables"
    sent = sun.post(f"/field/gaps/{home}/", {f"gap-{shown[0].pk}": "市一院"})
    assert sent.status_code == 303
    with under(system_act(NOW)):
        assert {each.state for each in twins.all()} == {Gap.State.FILLED}
    assert entered(asked, "zhou").get(f"/field/gaps/{home}/").status_code in (403, 404)
    wrong = sun.post(f"/field/gaps/{home}/", {"gap-999999": "x"})
    assert wrong.status_code == 422
