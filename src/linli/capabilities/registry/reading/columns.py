"""Which column holds what: by heading, by what stands in it, or as a person confirmed it for an earlier file."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

import polars as pl

from linli.capabilities.registry.reading import formulas
from linli.capabilities.registry.reading.besides import KEPT, MARKED
from linli.capabilities.registry.reading.elements import (
    CHECKED_ONLY,
    HOLDINGS,
    HOMES,
    JOINED,
    OF_HOMES,
    ORGANISATIONS,
    PLACES,
    SETS,
    USED,
)
from linli.capabilities.registry.reading.formulas import Lost
from linli.capabilities.registry.reading.table import Table
from linli.kernel.dictionary.headings import SURE, Match, normal, of_a_paper
from linli.ui.spoken import Spoken

TAKEN = 0.66  # below, a heading is only offered
FEW = 3  # values from which on a column can be judged by them
_OF = (
    (re.compile(r"^(户籍|户口)"), "person.registered_place", "residence.registered_address"),
    (re.compile(r"^(现住|居住|现居|家庭住|常住)"), "residence.address", "residence.address"),
)
_WIDE = re.compile(r"(省|自治区|直辖市|市|州|盟|区|县|旗|省份|城市|区县|县区|市县)(名称)?$")
_NEAR = re.compile(r"(街道|乡镇|镇|乡|街路巷|路|门牌|门牌号|详细地址|详址|详细|村居|小区)$")
LookUp = Callable[[str], Sequence[Match]]
# What values look like: element, pattern, the share of filled cells that must fit.
PATTERNS: tuple[tuple[str, str, float], ...] = (
    ("person.document", r"^[0-9０-９]{17}[0-9０-９Xxｘ]$|^[0-9]{15}$", 0.6),
    ("person.phone", r"^(\+?86[- ]?)?1[3-9][0-9]{9}$", 0.6),
    ("person.sex", r"^(男|女|男性|女性)$", 0.9),
)
WORDS = {
    "pattern": Spoken("列里的内容像“%(title)s”"),
    "layout": Spoken("上次确认过"),
    "twice": Spoken("“%(title)s”有两列，用了填得更全的一列"),
    "unlike": Spoken("列名是“%(title)s”，内容却不像，请核对"),
    "unknown": Spoken("没有认出这一列，不导入"),
    "no_name": Spoken("没有找到“姓名”列。"),
    "no_key": Spoken("没有证件号码列，将按姓名、出生日期、住址、电话比对。"),
    "unkept": Spoken("认得是“%(title)s”，只用来核对，不单独保存"),
    "profile": Spoken("“%(title)s”样式的表"),
    "part": Spoken("地址的一部分，合在一起读"),
    "tag": Spoken("每一行写“是”的人打上标签“%(title)s”"),
    "no_body": Spoken("没有找到“单位名称”列。"),
    "no_home": Spoken("没有找到“楼栋”列，也没有地址列。"),
    "no_post": Spoken("没有找到“姓名”和“职务”列。"),
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a file: its heading, the element it is taken for, how surely and why."""

    at: int
    heading: str
    element: str = ""
    score: float = 0.0
    why: str = ""
    warning: str = ""
    filled: float = 0.0
    offers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """How a file will be read, for a person to confirm; `blocked` says why it cannot be as it is."""

    columns: tuple[Column, ...]
    data: int
    signature: str
    sheet: str = ""
    warnings: tuple[str, ...] = ()
    blocked: str = ""
    record_set: str = "person"
    always: Mapping[str, str] = field(default_factory=dict)  # what every row of such a file says
    lost: tuple[Lost, ...] = ()  # formulas without a result

    @property
    def used(self) -> dict[str, str]:
        """Name of the frame's column by element; joined ones and what every row says have columns of their own."""
        found: dict[str, str] = {}
        for each in self.columns:
            if each.element:
                known = found.get(each.element)
                found[each.element] = f"c{each.at}" if known is None else f"j{known[1:]}"
        for at, code in enumerate(self.always):
            found.setdefault(code, f"a{at}")
        return found

    def opened(self, table: Table) -> Table:
        """The table with joined columns and with what every row says."""
        used = self.used
        joined = [
            pl.concat_str(
                [f"c{each.at}" for each in self.columns if each.element == code], ignore_nulls=True
            ).alias(name)
            for code, name in used.items()
            if name.startswith("j")
        ]
        fixed = [
            pl.lit(self.always[code]).alias(name)
            for code, name in used.items()
            if name.startswith("a")
        ]
        if not joined and not fixed:
            return table

        def frames() -> Iterator[pl.DataFrame]:
            for frame in table.frames():
                whole = frame.with_columns(*joined, *fixed)
                yield whole.with_columns(
                    pl.when(pl.col(name) != "").then(pl.col(name)).alias(name)
                    for name in whole.columns
                    if name.startswith("j")
                )

        return replace(table, frames=frames)

    def as_json(self) -> dict[str, Any]:
        """The plan as it is kept with its batch."""
        return asdict(self)

    @classmethod
    def of_json(cls, kept: Mapping[str, Any]) -> Plan:
        """A kept plan."""
        columns = tuple(
            Column(**{**each, "offers": tuple(each.get("offers", ()))}) for each in kept["columns"]
        )
        rest = {name: kept[name] for name in ("data", "signature", "sheet", "blocked")}
        return cls(
            columns=columns,
            warnings=tuple(kept["warnings"]),
            record_set=kept.get("record_set", "person"),
            always=kept.get("always", {}),
            lost=tuple(Lost(**each) for each in kept.get("lost", ())),
            **rest,
        )

    def chosen(self, elements: Mapping[int, str], always: Iterable[str] | None = None) -> Plan:
        """The plan with columns as a person set them: element by number of column, empty for unused.

        `always`: which of the things that every row says a person let stand; None: all.
        """
        columns = tuple(
            replace(each, element=elements[each.at], score=1.0, warning="")
            if each.at in elements
            else each
            for each in self.columns
        )
        kept = {
            code: value for code, value in self.always.items() if always is None or code in always
        }
        return _finished(replace(self, columns=columns, warnings=(), blocked="", always=kept))


def signature_of(names: Iterable[str]) -> str:
    """What a layout is remembered by: its headings in their order."""
    return hashlib.sha256("|".join(normal(name) for name in names).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Style:
    """What files of one kind are like: elements by normal heading, what every row says, what the rows are."""

    title: str = ""
    elements: Mapping[str, str] = field(default_factory=dict)
    always: Mapping[str, str] = field(default_factory=dict)
    record_set: str = "person"
    tags: Mapping[str, str] = field(default_factory=dict)  # tag by normal heading


def plan(
    table: Table,
    look_up: LookUp,
    layout: Sequence[str] | None = None,
    style: Style = Style(),
) -> Plan:
    """The plan of a table; `layout` is the elements that a person confirmed for the same headings."""
    names = table.heading.names
    parts = _parts(names)
    columns = []
    for at, name in enumerate(names):
        values = table.sample[f"c{at}"].drop_nulls()
        filled = len(values) / max(1, len(table.sample))
        if layout is not None and at < len(layout):
            columns.append(_remembered(at, name, layout[at], filled))
        elif at in parts:
            columns.append(Column(at, name, parts[at], 0.9, str(WORDS["part"]), "", filled))
        elif told := _styled(at, name, style, filled):
            columns.append(told)
        else:
            columns.append(_recognised(at, name, look_up(name), values, filled, style.record_set))
    columns = _once(columns)
    found = Plan(
        tuple(columns),
        table.heading.data,
        signature_of(names),
        table.sheet,
        record_set=style.record_set,
        always={code: value for code, value in style.always.items()},
        lost=table.lost,
    )
    return _finished(found)


def _parts(names: Sequence[str]) -> dict[int, str]:
    """Neighbouring columns that say one address in parts: 户籍所在地省, 户籍所在地市, 户籍所在地区."""
    found: dict[int, str] = {}
    for begins, wide, whole in _OF:
        here = [at for at, name in enumerate(names) if begins.match(normal(name)) and _part(name)]
        if len(here) > 1:
            near = any(_NEAR.search(normal(names[at])) for at in here)
            found |= dict.fromkeys(here, whole if near else wide)
    return found


def _part(name: str) -> bool:
    return bool(_WIDE.search(normal(name)) or _NEAR.search(normal(name)))


def _styled(at: int, name: str, style: Style, filled: float) -> Column | None:
    """A column as files of this kind have it, or one headed by a tag."""
    element = style.elements.get(normal(name))
    if element:
        why = WORDS["profile"] % {"title": style.title}
        return _kept(Column(at, name, element, 0.98, str(why), "", filled), style.record_set)
    tag = style.tags.get(normal(name).removeprefix("是否"))
    if tag and style.record_set == "person":
        why = WORDS["tag"] % {"title": name}
        return Column(at, name, f"{MARKED}{tag}", 0.9, str(why), "", filled)
    return None


def _kept(found: Column, record_set: str) -> Column:
    """A column whose element an import keeps; others are known and left out."""
    if not found.element or takes(found.element, record_set):
        return found
    return replace(found, element="", warning=WORDS["unkept"] % {"title": found.heading})


def takes(code: str, record_set: str = "person") -> bool:
    """Whether an import of such rows does something with an element."""
    if record_set == HOMES:
        return code in OF_HOMES
    if record_set == HOLDINGS:
        return code.startswith("holding.") or code in PLACES or code == "residence.grid"
    known = code in USED or code in KEPT or code.startswith((MARKED, "person.", "organisation."))
    return known and code not in CHECKED_ONLY


def _remembered(at: int, name: str, element: str, filled: float) -> Column:
    return Column(at, name, element, 1.0, str(WORDS["layout"]) if element else "", "", filled)


def _recognised(
    at: int,
    name: str,
    matches: Sequence[Match],
    values: pl.Series,
    filled: float,
    record_set: str = "person",
) -> Column:
    offers = tuple(match.element.code for match in matches[:5])
    best = max(matches, key=lambda each: (each.score, -_place(each)), default=None)
    found = Column(at, name, filled=filled, offers=offers)
    if best is not None and best.score >= TAKEN:
        found = replace(found, element=best.element.code, score=best.score, why=str(best.why))
        if not takes(found.element, record_set):
            words = WORDS["unkept"] % {"title": best.element.title}
            return replace(found, element="", why="", warning=words)
    like = _looks_like(values) if record_set == "person" else ""
    if like and like != found.element:
        return _by_values(found, like)
    if (
        found.element in {element for element, _p, _s in PATTERNS[:2]}
        and record_set == "person"
        and len(values) >= FEW
        and not like
    ):
        title = best.element.title if best else found.element
        found = replace(found, warning=WORDS["unlike"] % {"title": title})
    if not found.element and name:
        found = replace(found, warning=WORDS["unknown"])
    return found


def _place(match: Match) -> int:
    """What speaks of the person comes before what speaks of others."""
    known = str(match.element.record_set)
    return SETS.index(known) if known in SETS else len(SETS)


def _by_values(found: Column, like: str) -> Column:
    """A column whose values speak: they win over a weak heading; a guardian's number stays the guardian's."""
    if found.score >= SURE or (found.element and not found.element.startswith("person.")):
        return found
    if of_a_paper(found.heading):  # which may hold the number of the identity card within its own
        return found if found.element else replace(found, warning=str(WORDS["unknown"]))
    if any(offer.endswith(like.split(".")[1]) and offer != like for offer in found.offers):
        return found
    words = WORDS["pattern"] % {"title": like}
    return replace(found, element=like, score=0.7, why=str(words), warning="")


def _looks_like(values: pl.Series) -> str:
    if len(values) < FEW:
        return ""
    for element, pattern, share in PATTERNS:
        fits = values.str.replace_all(r"[\s'-]", "").str.contains(pattern).mean()
        if fits is not None and float(fits) >= share:  # type: ignore[arg-type]
            return element
    return ""


def _once(columns: Sequence[Column]) -> list[Column]:
    """Each element from one column: the surer, then the better filled."""
    best: dict[str, Column] = {}
    for each in columns:
        rival = best.get(each.element)
        if rival is None or (each.score, each.filled) > (rival.score, rival.filled):
            best[each.element] = each
    return [
        each
        if not each.element
        or best[each.element] is each
        or (each.element in JOINED and each.why == str(WORDS["part"]))
        else replace(
            each, element="", warning=WORDS["twice"] % {"title": best[each.element].heading}
        )
        for each in columns
    ]


def _finished(found: Plan) -> Plan:
    """The plan with what is missing said."""
    gone, used = formulas.told(found.lost), found.used
    warnings = [*found.warnings, *([gone] if gone else [])]
    if found.record_set != "person":
        lacking = _lacking(found.record_set, used)
        return replace(found, warnings=tuple(warnings), blocked=lacking)
    blocked = "" if "person.name" in used else str(WORDS["no_name"])
    if "person.document" not in used:
        warnings.append(str(WORDS["no_key"]))
    return replace(found, warnings=tuple(dict.fromkeys(warnings)), blocked=blocked)


def _lacking(record_set: str, used: Iterable[str]) -> str:
    """What rows cannot do without, where no column says it; empty when nothing lacks."""
    there = set(used)
    if record_set == ORGANISATIONS:
        return "" if "organisation.name" in there else str(WORDS["no_body"])
    if record_set == HOLDINGS:
        return "" if {"holding.name", "holding.post"} <= there else str(WORDS["no_post"])
    stands = {"residence.building", "building.name", "home.address", "residence.address"}
    return "" if there & stands else str(WORDS["no_home"])
