"""Headings of real files name elements; an element under another name is caught."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner

from linli.kernel.dictionary import selectors
from linli.kernel.dictionary.check import contradictions
from linli.kernel.dictionary.commands import dictionary
from linli.kernel.dictionary.headings import SURE, Index, bare, normal, too_near
from linli.kernel.dictionary.shapes import Kind
from linli.kernel.dictionary.tests.samples import element
from linli.kernel.policy.load import load
from linli.kernel.policy.pack import Pack
from linli.kernel.policy.versions import sections
from tests.town import Town

FORMS = Path(__file__).resolve().parents[6] / "shared/data/forms"


def pack(**changes: object) -> Pack:
    """The national pack, perhaps with one more element."""
    raw = load("national")
    body = json.loads(json.dumps(raw.body))
    if changes:
        body["dictionary"]["elements"].append({**NEW, **changes})
    return Pack(0, "national", raw.hash + str(sorted(changes.items())), body, sections())


NEW = {
    "code": "person.extra",
    "number": "JC019000",
    "title": "血型",
    "english": "Blood group",
    "kind": "text",
    "owner": "health",
    "sensitivity": "sensitive",
    "record_set": "person",
    "column": "more:extra",
}


@pytest.fixture(scope="module")
def index() -> Index:
    """The national dictionary's headings."""
    return selectors.book(pack()).index


MEANT = {
    "姓名": "person.name",
    "人员姓名": "person.name",
    "*1、姓名（必填）": "person.name",
    " 姓　名 ": "person.name",
    "户主姓名": "household.head_name",
    "身份证号": "person.document",
    "公民身份号码": "person.document",
    "公民身份号码(18位)": "person.document",
    "证件号码": "person.document",
    "户主身份证号码": "household.head_document",
    "手机号码：": "person.phone",
    "出生年月日": "person.born",
    "与户主的关系": "residence.relation",
    "现居住地址": "residence.address",
    "户籍所在地": "residence.registered_address",
    "监护人联系电话": "bond.guardian_phone",
    "统一社会信用代码": "organisation.uscc",
    "残疾类别": "tag.disability_kind",
    "JC010003": "person.sex",
    "Date of birth": "person.born",
}


@pytest.mark.row("R011", "R012")
@pytest.mark.parametrize("heading", MEANT)
def test_a_heading_means_one_element(index: Index, heading: str) -> None:
    first = index.look_up(heading)[0]
    assert (first.element.code, first.score >= SURE) == (MEANT[heading], True)


@pytest.mark.parametrize("heading", ["", "序号", "经办人", "车牌号", "Unnamed: 3"])
def test_what_is_no_heading_of_ours_is_not_taken(index: Index, heading: str) -> None:
    assert not [match for match in index.look_up(heading) if match.score >= SURE]


def test_a_record_set_narrows(index: Index) -> None:
    assert index.look_up("姓名", ("holding",))[0].element.code == "holding.name"
    assert index.look_up("姓名", ("estate",)) == []


COLUMNS = {
    "popdb_population_template.xlsx": (18, 10),
    "cortana_人员导入模板.xlsx": (29, 27),
    "java110_importRoom.xlsx": (17, 14),
}


@pytest.mark.parametrize("name", COLUMNS)
def test_headings_of_real_workbooks(index: Index, name: str) -> None:
    path = FORMS / name
    if not path.exists():
        pytest.skip(f"the workbook (../shared/data/forms/{name}) is absent")
    first = next(openpyxl.load_workbook(path).worksheets[0].iter_rows(values_only=True))
    headings = [str(cell) for cell in first if cell is not None]
    known = [h for h in headings if (m := index.look_up(h)) and m[0].score >= SURE]
    assert (len(headings), len(known)) == COLUMNS[name], sorted({*headings} - {*known})


def test_spellings_are_made_one() -> None:
    assert normal("１、 姓　名：") == "姓名"
    assert bare("人员现住址（详细）") == "现住址"
    assert bare("信息") == "信息"


SAID_AGAIN = [
    ({"title": "手机"}, "person.phone"),
    ({"title": "人员姓名"}, "person.name"),
    ({"title": "血型", "synonyms": ["移动电话"]}, "person.phone"),
    ({"title": "血型", "english": "Phone"}, "person.phone"),
    ({"title": "联系电话（备用）"}, "person.phone"),
    ({"title": "婚姻状况登记"}, "person.marital"),
    ({"title": "小区名称"}, "estate.name"),
]


@pytest.mark.row("R011")
@pytest.mark.parametrize(("change", "code"), SAID_AGAIN)
def test_an_element_under_another_name_is_refused(change: dict[str, object], code: str) -> None:
    faults = [message for _trail, message in contradictions(pack(**change))]
    assert any(f"exists as {code} " in message for message in faults)


def test_a_new_element_is_taken_and_an_explained_one_too() -> None:
    assert list(contradictions(pack(title="血型"))) == []
    change = {"title": "备用手机", "synonyms": ["手机"], "apart_from": ["person.phone"]}
    assert list(contradictions(pack(**change))) == []


WRONG = [
    ({"number": "JC010001"}, "the number is that of `person.name`"),
    ({"column": "name"}, "the column holds `person.name` already"),
    ({"code": "estate.extra"}, "begins with its record set"),
    ({"kind": "code"}, "names its table"),
    ({"kind": "code", "table": "nothing"}, "no code table `nothing`"),
    ({"apart_from": ["person.nobody"]}, "no element `person.nobody`"),
]


@pytest.mark.parametrize(("change", "said"), WRONG)
def test_what_contradicts_is_named(change: dict[str, object], said: str) -> None:
    assert any(said in message for _trail, message in contradictions(pack(**change)))


def test_two_entries_of_one_spelling_are_named() -> None:
    given = pack()
    tables = given.body["dictionary"]["tables"]
    next(t for t in tables if t["code"] == "sex")["entries"][1]["synonyms"] = ["女"]
    assert any("“女”" in message for _trail, message in contradictions(replace(given, hash="x")))


def test_nearness_is_the_same_from_both_sides() -> None:
    one, other = (
        element(Kind.PHONE, "手机号", name="a"),
        element(Kind.PHONE, "个人手机号", name="b"),
    )
    assert too_near(one, other) and too_near(other, one)


def _sayings() -> Iterator[tuple[str, ...]]:
    yield "find", "身份证号码", "person.document"
    yield "similar", "移动电话", "person.phone"
    yield "list", "--set", "household", "户号"
    yield "list", "--tables", "GB/T 2261.1"


@pytest.mark.parametrize("words", list(_sayings()))
def test_the_command_line(town: Town, words: tuple[str, ...]) -> None:
    *given, said = words
    result = CliRunner().invoke(dictionary, given, env={"COLUMNS": "200"})
    assert said in result.output
    assert result.exit_code == (1 if given[0] == "similar" else 0)


def test_the_command_line_says_when_nothing_is_known(town: Town) -> None:
    assert CliRunner().invoke(dictionary, ["find", "经办人"]).exit_code == 1
    assert CliRunner().invoke(dictionary, ["similar", "血型"]).exit_code == 0


def test_selectors_speak_of_the_pack_in_force(town: Town) -> None:
    assert selectors.element("person.sex").table == "sex"
    assert selectors.title_of("sex", "2") == "女性"
    assert selectors.title_of("sex", "7") == "7"
    assert selectors.similar("家庭住址")[0].element.code == "residence.address"
    found = selectors.element_of("person", "workplace")
    assert found is not None and found.code == "person.workplace"
