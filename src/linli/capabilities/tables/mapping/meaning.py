"""A proposal for one field of a form, and the proposals for a whole region (pure)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from linli.capabilities.tables.reading.shapes import Field, Region
from linli.ui.spoken import Spoken

SURE = 0.9  # from here on a field is filled without asking
TAKEN = 0.65  # from here on a meaning is proposed; below, it is only offered

WHY: Mapping[str, Spoken] = {
    "number": Spoken("行的编号"),
    "part": Spoken("地址的一部分"),
    "count": Spoken("由登记数据计数"),
    "kept": Spoken("本部门以前确认过"),
    "family": Spoken("“%(group)s”的信息"),
    "values": Spoken("填的内容像“%(title)s”"),
    "unlike": Spoken("名称像“%(title)s”，内容或选项却不像"),
    "whose": Spoken("前一列是另一个人，说不准是谁的"),
    "twice": Spoken("同一个意思有两列"),
    "vague": Spoken("名称相同，但这张表说的可能是另一回事"),
    "tag": Spoken("是否有标签“%(title)s”"),
    "sum": Spoken("旁边几列相加：%(names)s"),
    "none": Spoken("字典里没有相近的名称"),
}


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a field is taken to mean.

    `element`: a code of the dictionary, `#` for the numbering, a count such as `count.person[sex=1]`, `area`,
    `line` or `total` in statistics, `+` for the sum of the columns whose places are `adds`; empty where nothing fits.
    `part`: which part of an address, or which tag.
    """

    field: Field
    element: str = ""
    confidence: float = 0.0
    why: str = ""
    part: str = ""
    offers: tuple[str, ...] = ()
    adds: tuple[int, ...] = ()

    @property
    def sure(self) -> bool:
        """Whether it may be filled without asking."""
        return bool(self.element) and self.confidence >= SURE

    @property
    def taken(self) -> str:
        """The element that is proposed; empty where none is near enough."""
        return self.element if self.confidence >= TAKEN else ""


@dataclass(frozen=True, slots=True)
class Mapped:
    """A region with what its rows are (`kind`) and what each of its fields means."""

    region: Region
    kind: str
    meanings: tuple[Meaning, ...]
    lines: tuple[Meaning, ...] = ()
