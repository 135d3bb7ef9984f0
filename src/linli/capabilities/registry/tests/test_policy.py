"""The registry's pack section: complete, honest, free of contradictions; the dictionary fits the tables."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.apps import apps
from django.db import models

from linli.capabilities.registry.models import (
    Bond,
    Building,
    Estate,
    Facility,
    Holding,
    Home,
    Household,
    Mark,
    Organisation,
    Person,
    Residence,
    Statistic,
    Tie,
)
from linli.capabilities.registry.policy import RegistryPolicy, contradictions
from linli.kernel.dictionary.headings import SURE
from linli.kernel.dictionary.selectors import Book, book
from linli.kernel.dictionary.shapes import Element, Kind
from linli.kernel.policy.load import load
from linli.kernel.policy.pack import Pack
from linli.kernel.policy.shapes import AccessPolicy, Status
from linli.kernel.policy.versions import sections

TABLES: dict[str, type[models.Model]] = {
    "person": Person,
    "residence": Residence,
    "household": Household,
    "home": Home,
    "tie": Tie,
    "bond": Bond,
    "tag": Mark,
    "building": Building,
    "estate": Estate,
    "facility": Facility,
    "organisation": Organisation,
    "holding": Holding,
    "statistic": Statistic,
}
EIGHT = {"party", "order", "police", "hr", "civil", "education", "urban", "health"}
# A file of one record set may say things of these too.
BESIDE = {"person": {"residence", "household", "tie", "bond", "tag"}, "home": {"residence", "tie"}}


def pack(place: str = "national", change: Callable[[dict[str, Any]], None] | None = None) -> Pack:
    """A shipped pack, perhaps changed."""
    raw = load(place)
    body = json.loads(json.dumps(raw.body))
    if change:
        change(body["registry"])
    return Pack(0, place, raw.hash + str(change), body, sections())


def registry(place: str = "national") -> RegistryPolicy:
    """Its section."""
    return pack(place).section(RegistryPolicy)


@pytest.fixture(scope="module")
def known() -> Book:
    """The national dictionary."""
    return book(pack())


def _kept_here(known: Book) -> list[Element]:
    """Elements of the registry's own record sets; other rooms keep theirs."""
    return [each for each in known.elements.values() if each.record_set in TABLES]


def test_every_element_has_its_column(known: Book) -> None:
    for element in _kept_here(known):
        columns = {field.name for field in TABLES[element.record_set]._meta.get_fields()}
        if element.key:
            assert "more" in columns, element.code
        elif element.column:
            assert element.column in columns, element.code


def test_a_code_fits_its_column_and_a_text_its_length(known: Book) -> None:
    for element in known.elements.values():
        if not element.column or element.key:
            continue
        field = TABLES[element.record_set]._meta.get_field(element.column)
        longest = getattr(field, "max_length", None)
        if not longest:
            continue
        if element.kind is Kind.CODE:
            assert max(map(len, known.tables[element.table].titles)) <= longest, element.code
        elif element.kind in (Kind.TEXT, Kind.NAME, Kind.ADDRESS):
            assert element.longest and element.longest <= longest, element.code


def test_choices_of_the_tables_are_those_of_the_dictionary(known: Book) -> None:
    compared = 0
    for element in known.elements.values():
        if element.kind is Kind.CODE and element.column and not element.key:
            field = TABLES[element.record_set]._meta.get_field(element.column)
            said = {value for value, _label in getattr(field, "choices", None) or () if value}
            if said:
                assert said == set(known.tables[element.table].titles), element.code
                compared += 1
    assert compared == 6


def test_numbers_of_documents_and_phones_are_sealed_or_not_kept(known: Book) -> None:
    for element in known.elements.values():
        if element.kind in (Kind.ID_NUMBER, Kind.PHONE) and element.column:
            field = TABLES[element.record_set]._meta.get_field(element.column)
            assert type(field).__name__ == "VaultField", element.code


def test_every_coded_element_can_be_read(known: Book) -> None:
    assert all(e.table in known.tables for e in known.elements.values() if e.kind is Kind.CODE)
    assert known.tables["tag"].titles["low_income"] == "最低生活保障对象"
    assert known.tables["facility"].titles["01037"] == "路灯"


@pytest.mark.row("R012")
def test_the_eight_departments_have_profiles() -> None:
    assert {profile.department for profile in registry().profiles} >= EIGHT
    for profile in registry().profiles:
        assert sum(column.required for column in profile.columns) >= 1, profile.code
        assert profile.status is Status.DEFAULT


@pytest.mark.row("R012")
def test_a_profile_s_headings_are_found_by_the_dictionary_too(known: Book) -> None:
    found = total = 0
    for profile in registry().profiles:
        sets = {profile.record_set, *BESIDE.get(profile.record_set, ())}
        for column in profile.columns:
            assert column.element.split(".")[0] in {*sets, "residence"}, (profile.code, column)
            matches = known.index.look_up(column.heading, sets)
            total += 1
            found += any(m.element.code == column.element and m.score >= SURE for m in matches)
    assert found / total >= 0.85, (found, total)


@pytest.mark.row("R003", "R004")
def test_one_national_type_under_every_local_name(known: Book) -> None:
    table = known.tables["organisation_kind"]
    village = next(e for e in table.entries if e.code == "villagers_committee")
    assert {"行政村", "建制村", "村委会"} <= set(village.synonyms)

    def local(section: dict[str, Any]) -> None:
        kinds = section["organisation_kinds"]
        next(k for k in kinds if k["code"] == "villagers_committee")["local"] = "渔农村社区"

    changed = book(pack(change=local)).tables["organisation_kind"].by_code["villagers_committee"]
    assert changed.title == "渔农村社区" and "村民委员会" in changed.synonyms


@pytest.mark.row("R220")
def test_priority_classes() -> None:
    labels = {label.code for label in registry().organisation_labels if label.priority}
    assert labels == {"volunteering", "charity", "community_service", "mutual_help"}


@pytest.mark.row("R214", "R218", "R219", "R222", "R016", "R024")
def test_kinds_that_the_register_must_know() -> None:
    kinds = registry().kind_by_code
    assert kinds["residents_committee"].credit == ("54",)
    assert {"incubator", "federation", "social_work_agency", "party_station"} <= set(kinds)
    assert kinds["school"].stationed and kinds["company"].covered


SIZES = [
    ("national", "residents_committee", date(2025, 6, 1), (100, 700)),
    ("national", "residents_committee", date(2026, 1, 1), (1000, 3000)),
    ("wuxi", "residents_committee", date(2017, 1, 1), (100, 700)),
    ("wuxi", "residents_committee", date(2020, 6, 1), (2000, 3000)),
    ("wuxi", "residents_committee", date(2026, 6, 1), (1000, 3000)),
    ("wuxi", "villagers_committee", date(2020, 6, 1), (1000, 2000)),
    ("national", "villagers_committee", date(2020, 6, 1), None),
]


@pytest.mark.row("R006")
@pytest.mark.parametrize(("place", "kind", "day", "size"), SIZES)
def test_the_size_in_force_on_a_day(
    place: str, kind: str, day: date, size: tuple[int, int] | None
) -> None:
    found = registry(place).committee_size(kind, day)
    assert (found and (found.low, found.high)) == size


@pytest.mark.row("R123", "R129")
def test_grids() -> None:
    policy = registry()
    assert (policy.grid_size.low, policy.grid_size.high) == (300, 500)
    assert (policy.grid_staff.heads, policy.grid_staff.workers) == (1, 1)


def test_sensitive_tags_are_seen_only_by_cleared_roles() -> None:
    cleared = {role.code for role in pack().section(AccessPolicy).roles if role.sensitive}
    tags = [tag for tag in registry().tags if tag.is_sensitive]
    assert len(tags) >= 15
    assert all(set(tag.seen_by) <= cleared for tag in tags)
    assert all(tag.basis and tag.source.document for tag in registry().tags)


def test_tags_that_follow_from_age() -> None:
    assert {tag.code for tag in registry().tags_of_age(85)} == {"elder_60", "elder_80"}
    assert {tag.code for tag in registry().tags_of_age(17)} == {"minor"}
    assert registry().tags_of_age(40) == ()


def test_ranks_by_element() -> None:
    police, resident = (registry().source_by_code[code] for code in ("police", "resident"))
    assert police.rank_of("person.name") < resident.rank_of("person.name")
    assert resident.rank_of("person.phone") < police.rank_of("person.phone")


def _first(section: str, code: str, /, **change: Any) -> Callable[[dict[str, Any]], None]:
    def apply(body: dict[str, Any]) -> None:
        next(entry for entry in body[section] if entry["code"] == code).update(change)

    return apply


COLUMN = {"heading": "姓名", "element": "person.name"}
WRONG = [
    (_first("tags", "low_income", seen_by=["grid_worker"]), "not cleared"),
    (_first("tags", "minor", purpose="nothing"), "no purpose `nothing`"),
    (_first("tags", "minor", elements=["person.name"]), "not an element of tags"),
    (_first("tags", "minor", synonyms=["低保"]), "“低保”"),
    (_first("organisation_kinds", "company", national="urban"), "self-governing"),
    (_first("organisation_posts", "member", head=True), "more than one post"),
    (_first("committee_sizes", "rc_1990", in_force={"from": "2026-01-01"}), "same day"),
    (_first("sources", "police", ranks={"person.nobody": 1}), "no element `person.nobody`"),
    (_first("sources", "door", code="doors"), "by hand are missing"),
    (_first("profiles", "police_floating", always={"residence.kind": "guest"}), "no value"),
    (_first("profiles", "police_floating", columns=[COLUMN, COLUMN]), "said twice"),
    (_first("profiles", "police_floating", columns=[COLUMN, COLUMN]), "stands twice"),
    (lambda body: body["facilities"]["groups"].pop(), "that of no group"),
]


@pytest.mark.parametrize(("change", "said"), WRONG)
def test_what_contradicts_is_named(change: Callable[[dict[str, Any]], None], said: str) -> None:
    faults = [message for _trail, message in contradictions(pack(change=change))]
    assert any(said in message for message in faults), faults


def test_the_room_declares_section_checks_and_tables() -> None:
    config: Any = apps.get_app_config("registry")
    assert config.policy_sections == {"registry": RegistryPolicy}
    assert contradictions in config.policy_checks and config.code_tables
