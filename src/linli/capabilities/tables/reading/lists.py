"""Lists and tables of statistics: what lies below a block of headings, and where it ends."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from linli.capabilities.tables.reading.grid import Grid, Slot, is_hint, is_sample, tidy
from linli.capabilities.tables.reading.groups import groups_of
from linli.capabilities.tables.reading.heads import Head, Score, find_head, known
from linli.capabilities.tables.reading.shapes import Book, Box, Field, Line, Look, Region, Shape
from linli.kernel.dictionary.rows import TOTAL

_END = re.compile(TOTAL)
_PART = "小计"
_SIGNED = re.compile(
    r"^(填表|制表|填报|审核|负责人|经办|联系人|单位负责人|统计负责人|备注[:：]|注[:：]|说明[:：]|\(?注)"
)
_WHEN = re.compile(
    r"^(填表|填报|制表|上报|报送|登记)?(日期|时间)$|^(主管|分管|单位)?领导(签字|审核)?$|^复核人?$|^(社区|单位|街道)?\(?(盖章|公章)\)?$"
)
_NUMBER = re.compile(r"^(序号|序|编号|No\.?|№|行次|#)$", re.I)
_STUB = re.compile(
    r"^(项目|指标|指标名称|类别|分类|名称|社区|社区名称|街道|乡镇|村|村居|村（居）|网格|网格名称|地区|区域|辖区|人员类别|统计项目|年龄段?|年龄(结构|分组|组别|层次)|性别|文化程度|学历|民族|人群(类别|分类)|对象类别|困难类型|内容|单位|单位名称|)$"
)
_COUNT = re.compile(
    r"(数|数[量值据目]|人|户|率|比|%|男|女|计|额|岁|个|面积|人口)[(（]?[^)）]*[)）]?$"
)
UNIT = re.compile(
    r"^(.*?)[(（\[]\s*(?:单位[:：])?(元/月|元/人|元/年|万元|元|人次|人|户|个|套|栋|幢|名|家|处|所|件|辆|具|只|条|台|份|间|层|张|支|㎡|平方米|平米|平方公里|m2|m²|亩|公里|小时|周岁|岁|%|％|次|天|年|月|厘米|cm|米|公斤|kg)\s*[)）\]]$"
)
_REMARK = re.compile(r"[(（].*?[)）]")
# Whoever asks these asks about people, one row each, and counts nobody.
_PERSON = re.compile(r"^.{0,4}姓名$|^(公民)?身份(证件?)?号码?$|^证件号码$")
_MEASURED = re.compile(r"^(计量|统计)?单位$")  # in what a line counts, no part of its name
_BLANK_ROWS = 3


@dataclass(slots=True)
class Body:
    """The rows below headings, sorted: blank ones, data, hints, samples; and the first row that is no more of them."""

    blank: list[int] = field(default_factory=list)
    data: list[int] = field(default_factory=list)
    hints: list[int] = field(default_factory=list)
    samples: list[int] = field(default_factory=list)
    total: int = 0
    end: int = 0


def read_list(grid: Grid, book: Book, head: Head, score: Score) -> Region:
    """The list or table of statistics below a block of headings."""
    body = _body(grid, head, score)
    stub = _stub(grid, head, body)
    fields = tuple(
        field_
        for at, column in enumerate(head.columns)
        if (field_ := _field(grid, book, head, body, column, head.paths[at])) is not None
    )
    shape = Shape.STATISTICS if stub else Shape.LIST
    rows = sorted(body.blank + body.data + body.samples)
    told = sorted({*body.blank, *body.data})
    lines = _lines(grid, head, told, stub, body.total) if stub else ()
    groups = () if stub or body.samples or body.hints else groups_of(grid, head, told)
    kept = max(body.data, default=head.bottom)
    first = min((row for row in body.blank + body.samples if row > kept), default=kept + 1)
    if body.hints and not body.data:
        first = max(first, max(body.hints) + 1)
    last = max((row for row in rows if row >= first), default=first - 1)
    return Region(
        shape,
        grid.sheet.name,
        Box(head.top, head.left, max([head.bottom, last, *rows]), head.right),
        fields,
        (head.top, head.bottom),
        (first, last),
        len(body.data),
        tuple(body.samples),
        tuple(body.hints),
        lines,
        groups,
    )


def signs(label: str) -> bool:
    """Whether a label below a list adds it up or says who signs it."""
    plain = tidy(label).replace(" ", "")
    return bool(_END.match(plain) or _SIGNED.match(plain) or _WHEN.match(plain))


def number_column(path: tuple[str, ...]) -> bool:
    """Whether a column only counts the rows."""
    return bool(path) and bool(_NUMBER.match(path[-1].replace(" ", "")))


def _inside(slot: Slot, head: Head) -> bool:
    return head.left <= slot.box.left <= head.right


def _body(grid: Grid, head: Head, score: Score) -> Body:
    found = Body()
    row, empty = head.bottom + 1, 0
    last = max(grid.sheet.last, max(grid.sheet.styled, default=0))
    side = grid.slot(head.top, head.left - 1)
    beside = bool(side.text) and side.box.bottom > head.bottom
    if beside:
        last = side.box.bottom  # what is named down the side ends there
    while row <= last:
        slots = [
            slot for slot in grid.row(row) if _inside(slot, head) and (slot.text or slot.formula)
        ]
        if not slots and not beside and grid.drawn(row) is False:
            empty += 1
            if empty >= _BLANK_ROWS:
                break
        elif _ends(grid, head, row, slots, score, found):
            break
        else:
            empty = 0
            _sort(grid, head, row, slots, found)
        row += 1
    found.end = row
    return found


def _ends(grid: Grid, head: Head, row: int, slots: list[Slot], score: Score, found: Body) -> bool:
    """Whether a row is no more of the list: a total, signatures, a note, a title, other headings."""
    if not slots:
        return False
    first = tidy(slots[0].text).replace(" ", "")
    if first == _PART and _goes_on(grid, head, row + 1):
        return False
    if _END.match(first) or _SIGNED.match(first):
        if not _SIGNED.match(first):
            if not found.blank and not found.data and _goes_on(grid, head, row + 1):
                return False  # the total stands above what it sums up
            found.total = row
        return True
    if len(slots) == 1 and (slots[0].box.width >= _most(head) or _one_thing(grid, head, row)):
        return True
    return _begins_another(grid, head, row, score)


def _most(head: Head) -> float:
    return max(2, 0.6 * len(head.paths))


def _one_thing(grid: Grid, head: Head, row: int) -> bool:
    """Whether one blank cell lies below most headings, so that its row asks one thing alone: 备注 below the family."""
    for slot in grid.row(row):
        if slot.blank and slot.box.top == slot.box.bottom and slot.box.width >= _most(head):
            columns = range(max(slot.box.left, head.left), min(slot.box.right, head.right) + 1)
            return len({grid.slot(head.bottom, column).box for column in columns}) > 1
    return False


def _begins_another(grid: Grid, head: Head, row: int, score: Score) -> bool:
    """Whether other headings begin at a row; names of a line with room for its figures are none."""
    another = find_head(grid, row, score)
    if another is None or another.left != head.left and another.left < head.left:
        return False
    room = [slot for slot in grid.row(row) if another.right < slot.box.left <= head.right]
    if len(room) > 1 and not any(slot.text for slot in room):
        return False
    return known(another.paths, score) >= max(2, len(another.paths) * 0.4)


def _goes_on(grid: Grid, head: Head, row: int) -> bool:
    """Whether another line stands below a subtotal."""
    below = tidy(grid.slot(row, head.left).text).replace(" ", "")
    return bool(below) and not _SIGNED.match(below)


def _sort(grid: Grid, head: Head, row: int, slots: list[Slot], found: Body) -> None:
    told = [slot for slot in slots if not slot.blank or slot.formula]
    filled = [slot for slot in told if not slot.formula and not _counts(head, slot)]
    if told and is_sample(told[0].text) and not is_hint(" ".join(slot.text for slot in told[1:3])):
        found.samples.append(row)
    elif not filled:
        found.blank.append(row)
    elif not found.data and sum(is_hint(slot.text) for slot in filled) >= max(1, 0.3 * len(filled)):
        found.hints.append(row)
    else:
        found.data.append(row)


def _counts(head: Head, slot: Slot) -> bool:
    path = head.paths[slot.box.left - head.left]
    return number_column(path)


def _stub(grid: Grid, head: Head, body: Body) -> int:
    """How many columns on the left name the lines of a table of statistics; 0: it is a list."""
    rows = [row for row in body.blank + body.data if row not in body.samples]
    asked = [path[-1].replace(" ", "") for path in head.paths if path]
    if len(rows) < 2 or not head.paths or any(map(_PERSON.match, asked)):
        return 0
    width = 0
    for at, column in enumerate(head.columns):
        texts = [grid.slot(row, column) for row in rows]
        named = sum(slot.label and not slot.formula for slot in texts)
        if number_column(head.paths[at]):
            width += 1
            continue
        if named < 0.8 * len(rows):
            break
        width += 1
    if (
        not width
        or width >= len(head.paths)
        or all(number_column(path) for path in head.paths[:width])
    ):
        return 0
    rest = [
        grid.slot(row, column)
        for row in rows
        for column in range(head.left + width, head.right + 1)
    ]
    plain = sum(slot.blank or slot.value for slot in rest) >= 0.8 * len(rest)
    titles = [
        _REMARK.sub("", path[-1]).replace(" ", "") if path else "" for path in head.paths[:width]
    ]
    counted = sum(bool(path) and bool(_COUNT.search("".join(path))) for path in head.paths[width:])
    named_so = any(_STUB.match(title) for title in titles)
    return (
        width
        if plain and (named_so and counted >= 1 or counted >= 0.6 * (len(head.paths) - width))
        else 0
    )


def _lines(grid: Grid, head: Head, rows: list[int], stub: int, total: int) -> tuple[Line, ...]:
    found = []
    for row in [*rows, *([total] if total else [])]:
        path: list[str] = []
        for column in range(head.left, head.left + stub):
            text = grid.slot(row, column).text
            heading = head.paths[column - head.left]
            if number_column(heading) or heading and _MEASURED.match(heading[-1]):
                continue
            if text and text not in path:
                path.append(text)
        if path:
            found.append(Line(tuple(path), row, _stands_in(grid, head, row, path[-1])))
    return tuple(found)


def _stands_in(grid: Grid, head: Head, row: int, name: str) -> int:
    """How many blanks stand before the name of a line."""
    cells = (grid.sheet.cells.get((row, column)) for column in range(head.left, head.right + 1))
    raw = next((cell.text for cell in cells if cell and tidy(cell.text) == name), "")
    return len(raw) - len(raw.lstrip(" \u3000\xa0"))


def _field(
    grid: Grid, book: Book, head: Head, body: Body, column: int, path: tuple[str, ...]
) -> Field | None:
    if not path:
        return None
    plain, unit = without_unit(path)
    first = min(body.blank + body.samples + body.data, default=head.bottom + 1)
    here = [grid.sheet.cells.get((row, column)) for row in (body.data + body.samples)[:60]]
    slot = grid.slot(first, column)
    if slot.box.left < column:
        return None  # its cells are one with those to the left
    look = book.looks.get(slot.style, Look())
    choices, prompt = rules_of(grid, first, column)
    hints = [grid.slot(row, column).text for row in body.hints]
    return Field(
        plain,
        Box(first, column, first, column),
        unit,
        choices,
        values=tuple(cell.text.strip() for cell in here if cell and cell.text.strip()),
        hint=" ".join([*filter(None, hints), prompt]).strip(),
        form=look.form,
        day=look.day,
        formula=bool(slot.formula),
        hidden=column in grid.sheet.hidden_columns,
    )


def without_unit(path: tuple[str, ...]) -> tuple[tuple[str, ...], str]:
    """A path of headings and the unit that its last one names in brackets."""
    found = UNIT.match(path[-1])
    if found and found[1]:
        return (*path[:-1], found[1]), found[2]
    return path, ""


def rules_of(grid: Grid, row: int, column: int) -> tuple[tuple[str, ...], str]:
    """The choices and the prompt that a validation gives a cell."""
    for rule in grid.sheet.rules:
        if any(box.holds(row, column) for box in rule.boxes):
            return rule.choices, rule.prompt
    return (), ""
