"""What became of a form: for each field the cells filled, and the blank ones by what left them blank (pure)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from linli.ui.spoken import Spoken

WHY = {
    "unknown": Spoken("字典里没有"),
    "unsure": Spoken("没有把握，请先确认"),
    "hidden": Spoken("隐藏的列"),
    "formula": Spoken("表里有公式"),
    "locked": Spoken("受保护的单元格"),
    "absent": Spoken("登记库里没有这一项"),
    "card": Spoken("一人一表，请选定一个人"),
    "whom": Spoken("标题说的是一部分人或户，登记里分不出是哪些"),
    "empty": Spoken("没有登记"),
    "summand": Spoken("要相加的列没有全部填上"),
    "unfit": Spoken("登记的内容不在表里的选项中"),
    "stranger": Spoken("表里写好的这个人，这个范围里没有登记，或不止一个"),
    "group": Spoken("表按地方分了组，登记里分不出各组是哪些人"),
    "outside": Spoken("所在的社区或网格表上没有写，没有填进去"),
    "line": Spoken("这个范围里没有这一行说的地方或人群"),
}
# A cell that is left blank for these reasons could not have been filled by anybody who knows only what is held.
HONEST = frozenset({"empty", "unfit", "line", "stranger", "outside"})


@dataclass(slots=True)
class Told:
    """What became of one field: the cells filled, the blank ones by cause, or why the whole field was left."""

    label: str
    element: str
    filled: int = 0
    blanks: Counter[str] = field(default_factory=Counter)
    left: str = ""

    @property
    def blank(self) -> int:
        """The cells that stay blank although the field is mapped."""
        return self.blanks.total()

    @property
    def asked(self) -> int:
        """The cells of the field."""
        return self.filled + self.blank

    @property
    def why(self) -> str:
        """Why the whole field was left, in the reader's words."""
        return str(WHY[self.left]) if self.left else ""


@dataclass(slots=True)
class Report:
    """What became of a form: for each region its sheet, title, rows and fields."""

    regions: list[tuple[str, str, int, list[Told]]] = field(default_factory=list)
    scope: str = ""
    warnings: list[str] = field(default_factory=list)

    @property
    def fields(self) -> Iterator[Told]:
        """Every field of every region."""
        return (told for _sheet, _title, _rows, each in self.regions for told in each)

    @property
    def filled(self) -> int:
        """All cells that were filled."""
        return sum(told.filled for told in self.fields)

    @property
    def blank(self) -> int:
        """All cells of mapped fields that stay blank."""
        return sum(told.blank for told in self.fields)

    @property
    def blanks(self) -> Counter[str]:
        """The blank cells by cause."""
        found: Counter[str] = Counter()
        for told in self.fields:
            found.update(told.blanks)
        return found

    @property
    def asked(self) -> int:
        """The cells of mapped fields that are free to be filled."""
        return self.filled + self.blank

    @property
    def share(self) -> float:
        """Filled of what could honestly be filled: cells whose value nobody holds do not count; 1 where none is asked."""
        honest = sum(many for cause, many in self.blanks.items() if cause in HONEST)
        return self.filled / (self.asked - honest) if self.asked > honest else 1.0
