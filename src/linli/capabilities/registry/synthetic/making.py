"""A file of people as a department would send it, and the truth about its lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.random import Generator
from numpy.typing import NDArray

from linli.capabilities.registry.synthetic import dirt
from linli.capabilities.registry.synthetic.households import (
    CHILD,
    HEAD,
    MOTHER,
    SECOND,
    SPOUSE,
    People,
    numbers,
    settle,
)
from linli.capabilities.registry.synthetic.names import Names

ESTATES = ("春江花园", "梅园新村", "西溪苑", "望湖家园", "长桥小区", "锦绣花苑", "石塘新村")
ELSEWHERE = (320283, 320281, 321081, 340123, 341623, 410182, 510124, 330106, 421081, 370705)
PER_BUILDING, PER_UNIT, PER_FLOOR, BUILDINGS = 72, 24, 4, 18
_ROLES = ("户主", "配偶", "子", "子", "母亲")
_SCHOOLS = (
    "小学教育",
    "初级中学教育",
    "普通高级中学教育",
    "大学专科毕业",
    "大学本科毕业",
    "研究生教育",
)
_WORKS = ("工人", "职员", "专业技术人员", "自由职业者", "个体经营者", "企业管理人员")
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Place:
    """A community that people live in: its statistical code, its name and its street's as files write them."""

    code: str
    name: str
    street: str = ""


@dataclass(frozen=True, slots=True)
class Made:
    """The rows (all text, headings as a file has them) and the truth: one row a line of the file."""

    rows: pl.DataFrame
    truth: pl.DataFrame


def _texts(values: Sequence[str], at: Ints) -> pl.Series:
    return pl.Series(list(values)).gather(at)


def _homes(community: Ints, at: Ints) -> dict[str, pl.Series]:
    """Estate, building, unit and room of the n-th home of a community."""
    building = at // PER_BUILDING
    floor = at % PER_UNIT // PER_FLOOR + 1
    room = floor * 100 + at % PER_FLOOR + 1
    return {
        "小区名称": _texts(ESTATES, (community + building // BUILDINGS) % len(ESTATES)),
        "楼幢": pl.Series(building % BUILDINGS + 1).cast(pl.String) + "幢",
        "单元": pl.Series(at % PER_BUILDING // PER_UNIT + 1).cast(pl.String) + "单元",
        "室号": pl.Series(room).cast(pl.String),
    }


def _placed(dice: Generator, people: People, places: int) -> tuple[Ints, Ints]:
    """Community of each household, and the how-manieth home of it that is."""
    households = int(people.household[-1]) + 1
    share = dice.lognormal(0.0, 0.5, places)
    community = np.sort(dice.choice(places, households, p=share / share.sum()))
    start = np.searchsorted(community, community, side="left")
    return community, np.arange(households) - start


def _phones(dice: Generator, people: People) -> pl.Series:
    """Grown-ups have their own; a child has a parent's or none; some mothers share the head's."""
    head = np.flatnonzero(people.role == HEAD)[people.household]
    numbers_ = 13_000_000_000 + dice.integers(0, 6_999_999_999, len(people.role))
    chance = dice.random(len(people.role))
    child = people.year > 2012
    shared = (child & (chance < 0.5)) | ((people.role == MOTHER) & (chance < 0.3))
    number = np.where(shared, numbers_[head], numbers_)
    none = child & (chance >= 0.5)
    text = pl.Series(number).cast(pl.String)
    return pl.select(pl.when(pl.Series(none)).then(None).otherwise(text)).to_series()


def _life(dice: Generator, people: People) -> dict[str, pl.Series]:
    """Schooling, work, marriage and the like, as ages have them."""
    count = len(people.role)
    age = 2026 - people.year
    chance = dice.integers(0, 100, count)
    school = np.select([age < 13, age < 16, age < 19], [0, 1, 2], 1 + chance % 5)
    married = (people.role == SPOUSE) | ((people.role == HEAD) & (chance < 80))
    marital = np.select([people.role == MOTHER, married], [2, 1], 0)
    work = np.select([age < 23, age >= 60], [6, 7], chance % 6)
    party = np.select([age < 18, chance < 8], [0, 1], 0)
    firms = pl.Series(
        [f"{where}{what}有限公司" for where in ESTATES for what in ("商贸", "机械", "电子")]
    )
    busy = pl.Series(work < 3)
    return {
        "民族": _texts(("汉族", "回族", "满族", "苗族"), np.select([chance < 97], [0], chance % 4)),
        "婚姻状况": _texts(("未婚", "已婚", "丧偶"), marital),
        "文化程度": _texts(_SCHOOLS, school),
        "政治面貌": _texts(("群众", "中国共产党党员"), party),
        "从业状况": _texts((*_WORKS, "学生", "退(离)休人员"), work),
        "工作单位": pl.select(
            pl.when(busy).then(firms.gather(dice.integers(0, len(firms), count))).otherwise(None)
        ).to_series(),
    }


def _rows(dice: Generator, people: People, names: Names, places: Sequence[Place]) -> pl.DataFrame:
    community, home = _placed(dice, people, len(places))
    here, at = community[people.household], home[people.household]
    local = np.array([int(place.code[:6]) for place in places])[here]
    from_afar = np.array(ELSEWHERE)[dice.integers(0, len(ELSEWHERE), len(people.role))]
    afar = dice.random(len(people.role)) < 0.3
    kind = np.searchsorted((0.70, 0.92, 0.98), dice.random(len(home)))[people.household]
    role = people.role + np.where(people.woman & np.isin(people.role, (CHILD, SECOND)), 10, 0)
    relation = dict(enumerate(_ROLES)) | {12: "女", 13: "女"}
    texts = pl.Series(role).replace_strict(relation, return_dtype=pl.String)
    household = pl.Series(people.household + 1).cast(pl.String).str.zfill(9)
    return pl.DataFrame(
        {
            "户号": household,
            "姓名": names.spell(people.surname, people.first, people.second),
            "性别": _texts(("男", "女"), people.woman.astype(np.int64)),
            "出生日期": pl.Series(people.born.astype("datetime64[D]")).cast(pl.String),
            "公民身份号码": numbers(np.where(afar, from_afar, local), people),
            "与户主关系": texts,
            "人口类型": _texts(("户籍", "流动", "常住", "寄住"), kind),
            "联系电话": _phones(dice, people),
            **_life(dice, people),
            "所属街道": _texts([place.street for place in places], here),
            "所属社区": _texts([place.name for place in places], here),
            **_homes(here, at),
            "居住起始日期": pl.Series(
                (
                    np.datetime64("2005-01-01")
                    + dice.integers(0, 7500, len(home)).astype("timedelta64[D]")
                )[people.household]
            ).cast(pl.String),
        }
    )


def make(count: int, seed: int, names: Names, places: Sequence[Place]) -> Made:
    """So many people as rows; 3 % more or less dirty, 5 % once more without ID; the same seed gives the same rows."""
    dice = np.random.default_rng(seed)
    used = list(places)[: max(1, min(len(places), count // 1500))]
    people = settle(dice, count, names)
    rows = _rows(dice, people, names, used)
    kinds = np.select([people.twin, people.namesake], ["twin", "namesake"], "")
    truth = pl.DataFrame(
        {"person": np.arange(1, count + 1), "kind": kinds, "dirt": "", "expect": "taken"}
    )
    copies, copied = dirt.copies(dice, rows, truth, people.year)
    rows, truth = dirt.soiled(dice, rows, truth)
    order = np.argsort(np.concatenate([np.arange(count), dice.random(len(copies)) * count]))
    rows = pl.concat([rows, copies])[order]
    truth = pl.concat([truth, copied])[order]
    line = pl.Series("line", np.arange(2, len(truth) + 2))
    return Made(rows, truth.insert_column(0, line))
