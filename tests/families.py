"""Who lives in the town: four households, three organisations, one row of every other table of the registry.

王小梅's family lives in 甲社区第一网格 (家 1 单元 101); 刘秀英 is her mother-in-law, eighty-five, with a sensitive mark.
李建国 rents in 甲社区第二网格 and is registered in 乙社区. 赵敏 lives in 乙社区, 孙立 in 丙社区. Numbers are made up.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from linli.capabilities.admission.models import Demand
from linli.capabilities.registry.models import (
    Assessment,
    Batch,
    BatchRow,
    Bond,
    Building,
    Conflict,
    Consent,
    Coverage,
    Estate,
    Facility,
    Filing,
    Holding,
    Home,
    Household,
    Mark,
    Objection,
    Organisation,
    Person,
    Residence,
    Source,
    Station,
    Succession,
    Tie,
)
from linli.capabilities.tables.models import (
    Edition,
    Entry,
    EntryEdition,
    Form,
    Gap,
    Ledger,
    LedgerEdition,
    Memory,
    Round,
    Sheet,
)
from linli.capabilities.tables.services import tallies
from linli.kernel.access.models import Account
from linli.kernel.acts import system_act, under
from linli.kernel.places.models import Area
from linli.kernel.vault.idnumber import check_character
from tests import asked_of_us

SINCE = date(2019, 3, 1)
NOW = datetime(2026, 6, 1, 2, 0, tzinfo=UTC)


def number(born: date, sequence: int) -> str:
    """An ID number with its check digit; odd sequences are men's."""
    first = f"320205{born:%Y%m%d}{sequence:03d}"
    return first + check_character(first)


# key, name, sex, born, sequence, home, kind, relation to the head
PEOPLE = (
    ("wang", "王小梅", "2", date(1985, 4, 12), 24, "101", "registered", "10"),
    ("zhang", "张伟", "1", date(1983, 8, 2), 31, "101", "registered", "02"),
    ("le", "张乐", "1", date(2016, 9, 1), 11, "101", "registered", "20"),
    ("liu", "刘秀英", "2", date(1941, 1, 20), 42, "101", "registered", "52"),
    ("li", "李建国", "1", date(1979, 11, 5), 17, "202", "floating", "02"),
    ("zhao", "赵敏", "2", date(1990, 6, 30), 66, "301", "registered", "02"),
    ("sunli", "孙立", "1", date(1968, 2, 14), 91, "401", "permanent", "02"),
)
HOMES = {
    "101": ("甲社区第一网格", "春江花园", "1幢", "1"),
    "202": ("甲社区第二网格", "春江花园", "5幢", "2"),
    "301": ("乙社区", "梅园新村", "3幢", "1"),
    "401": ("丙社区", "西溪苑", "8幢", "1"),
}


def settle() -> dict[str, Person]:
    """Write the families into the town; returns the people by key."""
    with under(system_act()):
        areas = {area.name: area for area in Area.objects.all()}
        homes = {room: _home(areas, room, *where) for room, where in HOMES.items()}
        people = {row[0]: _person(*row[:5]) for row in PEOPLE}
        for key, *_rest, room, kind, relation in PEOPLE:
            _resides(people[key], homes[room], kind, relation)
        Residence.objects.create(
            person=people["li"],
            account=people["li"].account,
            area=areas["乙社区"],
            kind="registered",
            lives=False,
            since=SINCE,
        )
        _rest_of_it(areas, homes, people)
        asked_of_us.ask(areas)
        _sheet(areas["甲社区"], people["wang"])
        _entry(areas["甲社区"], people["wang"])
    return people


def _home(areas: dict[str, Area], room: str, area: str, estate: str, name: str, unit: str) -> Home:
    place = areas[area]
    known = Estate.objects.filter(name=estate, area=place).first()
    estate_ = known or Estate.objects.create(area=place, name=estate, since=SINCE)
    address = f"{place.full_name}{estate}{name}"
    building = Building.objects.create(
        area=place, estate=estate_, name=name, address=address, address_key=address, since=SINCE
    )
    return Home.objects.create(area=place, building=building, unit_no=unit, room=room, since=SINCE)


def _person(key: str, name: str, sex: str, born: date, sequence: int) -> Person:
    return Person.objects.create(
        name=name,
        sex=sex,
        born=born,
        document_kind="111",
        document=number(born, sequence),
        phone=f"1390000{sequence:04d}",
        account=Account.objects.get(demo=key) if key in ("wang", "li") else None,
    )


def _resides(person: Person, home: Home, kind: str, relation: str) -> None:
    household, made = Household.objects.get_or_create(
        home=home, defaults={"area": home.area, "since": SINCE}
    )
    if relation == "02":
        household.head = person
        household.save(update_fields=["head"])
    Residence.objects.create(
        person=person,
        account=person.account,
        area=home.area,
        home=home,
        household=household,
        kind=kind,
        relation=relation,
        since=SINCE,
    )


def _rest_of_it(areas: dict[str, Area], homes: dict[str, Home], people: dict[str, Person]) -> None:
    one, first = areas["甲社区"], areas["甲社区第一网格"]
    liu, wang = people["liu"], people["wang"]
    Tie.objects.create(person=people["zhang"], area=first, home=homes["101"], kind="owner")
    Bond.objects.create(area=first, person=people["le"], other=wang, kind="guardian", since=SINCE)
    plain: dict[str, Any] = {"person": liu, "area": first, "since": SINCE, "purpose": "关爱走访"}
    Mark.objects.create(code="elder_80", basis="年满80周岁", **plain)
    Mark.objects.create(code="low_income", sensitive=True, basis="低保审批", **plain)
    given: dict[str, Any] = {"account": wang.account, "area": first, "purpose": "社区服务"}
    Consent.objects.create(person=wang, basis="consent", given=NOW, **given)
    Objection.objects.create(
        person=wang, account=wang.account, area=first, field="workplace", wish="自由职业", at=NOW
    )
    Coverage.objects.create(area=one, as_of=SINCE, registered=4, living=5, others=1, reached=1)
    Facility.objects.create(area=first, code="01037", name="路灯", number="L-001")
    _organisations(one, first)
    _ledger(one)
    _batch(first, wang)
    wang.workplace = "试验市第一小学"  # what was there before is kept
    wang.save(update_fields=["workplace"])


def _ledger(one: Area) -> None:
    made: dict[str, Any] = {"title": "八十岁以上老人", "version": 1}
    ledger = Ledger.objects.create(
        area=one, maker=Account.objects.get(name="陈静"), made=NOW, **made
    )
    body = {
        "record_set": "person",
        "columns": ["person.name", "person.age"],
        "conditions": [[{"element": "person.age", "op": "least", "values": ["80"]}]],
        "sort": [],
    }
    LedgerEdition.objects.create(ledger=ledger, by=ledger.maker, at=NOW, body=body, **made)


def _entry(one: Area, wang: Person) -> None:
    """王小梅 helped at the reading of a spring day in 甲社区."""
    body = {"title": "世界读书日", "kind": "culture", "volunteers": [str(wang.pk), "外来讲师"]}
    made: dict[str, Any] = {"day": SINCE, "body": body}
    maker = Account.objects.get(name="陈静")
    entry = Entry.objects.create(
        area=one, kind="activity", maker=maker, made=NOW, changed=NOW, **made
    )
    EntryEdition.objects.create(entry=entry, version=1, by=maker, at=NOW, **made)
    tallies.kept(entry)


def _sheet(one: Area, wang: Person) -> None:
    """A form of 市政和园林局 that lies with 甲社区 under what came down, with one value that nobody knows."""
    demand = Demand.objects.get()
    shared: dict[str, Any] = {"unit": demand.unit, "area": demand.unit.area}
    form = Form.objects.create(
        title=demand.title,
        name="路灯.xlsx",
        digest="0" * 64,
        state="confirmed",
        by=1,
        made=NOW,
        changed=NOW,
        **shared,
    )
    column = {"way": "known", "element": "person.workplace"}
    Memory.objects.create(key="person|单位", column=column, form=form.pk, by=1, at=NOW, **shared)
    round_ = Round.objects.create(
        form=form,
        ticket=demand.ticket,
        title=form.title,
        period="2026年5月",
        state="open",
        by=1,
        made=NOW,
        **shared,
    )
    sheet = Sheet.objects.create(
        round=round_, demand=demand, area=one, unit=demand.unit, state="filling", rows=1, cells=1
    )
    Gap.objects.create(
        sheet=sheet,
        area=one.pk,
        column="c1",
        element="person.workplace",
        record_set="person",
        record=wang.pk,
    )
    Edition.objects.create(
        round=round_, number=1, digest="0" * 64, rows=1, filled=0, blank=1, by=1, made=NOW, **shared
    )


def _organisations(one: Area, first: Area) -> None:
    committee, party, company, old = (
        Organisation.objects.create(area=one, kind=kind, name=name, uscc=uscc, since=SINCE)
        for kind, name, uscc in (
            ("residents_committee", "甲社区居民委员会", "54320205MD0000001K"),
            ("party_branch", "甲社区党总支", ""),
            ("property_company", "安居物业服务有限公司", ""),
            ("property_company", "安居物业管理处", ""),
        )
    )
    Station.objects.create(organisation=company, area=first, kind="service", since=SINCE)
    Holding.objects.create(
        organisation=committee, area=one, name="何主任", post="director", term=7, since=SINCE
    )
    secretary = Holding.objects.create(
        organisation=party, area=one, name="何主任", post="secretary"
    )
    Assessment.objects.create(
        area=one, holding=secretary, checklist="five_strong", year=2025, met=["drive"], on=SINCE
    )
    Filing.objects.create(
        area=one, holding=secretary, about="appointed", state="filed", at=NOW, number="1", on=SINCE
    )
    Succession.objects.create(area=one, before=old, after=company, kind="rename", on=SINCE)


def _batch(first: Area, wang: Person) -> None:
    one = first.parent
    assert one is not None
    police, _made = Source.objects.get_or_create(
        code="police", defaults={"title": "公安人口", "rank": 10}
    )
    batch = Batch.objects.create(area=one, source=police, name="人口.xlsx", as_of=SINCE)
    BatchRow.objects.create(
        batch=batch, line=3, state="refused", values="{}", reasons=["id_number"]
    )
    Conflict.objects.create(
        area=first,
        record_set="person",
        row=wang.pk,
        field="phone",
        offered="13812345678",
        batch=batch,
    )
