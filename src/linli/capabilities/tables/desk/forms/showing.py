"""The picture of a form: its cells row by row with what each heading was taken to mean, and how they look."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from linli.capabilities.tables.mapping.asking import Mark, mark_of
from linli.capabilities.tables.rules import Column, Plan, Way, asks_numbers
from linli.capabilities.tables.selectors import forms as reads
from linli.capabilities.tables.selectors.held import groups_of
from linli.capabilities.tables.verbs import FORMS
from linli.kernel.access.doors import act_in, needs
from linli.kernel.acts import Act
from linli.kernel.dictionary import offers, selectors
from linli.ui.spoken import retold

WORDS = {
    Mark.DONE: _("已确认"),
    Mark.APART: _("已确认"),
    Mark.SURE: _("有把握"),
    Mark.LIKELY: _("请核对"),
    Mark.UNKNOWN: _("请指定"),
}
ICONS = {
    Mark.DONE: "check",
    Mark.APART: "minus",
    Mark.SURE: "circle-check",
    Mark.LIKELY: "question-mark",
    Mark.UNKNOWN: "alert-circle",
}
WAYS = {
    Way.OWN: _("由填表人手填"),
    Way.BLANK: _("不填"),
    Way.NUMBER: _("序号"),
    Way.CONSTANT: _("每行都填一样的"),
    Way.ADDED: _("自动相加"),
}
_SIDES = {"t": "top", "r": "right", "b": "bottom", "l": "left"}
_ACROSS = {"center": "center", "centerContinuous": "center", "right": "right", "left": "left"}
_DOWN = {"top": "top", "center": "middle"}
_TALLEST = 160


@dataclass(frozen=True, slots=True)
class Shown:
    """A column as it is shown: what it was taken to mean, in words, and how surely."""

    column: Column
    mark: Mark
    text: str = ""

    @property
    def key(self) -> str:
        """Its key."""
        return self.column.key

    @property
    def words(self) -> Any:
        """How surely, in words."""
        if self.mark is Mark.APART:
            return _("手填") if self.column.way is Way.OWN else _("不填")
        if self.mark is Mark.LIKELY and asks_numbers(self.column):
            return _("写明用途")
        return WORDS[self.mark]

    @property
    def icon(self) -> str:
        """How surely, as a picture beside the words."""
        return ICONS[self.mark]

    @property
    def meaning(self) -> Any:
        """What it was taken to mean."""
        return meaning(self.column)

    @property
    def conditions(self) -> str:
        """Of a count: what is counted."""
        if self.column.way is not Way.COUNTED:
            return ""
        return offers.conditions_said(groups_of(self.column.element))


def meaning(column: Column) -> Any:
    """What a column was taken to mean, in words; empty where nothing was found."""
    if column.way in (Way.KNOWN, Way.COUNTED):
        return counted(column.element) if column.way is Way.COUNTED else label(column.element)
    if column.way is Way.CONSTANT:
        return _t("都填“%(text)s”") % {"text": column.text}
    if column.way is Way.BLANK and not column.settled:
        return ""
    return retold(column.why) if column.way is Way.BLANK and column.element else WAYS[column.way]


def label(code: str) -> str:
    """An element as people call it."""
    known = selectors.elements().get(code)
    return known.label if known else code


def counted(code: str) -> str:
    """A count in words."""
    if code == "area":
        return _t("社区名称")
    return _t("自动算比例") if code.startswith("rate") else _t("自动计数")


@dataclass(slots=True)
class Cell:
    """One drawn cell."""

    down: int
    across: int
    text: str
    style: int
    shown: list[Shown] = field(default_factory=list)
    runs: bool = False  # its words run on over the empty cells beside it


@dataclass(slots=True)
class Paper:
    """One sheet as it is drawn."""

    at: int
    name: str
    columns: list[int]
    rows: list[tuple[int, list[Cell]]]
    cut: bool
    pictures: int
    protected: bool
    hidden_columns: str = ""
    hidden_rows: str = ""


def papers(form: Any, plan: Plan) -> list[Paper]:
    """Every sheet of a form with its headings as they stand now."""
    known = {each.key: each for each in plan.columns}
    return [_paper(at, raw, known) for at, raw in enumerate(form.picture.get("sheets", ()))]


def _paper(at: int, raw: dict[str, Any], known: dict[str, Column]) -> Paper:
    rows: dict[int, list[Cell]] = {}
    for row, _column, down, across, text, style, keys in raw["cells"]:
        shown = [Shown(c, mark_of(c), text) for key in keys if (c := known.get(key))]
        here = rows.setdefault(row, [])
        if here and here[-1].text and not text and not here[-1].shown:
            here[-1].runs = here[-1].across == 1 and "\n" not in here[-1].text
        here.append(Cell(down, across, text, style, shown))
    return Paper(
        at,
        raw["name"],
        [width for _at, width in raw["columns"]],
        [(row, rows.get(row, [])) for row, _height in raw["rows"]],
        raw["cut"],
        raw["pictures"],
        raw["protected"],
        *(_t("、").join(raw.get("hidden", {}).get(each, ())) for each in ("columns", "rows")),
    )


def shown_of(form: Any, column: Column) -> Shown:
    """One column with the text of its heading's cell."""
    for sheet in form.picture.get("sheets", ()):
        for *_where, text, _style, keys in sheet["cells"]:
            if column.key in keys:
                return Shown(column, mark_of(column), text)
    return Shown(column, mark_of(column), column.path[-1])


@require_safe
@needs(FORMS.code)
def look(request: HttpRequest, pk: int) -> HttpResponse:
    """How the cells of a form look, as a style sheet of its own (no style stands in the page)."""
    form = found(act_in(request), pk)
    answer = HttpResponse("\n".join(_rules(form)), content_type="text/css; charset=utf-8")
    answer.headers["Cache-Control"] = "private, max-age=60"
    return answer


def found(act: Act, pk: int) -> Any:
    """A form of one's unit, or a page that says that there is none."""
    form = reads.form(act, pk)
    if form is None:
        raise Http404(_t("没有这张表，或它不是本单位的。"))
    return form


def _rules(form: Any) -> Iterator[str]:
    faces = form.picture.get("faces", {})
    for style, face in faces.items():
        yield f".paper .f{int(style)} {{ {_face(face)} }}"
    if form.picture.get("lined"):
        yield ".paper td { border: 1px solid #b9b9b9; }"
    for at, sheet in enumerate(form.picture.get("sheets", ())):
        whole = sum(width for _column, width in sheet["columns"])
        yield f"#paper-{at} {{ inline-size: {int(whole)}px; }}"
        for n, (_column, width) in enumerate(sheet["columns"], start=1):
            yield f"#paper-{at} col:nth-child({n}) {{ inline-size: {int(width)}px; }}"
        for row, height in sheet["rows"]:
            if height:
                yield f"#paper-{at} .r{int(row)} {{ block-size: {min(int(height), _TALLEST)}px; }}"


def _face(face: list[Any]) -> str:
    bold, italic, size, ink, ground, sides, across, down = face
    told = [f"font-size: {max(11, min(round(size * 4 / 3), 28))}px"]
    told += ["font-weight: 700"] if bold else []
    told += ["font-style: italic"] if italic else []
    told += [f"color: #{ink}"] if ink else []
    told += [f"background-color: #{ground}"] if ground else []
    told += [f"border-{_SIDES[each]}: 1px solid #555" for each in sides if each in _SIDES]
    told += [f"text-align: {_ACROSS[across]}"] if across in _ACROSS else []
    told += [f"vertical-align: {_DOWN[down]}"] if down in _DOWN else []
    return "; ".join(told) + ";"
