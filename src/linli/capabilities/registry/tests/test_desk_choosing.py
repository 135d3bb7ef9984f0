"""Choosing people and areas at the desk by a few words, at any size and without a script."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

import pytest

from linli.capabilities.registry.models import Estate, Holding, Organisation, Person, Succession
from linli.capabilities.registry.tests.desk import entered, page_of, people, text_of
from linli.kernel.acts import Act, system_act, under
from linli.kernel.places import choosing
from linli.kernel.places import selectors as places
from linli.kernel.places.models import Area
from linli.kernel.places.rules import Level
from linli.ui.choosing import Choosing, FindField, FindInput
from linli.ui.manifest import Hit
from tests.town import Town

__all__ = ["people"]


def committee() -> Organisation:
    with under(system_act()):
        return Organisation.objects.get(name="甲社区居民委员会")


def held(name: str) -> Holding:
    with under(system_act()):
        return Holding.objects.get(name=name, organisation__name="甲社区居民委员会")


def picks(page: str, name: str) -> dict[str, str]:
    """What was found: key by what it is called and what stands beside it."""
    found = re.findall(
        rf'name="{name}_pick" value="(\d+)"[^>]*><span class="choice-words"><b>([^<]*)</b>(?:<small>([^<]*))?',
        page,
    )
    return {f"{title} {hint}": key for key, title, hint in found}


@pytest.mark.row("R005")
def test_who_holds_a_post_is_found_in_the_registry(town: Town, people: dict[str, Person]) -> None:
    client, at = entered(town, "chen"), f"/desk/organisations/{committee().pk}/hold/"
    given = {"post": "member", "term": "7", "since": "2026-01-05"}
    empty = client.post(at, given)
    assert empty.status_code == 422 and "请找到任职的人，或写姓名" in text_of(empty)
    none = client.post(at, {**given, "person": "欧阳无此人", "person_find": "yes"})
    assert "没有找到“欧阳无此人”" in text_of(none)
    found = client.post(at, {"person": people["wang"].name[0], "person_find": "yes"})
    page = text_of(found)
    assert found.status_code == 422 and "请核对找到的" in page
    assert page.count("field-error") == 1, "while finding, nothing else is complained of"
    key = next(k for words, k in picks(page, "person").items() if people["wang"].name in words)
    assert key == str(people["wang"].pk)
    done = client.post(at, {**given, "person": people["wang"].name, "person_pick": key})
    assert done.status_code == 303, text_of(done)
    kept = held(people["wang"].name)
    assert (kept.person_id, kept.sex, kept.term) == (people["wang"].pk, people["wang"].sex, 7)
    own = text_of(client.get(page_of(people["wang"], "around/")))
    assert "甲社区居民委员会" in own and "第 7 届" in own and "2026-01-05" in own
    assert page_of(people["wang"]) in text_of(
        client.get(f"/desk/organisations/{committee().pk}/")
    ), "the holder's name opens the person"


def test_a_name_alone_never_picks_anybody(town: Town, people: dict[str, Person]) -> None:
    """Even the only person of a name is looked at first; by number as well, and nobody out of sight is found."""
    client, at = entered(town, "chen"), f"/desk/organisations/{committee().pk}/hold/"
    given = {"post": "member"}
    once = client.post(at, {**given, "person": people["wang"].name})
    assert once.status_code == 422 and " checked" in text_of(once)
    document = people["wang"].document.open()
    assert picks(text_of(client.post(at, {**given, "person": document})), "person")
    outside = str(max(p.pk for p in people.values()) + 1000)
    refused = client.post(at, {**given, "person": people["wang"].name, "person_pick": outside})
    assert refused.status_code == 422
    with under(system_act()):
        assert not Holding.objects.filter(person__isnull=False).exists()


def test_the_dead_hold_no_post(town: Town, people: dict[str, Person]) -> None:
    with under(system_act()):
        Person.objects.filter(pk=people["liu"].pk).update(died=date(2026, 1, 1))
    client, at = entered(town, "chen"), f"/desk/organisations/{committee().pk}/hold/"
    sent = {"post": "member", "person": people["liu"].name, "person_pick": str(people["liu"].pk)}
    answer = client.post(at, sent)
    assert answer.status_code == 422 and "不能任职" in text_of(answer)


# ── areas ─────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def city(town: Town) -> Iterator[Town]:
    """The town as a city of 2,000 communities in ten more streets; whoever comes after knows nothing of it."""
    with under(system_act()):
        district = Area.objects.get(name="甲区")
        streets = [_made(district, Level.STREET, n, f"第{n}街道") for n in range(11, 21)]
        Area.objects.bulk_create(streets)
        Area.objects.bulk_create(
            _made(street, Level.COMMUNITY, n, f"{'春夏秋冬'[n % 4]}{at}园{n}社区")
            for at, street in enumerate(streets)
            for n in range(1, 201)
        )
        places.forget()
    yield town
    places.forget()


def _made(parent: Area, level: Level, number_: int, name: str) -> Area:
    width = 2**36 if level == Level.STREET else 2**28
    lo = parent.pk + number_ * width
    return Area(
        pk=lo,
        hi=lo + width,
        level=level,
        parent=parent,
        code=f"{parent.code[:9]}{number_:03d}" if level == Level.COMMUNITY else f"32990{1}{number_:03d}000",
        name=name,
        full_name=f"{parent.full_name}{name}",
        west=0, east=0, south=0, north=0,
        source="test",
    )  # fmt: skip


def test_an_area_of_thousands_is_found_by_name_or_through_its_street(city: Town) -> None:
    act = city.act("feng")
    offered = choosing.offered(act)
    assert isinstance(offered, Choosing)
    assert [hit.title for hit in offered.find("夏3园9社区", 20)] == ["夏3园9社区"]
    through = offered.find("第13街道", 300)
    assert len(through) == 200 and all(hit.hint.endswith("第13街道") for hit in through)
    assert {hit.title for hit in offered.find("甲社区", 20)} >= {"甲社区", "甲社区第一网格"}
    assert offered.find("甲社区", 20)[0].title == "甲社区"
    assert offered.find("没有这种名字", 20) == []
    assert offered.one(city.area("甲区").pk) is None, "a district is no community"
    assert len(offered.find("园", 21)) == 21


def test_who_sees_little_chooses_from_a_list(city: Town) -> None:
    listed = choosing.offered(city.act("chen"), blank="—")
    assert isinstance(listed, list)
    assert [name for _key, name in listed] == ["—", "甲社区", "甲社区第一网格", "甲社区第二网格"]
    assert all(key != city.area("甲社区").pk for key, _n in choosing.offered(city.act("chen"), without={city.area("甲社区").pk}))  # type: ignore[union-attr]  # fmt: skip


def test_an_estate_is_registered_where_the_search_says(city: Town) -> None:
    client = entered(city, "feng")
    at = "/desk/estates/new/"
    page = text_of(client.get(at))
    assert 'name="area_find"' in page and "<option" in page
    several = client.post(at, {"name": "春江苑", "kind": "commodity", "area": "园19社区"})
    assert several.status_code == 422
    keys = picks(text_of(several), "area")
    assert len(keys) == 10
    key = next(key for words, key in keys.items() if words.endswith("第15街道"))
    given = {"name": "春江苑", "kind": "commodity", "area": "园19社区", "area_pick": key}
    done = client.post(at, given)
    assert done.status_code == 303, text_of(done)[-3000:]
    with under(system_act()):
        assert Estate.objects.get(name="春江苑").area_id == int(key)
    only = client.post(at, {"name": "夏江苑", "kind": "commodity", "area": "夏5园17社区"})
    assert only.status_code == 303, "the only one of that very name needs no picking"


# ── organisations ──────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def companies(town: Town, people: dict[str, Person]) -> dict[str, int]:
    """500 property companies and as many social organisations of one community."""
    with under(system_act()):
        area = Area.objects.get(name="甲社区")
        made = Organisation.objects.bulk_create(
            Organisation(area=area, name=f"{'安康宁泰'[n % 4]}{n}{title}", kind=kind)
            for n in range(500)
            for kind, title in (("property_company", "物业"), ("community_organisation", "协会"))
        )
    return {each.name: each.pk for each in made}


def test_the_five_hundredth_organisation_can_be_chosen(
    town: Town, companies: dict[str, int]
) -> None:
    client = entered(town, "chen")
    with under(system_act()):
        estate = Estate.objects.get(name="春江花园", area__name="甲社区第一网格")
    at = f"/desk/estates/{estate.pk}/change/"
    page = text_of(client.get(at))
    assert 'name="property_company_id_find"' in page and 'name="owners_committee_id"' in page
    given = {"name": estate.name, "kind": "commodity", "property_company_id": "499"}
    found = client.post(at, {**given, "property_company_id_find": "yes"})
    assert found.status_code == 422
    key = picks(text_of(found), "property_company_id")["泰499物业 甲社区"]
    assert int(key) == companies["泰499物业"]
    done = client.post(
        at, {**given, "property_company_id": "泰499物业", "property_company_id_pick": key}
    )
    assert done.status_code == 303, text_of(done)
    with under(system_act()):
        estate.refresh_from_db()
        assert estate.property_company_id == companies["泰499物业"]
    again = text_of(client.get(at))
    assert 'value="泰499物业"' in again, "what is held stands in the form"
    kept = client.post(
        at, {**given, "property_company_id": "泰499物业", "property_company_id_pick": key}
    )
    assert kept.status_code == 303


def test_one_of_very_many_is_split_into_others_that_are_found(
    town: Town, companies: dict[str, int]
) -> None:
    client = entered(town, "chen")
    at = f"/desk/organisations/{companies['安0协会']}/succeed/"
    page = text_of(client.get(at))
    assert 'name="after_find"' in page and 'name="second_find"' in page
    itself = client.post(at, {"kind": "split", "after": "安0协会"})
    assert itself.status_code == 422 and "没有找到" in text_of(itself)
    done = client.post(at, {"kind": "split", "after": "康1协会", "second": "宁2协会", "third": ""})
    assert done.status_code == 303, text_of(done)
    with under(system_act()):
        after = Succession.objects.filter(before=companies["安0协会"])
        assert set(after.values_list("after", flat=True)) == {
            companies["康1协会"],
            companies["宁2协会"],
        }


def test_lists_are_narrowed_step_by_step(city: Town) -> None:
    act = city.act("feng")
    names = [name for _key, name in choosing.steps(act)]
    assert names == ["甲区"]
    street = next(a for a in places.at_level(Level.STREET) if a.name == "第13街道")
    found = choosing.steps(act, street.pk)
    assert len([n for _k, n in found if n.startswith("　　")]) == 200
    assert ("　第13街道") in [n for _k, n in found] and "　东街道" in [n for _k, n in found]
    listed = text_of(entered(city, "feng").get("/desk/estates/", {"area": street.pk}))
    assert "夏2园9社区" in listed and " selected>　第13街道" in listed
    foreign: Act = city.act("chen")
    assert choosing.steps(foreign, street.pk) == choosing.steps(foreign)


def test_a_pick_holds_only_for_the_words_that_found_it() -> None:
    from_ = {1: "甲", 2: "乙"}
    field = FindField(choosing=_choosing(from_))
    read = FindInput().value_from_datadict
    assert field.clean(read({"x": "甲", "x_pick": "1"}, {}, "x")) == 1
    for sent in ({"x": "甲", "x_pick": "2"}, {"x": "甲", "x_pick": "9"}, {"x": "", "x_pick": "1"}):
        with pytest.raises(Exception, match="请|没有"):
            field.clean(read(sent, {}, "x"))
    optional = FindField(choosing=_choosing(from_), required=False)
    assert optional.clean(read({"x": " ", "x_pick": "1"}, {}, "x")) is None
    assert optional.state(2).text == "乙" and optional.state(None).text == ""
    assert not optional.has_changed(2, read({"x": "乙", "x_pick": "2"}, {}, "x"))


def _choosing(known: dict[int, str]) -> Choosing:
    hits = {key: Hit(key, name) for key, name in known.items()}
    return Choosing(
        lambda text, most: [hit for hit in hits.values() if text in hit.title][:most], hits.get
    )
