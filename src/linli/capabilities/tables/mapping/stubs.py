"""The first columns of a table that counts: whether its rows are places, and which (pure)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import takewhile

from linli.capabilities.tables.mapping.counting import count_of
from linli.capabilities.tables.reading.lists import number_column
from linli.capabilities.tables.reading.shapes import Region
from linli.kernel.dictionary.headings import Match, bare, normal

STUB_AREA = frozenset(map(normal, ("社区", "社区名称", "街道", "乡镇", "村", "村居", "村（社区）", "网格", "网格名称", "地区", "区域", "辖区", "单位", "单位名称", "所属社区", "镇街")))  # fmt: skip
# Of these the rows of a list are, one each: communities or their grids.
_STUB_ROW = STUB_AREA - frozenset(
    map(normal, ("街道", "乡镇", "镇街", "地区", "区域", "单位", "单位名称"))
)
_NAMES_ROW = re.compile(r"^(?!area\.).*(name|document|number|room|code|uscc)$")


def counts_places(
    region: Region, exact: Sequence[Sequence[Match]], tags: Mapping[str, str]
) -> bool:
    """Whether each row of a list is a place that its first columns name, and most of the others count what is there."""
    asked = [
        (each, [match.element for match in found if match.score >= 0.95])
        for each, found in zip(region.fields, exact, strict=True)
        if not number_column(each.path)
    ]
    stub = list(takewhile(lambda one: bare(one[0].path[-1]) in STUB_AREA, asked))
    rest = asked[len(stub) :]
    if not stub or bare(stub[-1][0].path[-1]) not in _STUB_ROW:
        return False
    named = any(_NAMES_ROW.search(one.code) for _field, found in rest for one in found)
    counts = sum(bool(count_of(each.path, tags)) for each, _found in rest)
    return not named and counts >= max(2, 0.5 * len(rest))
