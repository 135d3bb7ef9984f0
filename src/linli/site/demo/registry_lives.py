"""What a made-up person of the demonstration's registry is like: school, work, tags; what nobody collected is empty."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from random import Random
from typing import Any

from linli.capabilities.registry.models import Household
from linli.capabilities.registry.synthetic.households import CHILD, MOTHER, SECOND

# Shares of values that nobody has collected yet.
BLANKS = {"phone": 0.12, "education": 0.15, "employment": 0.2, "marital": 0.1, "political": 0.08}
FIRMS = (
    "锡东机械厂",
    "湖光纺织有限公司",
    "春晖小学",
    "惠民医院",
    "顺达物流公司",
    "青禾餐饮店",
    "启明科技有限公司",
)


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag given by the demonstration: code, sensitive, on what basis, what for."""

    code: str
    sensitive: bool
    basis: str
    purpose: str
    source: str = "door"


TAGS = {
    "elder_80": Tag("elder_80", False, "年满80周岁", "care", "police"),
    "living_alone": Tag("living_alone", False, "入户走访核实独居", "care"),
    "party_member": Tag("party_member", False, "组织关系在本社区", "party"),
    "veteran": Tag("veteran", False, "退役军人证件", "service", "civil"),
    "low_income": Tag("low_income", True, "低保审批", "aid", "civil"),
    "disabled": Tag("disabled", True, "残疾人证", "care", "civil"),
    "volunteer": Tag("volunteer", False, "志愿者注册", "culture", "resident"),
}


@dataclass(slots=True)
class Sketch:
    """One person as the mill made them."""

    name: str
    number: str
    woman: bool
    role: int
    born: date


def community_of(household: Household) -> int:
    """The community that a household lies in."""
    area = household.area
    return int(area.parent_id or area.id) if area.level == "grid" else int(area.id)


def relation(row: Sketch) -> str:
    """What somebody is to the head of the household (GB/T 4761)."""
    if row.role in (CHILD, SECOND):
        return "30" if row.woman else "20"
    return {0: "02", 1: "10", MOTHER: "52"}.get(row.role, "97")


def life(row: Sketch, age: int, dice: Random) -> dict[str, Any]:
    """Marriage, school, work; what nobody has collected stays empty."""
    lone = row.role in (CHILD, SECOND)
    said = {
        "marital": "10"
        if age < 22 or (lone and age < 30)
        else "30"
        if age > 78 and dice.random() < 0.4
        else "20",
        "education": school(age, dice),
        "employment": work(age, row.woman, dice),
        "political": "03"
        if 14 <= age <= 28 and dice.random() < 0.4
        else "01"
        if age > 25 and dice.random() < 0.08
        else "13",
    }
    for name in said:
        if dice.random() < BLANKS[name]:
            said[name] = ""
    busy = said["employment"] in ("13", "17", "21", "24") and dice.random() < 0.55
    return {**said, "workplace": dice.choice(FIRMS) if busy else ""}


def school(age: int, dice: Random) -> str:
    """The schooling of somebody of an age (GB/T 4658)."""
    if age < 7:
        return ""
    if age < 13:
        return "80"
    if age < 16:
        return "70"
    if age > 62:
        return dice.choices(("80", "70", "60", "40", "21"), (40, 32, 16, 8, 4))[0]
    return dice.choices(("70", "60", "40", "31", "21", "14"), (18, 16, 14, 24, 24, 4))[0]


def work(age: int, woman: bool, dice: Random) -> str:
    """What somebody of an age does (GB/T 2261.4)."""
    if 6 < age < 20:
        return "31"
    if age < 7:
        return ""
    if age >= (55 if woman else 60):
        return "80"
    return dice.choices(
        ("17", "24", "13", "54", "51", "21", "70", "11"), (30, 22, 14, 12, 9, 6, 5, 2)
    )[0]
