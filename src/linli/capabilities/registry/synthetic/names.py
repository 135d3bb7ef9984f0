"""Names by frequency: from lists that an installation has beside it, else from a short list of our own."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from numpy.random import Generator
from numpy.typing import NDArray

_SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
    "苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾"
)
_MEN = "伟强磊军洋勇杰涛明超刚平建文斌宇浩凯健俊帆志远成国庆海龙飞鹏辉鑫淼森林安然博睿"
_WOMEN = "芳娜敏静丽艳秀霞桂英华玉兰萍红雪晨倩颖慧欣怡佳宁思雨桐燕春梅秋菊月云乐清和子涵"
DECADES = (1960, 1970, 1980, 1990, 2000)  # a list of given names begins anew in each of these years


@dataclass(frozen=True, slots=True)
class Names:
    """Surnames and the characters of given names, each with its share; `given[sex][age group]`."""

    surnames: pl.Series
    surname_share: NDArray[np.float64]
    characters: pl.Series
    shares: tuple[tuple[NDArray[np.float64], ...], tuple[NDArray[np.float64], ...]]

    def families(self, dice: Generator, count: int) -> NDArray[np.int64]:
        """Surnames of so many families, as positions."""
        return dice.choice(len(self.surnames), count, p=self.surname_share)

    def given(
        self, dice: Generator, woman: NDArray[np.bool_], year: NDArray[np.int64]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """First and second character of each given name, as positions; -1 where there is no second."""
        first = np.zeros(len(woman), dtype=np.int64)
        second = np.full(len(woman), -1, dtype=np.int64)
        group = np.searchsorted(np.array(DECADES), year, side="right")
        for sex in (0, 1):
            for each in range(len(DECADES) + 1):
                here = np.flatnonzero((woman == bool(sex)) & (group == each))
                share = self.shares[sex][each]
                first[here] = dice.choice(len(share), len(here), p=share)
                two = here[dice.random(len(here)) < (0.72 if each < 3 else 0.86)]
                second[two] = dice.choice(len(share), len(two), p=share)
        return first, second

    def spell(self, *parts: NDArray[np.int64]) -> pl.Series:
        """Surname, first and second character as names."""
        surname, first, second = parts
        frame = pl.DataFrame(
            {
                "s": self.surnames.gather(surname),
                "f": self.characters.gather(first),
                "g": self.characters.gather(np.maximum(second, 0)),
                "two": second >= 0,
            }
        )
        last = pl.when("two").then("g").otherwise(pl.lit(""))
        return frame.select(pl.concat_str("s", "f", last).alias("name"))["name"]


def _share(values: NDArray[Any]) -> NDArray[np.float64]:
    known = np.nan_to_num(np.asarray(values, dtype=np.float64))
    whole: NDArray[np.float64] = known / known.sum()
    return whole


def _zipf(count: int) -> NDArray[np.float64]:
    return _share(1.0 / np.arange(2, count + 2))


def _own() -> Names:
    characters = list(dict.fromkeys(_MEN + _WOMEN))
    men = _share(np.array([1.0 if c in _MEN else 0.05 for c in characters]))
    women = _share(np.array([1.0 if c in _WOMEN else 0.05 for c in characters]))
    groups = len(DECADES) + 1
    return Names(
        pl.Series(list(_SURNAMES)),
        _zipf(len(_SURNAMES)),
        pl.Series(characters),
        ((men,) * groups, (women,) * groups),
    )


def read_names(folder: Path | None) -> Names:
    """Frequencies from `familyname.csv` and `givenname.csv` of a folder; without them a short list of ours."""
    if folder is None or not (folder / "givenname.csv").exists():
        return _own()
    families = pl.read_csv(folder / "familyname.csv", null_values="NA")
    given = pl.read_csv(folder / "givenname.csv", null_values="NA", infer_schema_length=None)
    men = given["n.male"].to_numpy() + 1
    women = given["n.female"].to_numpy() + 1
    columns = [name for name in given.columns if name.startswith("ppm.")]
    eras = [given[name].fill_null(0).to_numpy() for name in columns]
    by_era = [[_share(era * sex / (men + women)) for era in eras] for sex in (men, women)]
    return Names(
        families["surname"],
        _share(families["n.1930_2008"].to_numpy()),
        given["character"],
        (tuple(by_era[0]), tuple(by_era[1])),
    )
