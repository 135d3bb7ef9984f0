"""Who lives with whom: households of seven shapes, ages that fit, twins and namesakes on purpose."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.random import Generator
from numpy.typing import NDArray

from linli.capabilities.registry.synthetic.names import Names

HEAD, SPOUSE, CHILD, SECOND, MOTHER = range(5)
_SHAPES = (
    (HEAD,),
    (HEAD, SPOUSE),
    (HEAD, SPOUSE, CHILD),
    (HEAD, SPOUSE, CHILD, SECOND),
    (HEAD, SPOUSE, CHILD, MOTHER),
    (HEAD, CHILD),
    (HEAD, SPOUSE, MOTHER),
)
_SHARES = (0.20, 0.25, 0.26, 0.12, 0.08, 0.06, 0.03)
THIS_YEAR = 2026
NAMESAKES = 0.002
TWINS = 0.1  # of the households with two children
Ints = NDArray[np.int64]


@dataclass(slots=True)
class People:
    """One array a column; `household` counts from 0, `born` is days since 1970."""

    household: Ints
    role: Ints
    woman: NDArray[np.bool_]
    born: Ints
    surname: Ints
    first: Ints
    second: Ints
    twin: NDArray[np.bool_]
    namesake: NDArray[np.bool_]

    @property
    def year(self) -> Ints:
        """Year of birth."""
        return _year(self.born)


def _year(days: Ints) -> Ints:
    return days.astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64) + 1970


def _members(dice: Generator, people: int) -> tuple[Ints, Ints]:
    """Household and role of every person."""
    sizes = np.array([len(shape) for shape in _SHAPES])
    count = int(people / float((sizes * _SHARES).sum()) * 1.05) + 20
    shape = dice.choice(len(_SHAPES), count, p=_SHARES)
    size = sizes[shape]
    household = np.repeat(np.arange(count), size)
    slot = np.arange(len(household)) - np.repeat(np.cumsum(size) - size, size)
    table = np.array([[*s, *([0] * (4 - len(s)))] for s in _SHAPES])
    role = table[shape[household], slot]
    return household[:people], role[:people]


def _ages(dice: Generator, household: Ints, role: Ints) -> Ints:
    """Year of birth of every person, fitting to the head of the household."""
    head = THIS_YEAR - dice.integers(27, 84, household[-1] + 1)
    shift = np.select(
        [role == SPOUSE, (role == CHILD) | (role == SECOND), role == MOTHER],
        [
            dice.integers(-4, 5, len(role)),
            dice.integers(22, 33, len(role)),
            -dice.integers(21, 31, len(role)),
        ],
        0,
    )
    years: Ints = np.clip(head[household] + shift, 1920, THIS_YEAR - 1)
    return years


def _days(dice: Generator, year: Ints) -> Ints:
    first = (year - 1970).astype("datetime64[Y]").astype("datetime64[D]").astype(np.int64)
    days: Ints = first + dice.integers(0, 365, len(year))
    return days


def _sexes(dice: Generator, household: Ints, role: Ints) -> NDArray[np.bool_]:
    head = dice.random(household[-1] + 1) < 0.3
    woman = np.where(role == SPOUSE, ~head[household], head[household])
    child = (role == CHILD) | (role == SECOND)
    woman = np.where(child, dice.random(len(role)) < 0.48, woman)
    return np.where(role == MOTHER, True, woman)


def _twins(dice: Generator, people: People, characters: int) -> None:
    """Some second children are born on the day of the first, with another given name."""
    second = np.flatnonzero(people.role == SECOND)
    second = second[dice.random(len(second)) < TWINS]
    people.born[second] = people.born[second - 1]
    people.twin[second] = people.twin[second - 1] = True
    alike = second[dice.random(len(second)) < 0.6]  # twins often share a character
    people.first[alike] = people.first[alike - 1]
    same = second[
        (people.first[second] == people.first[second - 1])
        & (people.second[second] == people.second[second - 1])
    ]
    people.second[same] = (people.second[same] + 1) % characters


def _namesakes(dice: Generator, people: People) -> None:
    """Some grown-ups share name, sex and birthday with somebody of another household."""
    grown = np.flatnonzero((people.role == HEAD) | (people.role == SPOUSE))
    pairs = min(int(len(people.role) * NAMESAKES / 2) + 1, len(grown) // 2)
    drawn = dice.choice(grown, 2 * pairs, replace=False)
    one, other = drawn[:pairs], drawn[pairs:]
    apart = people.household[one] != people.household[other]
    one, other = one[apart], other[apart]
    for column in (people.woman, people.born, people.surname, people.first, people.second):
        held: NDArray[Any] = column
        held[other] = held[one]
    people.namesake[one] = people.namesake[other] = True


def settle(dice: Generator, count: int, names: Names) -> People:
    """So many people in households."""
    household, role = _members(dice, count)
    woman = _sexes(dice, household, role)
    year = _ages(dice, household, role)
    families = names.families(dice, int(household[-1]) + 1)
    own = names.families(dice, count)
    shared = (role == HEAD) | (role == CHILD) | (role == SECOND)
    first, second = names.given(dice, woman, year)
    none = np.zeros(count, dtype=bool)
    people = People(
        household=household,
        role=role,
        woman=woman,
        born=_days(dice, year),
        surname=np.where(shared, families[household], own),
        first=first,
        second=second,
        twin=none.copy(),
        namesake=none.copy(),
    )
    _twins(dice, people, len(names.characters))
    _namesakes(dice, people)
    return people


WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def numbers(prefix: Ints, people: People) -> pl.Series:
    """An ID number for each: made up, with right check digits, no two alike."""
    frame = pl.DataFrame({"p": prefix, "d": people.born, "w": people.woman})
    rank = frame.select(pl.int_range(pl.len()).over("p", "d", "w")).to_series().to_numpy()
    start = (people.born * 37) % 400
    sequence = ((start + rank) % 490) * 2 + np.where(people.woman, 2, 1)
    day = people.born.astype("datetime64[D]")
    month = day.astype("datetime64[M]")
    months = month.astype(np.int64)
    written = (months // 12 + 1970) * 10000 + (months % 12 + 1) * 100
    written += (day - month.astype("datetime64[D]")).astype(np.int64) + 1
    first = prefix * 10**11 + written * 1000 + sequence
    total = np.zeros(len(first), dtype=np.int64)
    for at, weight in enumerate(WEIGHTS):
        total += first // 10 ** (16 - at) % 10 * weight
    check = pl.Series(list("10X98765432")).gather(total % 11)
    return pl.select(pl.concat_str(pl.Series(first).cast(pl.String), check)).to_series()
