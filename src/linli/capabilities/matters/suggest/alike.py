"""Whether two short texts tell of the same thing at the same place, and tokens to find them by."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from linli.capabilities.matters.suggest.text import plain

MOST_TOKENS = 64
LONGEST_TOKEN = 16
_GAP = re.compile(r"(?<![a-z0-9])\s+|\s+(?![a-z0-9])")
_STOP = (
    "一个 我们 你们 他们 这个 那个 没有 有人 已经 现在 什么 怎么 可以 不能 因为 所以 请问 你好 您好 "
    "尊敬 谢谢 感谢 希望 领导 我是 的人 了一 是一 都是 还是 还有 但是 如果 就是 不是 是不 也不 一直 "
    "很多 非常 反映 问题 情况 处理 解决 帮忙 麻烦 有关 部门 相关 居民 小区 社区 这里 那里 里的"
)
STOP_BIGRAMS = frozenset(_STOP.split())
_FILLER = re.compile(
    r"你好|您好|请问|尊敬的?|领导|麻烦|希望|谢谢|感谢|反映|一直|已经|现在|我们|有关部门|相关部门|请?尽快|帮忙|"
    r"(?:的|了|吗|啊|呢|吧|呀|都|很|就|也|又|还)+"
)
_WORDS = re.compile(r"[\u3400-\u9fff\U00020000-\U0003134f]+|[a-z0-9]+")
_TENS = re.compile(
    r"([一二三四五六七八九]?)十([一二三四五六七八九]?)(?=号|栋|幢|单元|楼|室|组|期|弄|巷|路)"
)
_ONE = re.compile(r"([一二三四五六七八九])(?=号|栋|幢|单元|组|期|弄)")
_PLACE = re.compile(r"(\d+|(?<![a-z])[a-z])(?:号)?(楼|栋|幢|座|单元|室|弄|组|期|号)")
_DIGIT = {c: str(n) for n, c in enumerate("零一二三四五六七八九")}
_BLOCK = {"栋": "楼", "幢": "楼", "座": "楼"}
_ELSEWHERE = 0.25  # what is left of a likeness when the named numbers contradict


def _ten(found: re.Match[str]) -> str:
    return (_DIGIT[found[1]] if found[1] else "1") + (_DIGIT[found[2]] if found[2] else "0")


def _numbered(text: str) -> str:
    """Plain text with 三号楼 and 十二栋 in figures."""
    return _ONE.sub(lambda found: _DIGIT[found[1]], _TENS.sub(_ten, plain(text)))


def _bigrams(text: str) -> list[str]:
    out: list[str] = []
    for run in _WORDS.findall(text):
        if run.isascii() or len(run) == 1:
            out.append(run)
        else:
            out.extend(run[at : at + 2] for at in range(len(run) - 1))
    return out


def _spoken(text: str) -> str:
    """The text for an index: what is Latin keeps its spaces, so that its words stay apart."""
    folded = unicodedata.normalize("NFKC", text).lower()
    return _ONE.sub(lambda found: _DIGIT[found[1]], _TENS.sub(_ten, _GAP.sub("", folded)))


def _indexed(text: str) -> list[str]:
    return list(dict.fromkeys(token[:LONGEST_TOKEN] for token in _bigrams(_spoken(text))))


def tokens(text: str) -> list[str]:
    """At most 64 bigrams and Latin words in order of first mention, for an inverted index (text[] under GIN)."""
    return [token for token in _indexed(text) if token not in STOP_BIGRAMS][:MOST_TOKENS]


def query_tokens(text: str) -> list[str]:
    """Tokens to ask the index with; stop bigrams stay when nothing else was typed."""
    return tokens(text) or _indexed(text)[:MOST_TOKENS]


@lru_cache(maxsize=8_192)
def _parts(text: str) -> tuple[frozenset[str], dict[str, frozenset[str]]]:
    """Bigrams of what is told, and the numbers of each kind of place."""
    numbered = _numbered(text)
    places: dict[str, set[str]] = {}
    for number, kind in _PLACE.findall(numbered):
        places.setdefault(_BLOCK.get(kind, kind), set()).add(number)
    told = _FILLER.sub("", _PLACE.sub("，", numbered))
    return frozenset(_bigrams(told)), {k: frozenset(v) for k, v in places.items()}


def _weight(found: frozenset[str]) -> float:
    return sum(0.3 if token in STOP_BIGRAMS else 1.0 for token in found)


def similarity(a: str, b: str) -> float:
    """Likeness of two texts from 0 to 1, the same both ways; other building numbers are another place."""
    (left, there), (right, here) = _parts(a), _parts(b)
    small, large = sorted((_weight(left), _weight(right)))
    if not small:
        return 1.0 if plain(a) and plain(a) == plain(b) else 0.0
    shared = _weight(left & right)
    held, joint = shared / small, shared / (small + large - shared)
    # one shared word must not make a two-character text the same as a long one
    likeness = 0.5 * joint + 0.5 * held * min(1.0, small / 4.0)
    apart = any(kind in here and not (here[kind] & there[kind]) for kind in there)
    return likeness * _ELSEWHERE if apart else likeness


def lookalikes(
    text: str, candidates: Iterable[str], floor: float = 0.35
) -> list[tuple[int, float]]:
    """(place among the candidates, likeness) of those at or above the floor, the likest first."""
    scored = [(at, similarity(text, other)) for at, other in enumerate(candidates)]
    return sorted(
        (pair for pair in scored if pair[1] >= floor), key=lambda pair: (-pair[1], pair[0])
    )
