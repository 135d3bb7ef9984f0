"""Forms are recognised: what each column means, judged against truths that were written by hand."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pytest
import yaml

from linli.capabilities.tables.mapping import Meaning, Words, propose, remembered_key
from linli.capabilities.tables.mapping.counting import count_of
from linli.capabilities.tables.mapping.whom import narrowed
from linli.capabilities.tables.reading import Shape, open_form
from linli.capabilities.tables.selectors.words import recognised, words
from linli.capabilities.tables.tests import making
from linli.kernel.dictionary.selectors import Book, book
from linli.kernel.policy.load import load
from linli.kernel.policy.pack import Pack
from linli.kernel.policy.versions import sections

FORMS = Path("../shared/data/forms")
TODAY = date(2026, 11, 22)


@pytest.fixture(scope="module")
def known() -> Book:
    """The national dictionary."""
    raw = load("national")
    return book(Pack(0, "national", raw.hash, raw.body, sections()))


@pytest.fixture(scope="module")
def told(known: Book) -> Words:
    """What proposals are made from."""
    return words(TODAY, known=known)


@dataclass
class Figures:
    """How well forms were recognised: columns that have an element, those right, those sure and right, wrong though sure."""

    columns: int = 0
    right: int = 0
    sure: int = 0
    wrong: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return (
            f"{self.columns} columns with an element: {self.right / self.columns:.1%} right, "
            f"{self.sure / self.columns:.1%} sure and right, {len(self.wrong)} wrong above sure"
        )

    def judge(self, made: making.Made, told: Words) -> None:
        """Compare one form with its truth."""
        truth = {(sheet, flat(label)): codes for (sheet, label), codes in made.truth.items()}
        _form, mapped = recognised(made.file, told)
        seen = set()
        for sheet, label, meaning in _all(mapped):
            key = next((k for k in _keys(sheet, label, meaning) if k in truth), None)
            if key is not None:
                seen.add(key)
                self._count(f"{made.name} {label}", meaning, truth[key])
        self.lost += [f"{made.name} {label}" for sheet, label in truth.keys() - seen]
        for key in truth.keys() - seen:
            self.columns += bool(set(truth[key]) - {"-", "#"})

    def _count(self, label: str, meaning: Meaning, codes: tuple[str, ...]) -> None:
        if meaning.sure and meaning.element not in codes:
            self.wrong.append(f"{label}: {meaning.element} for {codes}")
        if set(codes) - {"-", "#"}:
            self.columns += 1
            self.right += meaning.taken in codes and meaning.taken != ""
            self.sure += meaning.sure and meaning.element in codes


def _all(mapped: object) -> Iterator[tuple[str, str, Meaning]]:
    for each in mapped:  # type: ignore[attr-defined]
        for meaning in each.meanings:
            yield each.region.sheet, meaning.field.label, meaning
        for meaning in each.lines:
            yield each.region.sheet, "line/" + meaning.field.label, meaning


def _keys(sheet: str, label: str, meaning: Meaning) -> Iterator[tuple[str, str]]:
    yield sheet, flat(label)
    yield sheet, flat(f"{label}({meaning.field.unit})")


def flat(text: str) -> str:
    """A label half width, without blanks."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def figures(name: str, folder: Path, told: Words) -> Figures:
    """The figures of a file of truth."""
    found = Figures()
    for spec in making.load(name):
        found.judge(making.make(spec, folder), told)
    print(f"\n{name}: {found}")
    return found


@pytest.mark.row("R011")
def test_forms_in_departments_styles(tmp_path: Path, told: Words) -> None:
    found = figures("known.yaml", tmp_path, told)
    assert found.lost == []
    assert found.wrong == []
    assert found.columns >= 240 and found.right / found.columns >= 0.98


def test_unseen_forms(tmp_path: Path, told: Words) -> None:
    """Forms written after the rules were done, in styles that were not looked at while making them."""
    found = figures("unseen.yaml", tmp_path, told)
    assert found.columns >= 75
    assert found.wrong == UNSEEN_WRONG
    assert found.right / found.columns >= 0.9


UNSEEN_WRONG: list[str] = []


def real() -> Iterator[making.Made]:
    """The real workbooks with their truths."""
    truths = yaml.safe_load((making.HERE / "real.yaml").read_text("utf-8"))
    for name, sheets in truths.items():
        truth = {
            (sheet, heading): tuple(codes.split("|"))
            for sheet, headings in sheets.items()
            for heading, codes in headings.items()
        }
        yield making.Made(name, FORMS / name, truth)


def test_real_workbooks(told: Words) -> None:
    if not FORMS.exists():
        pytest.skip("the real workbooks (../shared/data/forms) are absent")
    found = Figures()
    for made in real():
        found.judge(made, told)
    print(f"\nreal workbooks: {found}")
    assert found.lost == [] and found.wrong == []
    assert found.right / found.columns >= 0.9


def test_a_decision_is_remembered_for_look_alikes(tmp_path: Path, known: Book) -> None:
    spec = {
        "name": "记忆",
        "sheets": [
            {
                "title": "居民登记表",
                "heads": ["姓名 = person.name", "证件 = x", "电话 = y", "来源 = z"],
            }
        ],
    }
    file = making.make(spec, tmp_path).file
    kept = {remembered_key("person", ("来源",)): "person.registered_place"}
    _form, mapped = recognised(file, words(TODAY, kept, known))
    meaning = mapped[0].meanings[3]
    assert meaning.sure and meaning.element == "person.registered_place"
    _form, mapped = recognised(file, words(TODAY, known=known))
    assert not mapped[0].meanings[3].sure


def test_a_card_has_fields_ticks_and_a_list_within(tmp_path: Path, told: Words) -> None:
    spec = next(each for each in making.load("known.yaml") if each["name"] == "居民信息登记卡")
    form = open_form(making.make(spec, tmp_path).file, lambda text: _score(told, text))
    card, members = form.regions
    assert (card.shape, members.shape) == (Shape.CARD, Shape.LIST)
    sex = next(each for each in card.fields if each.path[-1] == "性别")
    assert sex.ticks and sex.choices == ("男", "女")
    assert members.body[1] - members.body[0] == 3


def _score(told: Words, text: str) -> float:
    found = told.index.look_up(text)
    return found[0].score if found else 0.0


def test_totals_signatures_hints_and_units_are_no_rows(tmp_path: Path, told: Words) -> None:
    forms = {each["name"]: each for each in making.load("known.yaml")}
    low = open_form(
        making.make(forms["最低生活保障家庭名册"], tmp_path).file, lambda t: _score(told, t)
    )
    assert low.regions[0].body == (5, 12) and low.regions[0].unit == "人、元"
    hints = open_form(
        making.make(forms["业主信息导入模板"], tmp_path).file, lambda t: _score(told, t)
    )
    assert hints.regions[0].hints == (2,) and hints.regions[0].body == (3, 2)
    monthly = open_form(
        making.make(forms["人口情况月报表"], tmp_path).file, lambda t: _score(told, t)
    )
    assert [line.path[-1] for line in monthly.regions[0].lines][-1] == "合计"


COUNTS = [
    (("总人口",), "count.person"),
    (("年龄构成", "60岁及以上"), "count.person[age>=60]"),
    (("18岁以下"), "count.person[age<18]"),
    (("60-79周岁", "女"), "count.person[age>=60][age<=79][sex=2]"),
    (("独居老人数",), "count.person[tag=living_alone]"),
    (("80岁以上老人",), "count.person[age>=80]"),
    (("高龄老人", "女"), "count.person[age>=80][sex=2]"),
    (("户籍人口", "男"), "count.person[residence=registered][sex=1]"),
    (("60岁以上占比",), "rate.person[age>=60]"),
    (("会说外语的人数",), ""),
    (("备注",), ""),
]


@pytest.mark.parametrize(("path", "count"), COUNTS)
def test_counts_are_said_as_conditions(told: Words, path: tuple[str, ...], count: str) -> None:
    given = (path,) if isinstance(path, str) else path
    assert counted(given, told) == count


def counted(path: tuple[str, ...], told: Words) -> str:
    """The count that a path asks for."""
    return count_of(path, told.tags)


WHOM = [
    ("80周岁以上高龄老人花名册", "[age>=80]"),
    ("流动人口信息采集表", "[residence=floating]"),
    ("低保对象名册", "[tag=low_income]"),
    ("农村留守儿童和困境儿童信息台账", "[tag=hardship_child|left_child]"),
    ("小学适龄儿童入学摸底登记表", "[age<18]"),
    ("居民基本信息登记表", ""),
]


@pytest.mark.parametrize(("title", "said"), WHOM)
def test_a_title_says_whom_the_form_is_about(told: Words, title: str, said: str) -> None:
    assert narrowed(title, told.tags) == said


def test_propose_keeps_the_order_of_fields(tmp_path: Path, told: Words) -> None:
    spec = making.load("known.yaml")[0]
    form = open_form(making.make(spec, tmp_path).file, lambda text: _score(told, text))
    mapped = propose(form.regions[0], told)
    assert [each.field for each in mapped.meanings] == list(form.regions[0].fields)
