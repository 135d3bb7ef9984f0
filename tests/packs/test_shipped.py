"""The packs we ship: clean, complete, honest about what was found and what is only proposed."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path

import pytest

from linli.capabilities.admission.policy import AdmissionPolicy
from linli.capabilities.admission.policy import contradictions as admission_contradictions
from linli.capabilities.matters.policy import MattersPolicy, contradictions
from linli.capabilities.matters.policy.contradictions import _flow
from linli.capabilities.registry.policy import RegistryPolicy
from linli.capabilities.registry.policy import contradictions as registry_contradictions
from linli.capabilities.tables.policy import FormsPolicy, LedgersPolicy
from linli.kernel.calendar import Term, Unit
from linli.kernel.dictionary.check import contradictions as dictionary_contradictions
from linli.kernel.dictionary.shapes import DictionaryPolicy
from linli.kernel.flow import may
from linli.kernel.measures import MeasuresPolicy
from linli.kernel.measures.sheet import every
from linli.kernel.policy.check import problems_of
from linli.kernel.policy.load import POLICIES, load, places
from linli.kernel.policy.pack import Pack, Sections
from linli.kernel.policy.shapes import (
    KERNEL_SECTIONS,
    AccessPolicy,
    CalendarPolicy,
    Level,
    Status,
    UnitsPolicy,
)

SECTIONS: Sections = {
    **KERNEL_SECTIONS,
    "admission": AdmissionPolicy,
    "dictionary": DictionaryPolicy,
    "ledgers": LedgersPolicy,
    "forms": FormsPolicy,
    "matters": MattersPolicy,
    "measures": MeasuresPolicy,
    "registry": RegistryPolicy,
}
CHECKS = (
    contradictions,
    dictionary_contradictions,
    registry_contradictions,
    admission_contradictions,
)
CATALOGUE = Path(__file__).resolve().parents[3] / "shared/domain/grid_event_catalogue.csv"
HARD_PROBLEMS = {"0505", "0603", "0605", "0608", "0609", "0610", "0707", "0803"}
CHANNELS = ("web", "window", "field", "api", "hotline", "job")
AREA_LEVELS = (Level.GRID, Level.COMMUNITY, Level.STREET, Level.DISTRICT, Level.CITY)


@cache
def pack(place: str) -> Pack:
    raw = load(place)
    return Pack(0, place, raw.hash, raw.body, SECTIONS)


def matters(place: str = "wuxi") -> MattersPolicy:
    return pack(place).section(MattersPolicy)


def test_the_places() -> None:
    assert set(places()) >= {"national", "jiangsu", "wuxi"}


@pytest.mark.parametrize("place", places())
def test_every_pack_is_clean(place: str) -> None:
    problems = problems_of(load(place), SECTIONS, CHECKS)
    assert [str(problem) for problem in problems] == []


def test_wuxi_stands_on_jiangsu_and_the_nation() -> None:
    assert load("wuxi").chain == ("national", "jiangsu", "wuxi")


@pytest.mark.row("R132", "R139", "R141")
def test_the_65_classes_keep_the_catalogue_s_limits() -> None:
    if not CATALOGUE.exists():
        pytest.skip("the event catalogue (../shared/domain/grid_event_catalogue.csv) is absent")
    with CATALOGUE.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    national = matters("national")
    classes = sorted(national.classes, key=lambda entry: entry.code)
    assert [entry.code for entry in classes] == [row["code"] for row in rows]
    for row, entry in zip(rows, classes, strict=True):
        found = row["status"].startswith("F")
        assert entry.title == row["name"]
        assert entry.term == Term(int(row["limit"]), Unit(row["unit"])), entry.code
        assert entry.status is (Status.FOUND if found else Status.DEFAULT), entry.code


def test_illegal_building_has_three_staged_deadlines() -> None:
    entry = matters("national").event_class("0101")
    assert entry is not None
    staged = [(stage.code, str(stage.term)) for stage in entry.stages]
    assert staged == [("stop", "4WH"), ("penalty", "7WD"), ("demolish", "20WD")]


@pytest.mark.row("R140")
def test_hard_problems_are_restricted() -> None:
    assert {entry.code for entry in matters().classes if entry.restricted} == HARD_PROBLEMS


def test_emergencies_run_around_the_clock() -> None:
    for entry in matters().classes:
        if entry.emergency:
            assert entry.term.unit is Unit.HOUR, entry.code


@pytest.mark.row("R103", "R106")
def test_service_items_are_whole_and_only_proposed() -> None:
    items = matters().items
    assert len(items) >= 40
    for item in items:
        assert item.status is Status.DEFAULT, item.code
        assert item.source.document == "默认示例，待各地核定", item.code
        assert item.eligibility and item.summary and item.place and item.fee, item.code
        assert item.promise.amount > 0, item.code
        assert item.online or item.window, item.code


def test_a_promise_is_never_longer_than_the_legal_term() -> None:
    for item in matters().items:
        if item.legal and item.legal.unit is item.promise.unit:
            assert item.promise.amount <= item.legal.amount, item.code


def test_every_class_and_item_has_words_to_find_it_by() -> None:
    policy = matters()
    assert [entry.code for entry in policy.classes if not entry.keywords] == []
    assert [item.code for item in policy.items if not item.keywords] == []


def _entries() -> Iterator[tuple[str, bool]]:
    policy = matters()
    yield from ((entry.code, False) for entry in policy.classes)
    yield from ((item.code, True) for item in policy.items)


def _answers() -> Iterator[str]:
    policy = matters()
    for code, is_item in _entries():
        for level in AREA_LEVELS:
            for channel in CHANNELS:
                yield policy.route(code, level, channel, is_item=is_item).code


@pytest.mark.row("R104")
def test_every_class_and_item_reaches_a_post_or_unit_with_a_reason() -> None:
    posts = {post.code for post in pack("wuxi").section(AccessPolicy).posts}
    units = {unit.code for unit in pack("wuxi").section(UnitsPolicy).units}
    for code, is_item in _entries():
        for level in AREA_LEVELS:
            route = matters().route(code, level, is_item=is_item)
            assert route.to.post in posts or route.to.unit in units, (code, level)
            assert route.reason


def test_every_route_is_used() -> None:
    assert {route.code for route in matters().routes} - set(_answers()) == set()


ROUTED = {
    ("0901", Level.GRID, "web"): "grid_worker",
    ("0901", Level.COMMUNITY, "web"): "clerk",
    ("0906", Level.GRID, "web"): "municipal",
    ("0906", Level.GRID, "hotline"): "street_worker",
    ("0503", Level.GRID, "web"): "fire",
    ("0802", Level.GRID, "field"): "grid_worker",
    ("0605", Level.COMMUNITY, "web"): "street_worker",
    ("1104", Level.GRID, "web"): "clerk",
}


@pytest.mark.parametrize("case", ROUTED)
def test_where_it_goes_first(case: tuple[str, Level, str]) -> None:
    to = matters().route(*case).to
    assert (to.post or to.unit) == ROUTED[case]


def test_a_route_for_an_unknown_code_is_refused() -> None:
    with pytest.raises(LookupError):
        matters().route("9999", Level.GRID)


def test_every_verb_of_the_flow_is_granted_to_each_role_that_may_use_it() -> None:
    roles = {role.code: role for role in pack("wuxi").section(AccessPolicy).roles}
    for verb, action in matters().flow.actions.items():
        for code in (role for role in action.roles if not role.startswith("@")):
            assert any(fnmatchcase(verb, glob) for glob in roles[code].verbs), (verb, code)


def test_an_auditor_reads_and_takes_nothing_out() -> None:
    (role,) = [each for each in pack("wuxi").section(AccessPolicy).roles if each.code == "auditor"]
    ends = {verb.rsplit(".", 1)[-1].split("_")[0] for verb in role.verbs}
    assert ends <= {"read", "restricted", "figures", "audit", "own", "burden", "refusals"}


def test_every_matter_verb_that_a_role_holds_exists() -> None:
    flow = matters().flow.actions
    pages = {"read", "own", "window", "field", "export", "map", "figures", "hotline", "restricted"}
    known = {*flow, *(f"matters.{page}" for page in pages), "matters.reach*"}
    for role in pack("wuxi").section(AccessPolicy).roles:
        held = {verb for verb in role.verbs if verb.startswith("matters.")}
        assert held <= known, role.code


def test_the_clock_s_norms_run_the_flow() -> None:
    policy = matters()
    machine, clock = policy.machine, policy.clock
    assert machine.stages["verify"].term == clock.verify.term
    assert machine.stages["accept"].term == clock.accept.term
    assert machine.stages["resolve"].term is None
    assert machine.stages["resolve"].warn.red == clock.warnings.red / 100
    assert machine.actions["matters.decide_extension"].limit == clock.extension.times
    assert machine.actions["matters.decide_extension"].up_to == clock.extension.longest


def test_the_norm_says_who_decides_on_an_extension() -> None:
    policy, verb = matters(), "matters.decide_extension"
    assert may(policy.machine, "handling", verb, {"street_worker"})
    rule = policy.clock.extension.model_copy(update={"decided_by": ("duty_head",)})
    clock = policy.clock.model_copy(update={"extension": rule})
    other = MattersPolicy.model_construct(
        **{name: getattr(policy, name) for name in MattersPolicy.model_fields if name != "clock"},
        clock=clock,
    )
    assert not may(other.machine, "handling", verb, {"street_worker"})
    assert may(other.machine, "handling", verb, {"duty_head"})


def test_a_pack_may_not_say_twice_who_decides() -> None:
    whole = pack("wuxi")
    told = whole.section(MattersPolicy)
    deed = told.flow.actions["matters.decide_extension"]
    twice = deed.model_copy(update={"roles": ("clerk",)})
    actions = {**told.flow.actions, "matters.decide_extension": twice}
    flow = told.flow.model_copy(update={"actions": actions})
    again = told.model_copy(update={"flow": flow})
    found = {words for _where, words in _flow(again, whole.section(AccessPolicy))}
    assert any("decided_by" in words for words in found), found


NOT_ALLOWED = [
    ("reported", "matters.close", "clerk"),
    ("handled", "matters.close", "clerk"),
    ("handling", "matters.verify", "clerk"),
    ("closed", "matters.handle", "grid_worker"),
    ("reported", "matters.refuse", "grid_worker"),
    ("handling", "matters.decide_extension", "clerk"),
    ("handled", "matters.verify", "department_worker"),
    ("closed", "matters.rate", "clerk"),
    ("closed", "matters.withdraw", "resident"),
]


@pytest.mark.parametrize(("state", "verb", "role"), NOT_ALLOWED)
def test_what_a_role_may_not_do_there(state: str, verb: str, role: str) -> None:
    assert not may(matters().machine, state, verb, {role})


def test_office_hours_are_wuxi_s_own() -> None:
    hours = pack("wuxi").section(CalendarPolicy)
    assert [(h.opens, h.closes) for h in hours.office_hours] == [
        ("09:00", "12:00"),
        ("13:00", "17:00"),
    ]
    assert pack("national").section(CalendarPolicy).office_hours != hours.office_hours


@pytest.mark.row("R106")
def test_every_norm_can_be_cited() -> None:
    policy = pack("wuxi")
    for code, is_item in _entries():
        path = f"matters.{'items' if is_item else 'classes'}.{code}.title"
        assert policy.norm(path).source.document


@pytest.mark.parametrize("place", places())
def test_a_proposal_never_looks_like_law(place: str) -> None:
    """A default names itself; what is called found names the document it was found in."""
    for trail, document, status in _norms(load(place).body, ()):
        assert ("默认示例" in document) == (status == Status.DEFAULT), (trail, document)


def _norms(value: object, trail: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str, str]]:
    if isinstance(value, dict):
        if "source" in value and "status" in value:
            yield trail, value["source"]["document"], value["status"]
        for key, inner in value.items():
            yield from _norms(inner, (*trail, str(key)))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _norms(inner, (*trail, str(index)))


def test_policies_lie_in_the_project() -> None:
    assert (POLICIES / "national/pack.yaml").is_file()


@pytest.mark.parametrize("place", places())
def test_every_target_is_of_an_indicator_and_says_who_set_it(place: str) -> None:
    known = {each.code: each for room in every() for each in room.measures}
    for target in pack(place).section(MeasuresPolicy).targets:
        assert known[target.code].better, "a target needs a direction"
        assert target.source.document
