"""Every list, card and table of statistics on a sheet, from top to bottom, with titles and notes around them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from linli.capabilities.tables.reading.cards import card_fields, inline_fields, span
from linli.capabilities.tables.reading.formulas import circular
from linli.capabilities.tables.reading.grid import Grid
from linli.capabilities.tables.reading.heads import Head, Score, beside, find_head, known
from linli.capabilities.tables.reading.lists import read_list, signs
from linli.capabilities.tables.reading.shapes import Book, Field, Form, Region, Shape, Sheet
from linli.kernel.dictionary.rows import KNOWN
from linli.ui.spoken import Spoken

CIRCULAR = Spoken(
    "工作表“%(sheet)s”的公式互相引用成了圈，算不出结果；填表不改公式，请向发表单位核对。"
)
_UNIT = re.compile(
    r"单位[:：]\s*((?:人|户|个|元|万元|套|平方米|㎡|岁|次|家|所)(?:[、,，/](?:人|户|个|元|万元|套|平方米|㎡|岁|次|家|所))*)"
)
# What stands above a form and is no title: its place among papers, who fills it in, for whose eyes it is.
_ABOUT = re.compile(
    r"^\(?(附件|附表|附)\s*[0-9一二三四五六七八九十]*[::.、\-]*[0-9]*\)?[:]?$|^(表|样表|内部资料|秘密|机密)[0-9一二三四五六七八九十]*[:]?$"
    r"|^(填报|填表|报送|编制|制表|上报)?(单位|时间|日期|人|部门)(\(盖章\)|\(公章\))?(:.*)?$"
)
# What a card above a list asks when it is about somebody or something of its own, whose family or staff the list is.
_OF_SOMEBODY = re.compile(
    r"姓名|户主|证件|身份证|住址|地址|户编?号|门牌|房号|楼栋|对象|申请人|申报人|业主|房东|老人|儿童|患者"
    r"|企业|商户|店名|单位名称|信用代码|执照|法人|法定代表|小区名称|组织名称|项目名称"
)
_ABOVE_MOST = 10  # labels that say who fills a form in, where, when
_LINES = 200  # rows that are looked at for lines to write on
_NAME = re.compile(r"姓名$|^申请人$|^户主$|^本人$")


@dataclass(slots=True)
class _Walk:
    """What was met so far on a sheet, walking down."""

    regions: list[Region] = field(default_factory=list)
    above: list[str] = field(default_factory=list)
    card: list[Field] = field(default_factory=list)
    card_top: int = 0
    card_bottom: int = 0


def read_form(book: Book, score: Score) -> Form:
    """Every region of every visible sheet; `score` says how well the dictionary knows a name (0..1)."""
    found: list[Region] = []
    warnings = list(book.warnings)
    for sheet in book.sheets:
        if not sheet.hidden:
            found += read_sheet(book, sheet, score)
            formulas = {place: cell.formula for place, cell in sheet.cells.items() if cell.formula}
            if circular(formulas):
                warnings.append(str(CIRCULAR % {"sheet": sheet.name}))
    return Form(
        book.kind, tuple(found), tuple(sheet.name for sheet in book.sheets), tuple(warnings)
    )


def read_sheet(book: Book, sheet: Sheet, score: Score) -> list[Region]:
    """The regions of one sheet in their order."""
    grid, walk = Grid(sheet), _Walk()
    row, last = 1, sheet.last
    while row <= last:
        row = _step(grid, book, row, score, walk)
    _close(grid, walk, score)
    found = walk.regions or _lines(grid, score)
    return [_titled(region, walk.above) for region in found]


def _lines(grid: Grid, score: Score) -> list[Region]:
    """The one card of a sheet that has nothing but lines to write on; its lines ask somebody's name and more."""
    rows = [(row, inline_fields(grid, row)) for row in range(1, min(grid.sheet.last, _LINES) + 1)]
    fields = [each for _row, found in rows for each in found]
    named = {each.path[-1] for each in fields if score(each.path[-1]) >= KNOWN}
    if len(named) < 3 or not any(_NAME.search(label) for label in named):
        return []
    begun = min(row for row, found in rows if found)
    above = [slot.text for row in range(1, begun) for slot in grid.said(row) if slot.box.top == row]
    box = span(fields, begun, max(row for row, found in rows if found))
    return [Region(Shape.CARD, grid.sheet.name, box, tuple(fields), notes=tuple(above))]


def _step(grid: Grid, book: Book, row: int, score: Score, walk: _Walk) -> int:
    """Take what begins at a row; the row to go on with."""
    if not grid.said(row):
        return row + 1
    if heads := beside(grid, row, score):
        _close(grid, walk, score)
        found = [read_list(grid, book, one, score) for one in heads]
        walk.regions += [replace(one, notes=tuple(walk.above)) for one in found]
        return max(one.box.bottom for one in found) + 1
    head = find_head(grid, row, score)
    fields = card_fields(grid, book, row, score)
    if head and _stands_apart(head, walk, score):
        return row + 1
    if head and not _rather_card(grid, head, fields, score):
        if _about_the_form(walk.card):
            walk.above += [each.label for each in walk.card]
            walk.card = []
        _close(grid, walk, score)
        region = read_list(grid, book, head, score)
        walk.regions.append(replace(region, notes=tuple(walk.above)))
        return max(region.box.bottom, head.bottom) + 1
    if fields:
        walk.card_top = walk.card_top if walk.card else row
        walk.card += fields
        walk.card_bottom = max(walk.card_bottom, row)
    else:
        walk.above += [slot.text for slot in grid.said(row) if slot.box.top == row]
    return row + 1


def _stands_apart(head: Head, walk: _Walk, score: Score) -> bool:
    """Whether a block lies to the right of a list: an explanation of its columns, no list of its own."""
    if not any(region.shape is not Shape.CARD for region in walk.regions):
        return len(head.paths) == 2 and head.left > 2
    edge = max(region.box.right for region in walk.regions)
    return head.left > edge and known(head.paths, score) < 3


def _rather_card(grid: Grid, head: Head, fields: list[Field], score: Score) -> bool:
    """Whether labels and values alternate, here and below, so that the row belongs to a card."""
    if any(each.box.width > 1 and not each.values and not each.ticks for each in fields):
        return True  # a merged cell without words is room for a value, no heading
    rooms = sum(not each.values for each in fields)
    if rooms >= 2:
        return rooms * 2 >= 0.6 * len(grid.row(head.top))
    if len(fields) * 2 < 0.8 * len(grid.said(head.top)):
        return False
    below = [slot for slot in grid.row(head.bottom + 1) if slot.label]
    return any(score(slot.text) >= KNOWN for slot in below) and len(fields) >= 2


def _about_the_form(fields: list[Field]) -> bool:
    """Whether labels with room above a list say who fills the form in, where and when, and ask nothing of anybody."""
    labels = [each.path[-1].replace(" ", "") for each in fields]
    return len(labels) <= _ABOVE_MOST and not any(map(_OF_SOMEBODY.search, labels))


def _close(grid: Grid, walk: _Walk, score: Score) -> None:
    """Make a card of the fields met, where they are enough."""
    fields, walk.card = walk.card, []
    if walk.regions and all(signs(each.path[-1]) for each in fields):
        return
    named = sum(score(each.path[-1]) >= KNOWN for each in fields)
    if len(fields) < 2 or not named or (named < 2 and len(fields) < 4):
        walk.above += [each.label for each in fields]
        return
    box = span(fields, walk.card_top, walk.card_bottom)
    region = Region(Shape.CARD, grid.sheet.name, box, tuple(fields), notes=tuple(walk.above))
    walk.regions.append(region)


def _titled(region: Region, said: list[str]) -> Region:
    """A region with its title, unit and notes told apart."""
    named = [text for text in region.notes if not _ABOUT.match(text) and not _UNIT.match(text)]
    title = next((text for text in named if len(text) < 60), "")
    section = named[-1] if named and len(named[-1]) < 40 else ""
    unit = next((found[1] for text in region.notes if (found := _UNIT.search(text))), "")
    if not title and not re.fullmatch(r"(?i)sheet\s*\d*|工作表\s*\d*|表\s*\d*", region.sheet):
        title = region.sheet
    return replace(region, title=title, section=section if section != title else "", unit=unit)
