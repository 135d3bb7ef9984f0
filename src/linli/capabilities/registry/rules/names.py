"""How names are sorted: a key in pinyin (pure)."""

from __future__ import annotations

from functools import lru_cache

from pypinyin import lazy_pinyin

# Characters that are read otherwise where they are surnames.
_SURNAMES = {
    "曾": "zeng",
    "单": "shan",
    "解": "xie",
    "仇": "qiu",
    "区": "ou",
    "查": "zha",
    "朴": "piao",
    "盖": "ge",
    "覃": "qin",
    "任": "ren",
    "翟": "zhai",
    "华": "hua",
    "燕": "yan",
    "种": "chong",
}
KEY_MOST = 80


@lru_cache(maxsize=30_000)
def _sound(character: str) -> str:
    return lazy_pinyin(character)[0].lower()


def sort_key(name: str) -> str:
    """The key that sorts names as people expect: 李建国 → li jian guo."""
    if not name:
        return ""
    first = _SURNAMES.get(name[0]) or _sound(name[0])
    return " ".join([first, *(_sound(each) for each in name[1:])])[:KEY_MOST]
