"""Rows as texts become rows as values: what is taken, what is left out of a row, which rows are refused and why."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

import polars as pl

from linli.capabilities.registry.reading import besides, formulas
from linli.capabilities.registry.reading.besides import Says
from linli.capabilities.registry.reading.columns import Plan
from linli.capabilities.registry.reading.doors import doors
from linli.capabilities.registry.reading.elements import HOMES, SAYS
from linli.kernel.dictionary import columns
from linli.kernel.dictionary.rules import NATIONAL
from linli.kernel.dictionary.shapes import CodeTable, Element
from linli.kernel.vault.idnumber import PERMITS
from linli.ui.spoken import Spoken

# Columns of the checked rows by element; what a city keeps of its own goes to `more`.
SLOTS: Mapping[str, str] = {
    "person.name": "name",
    "person.former_name": "former_name",
    "person.sex": "sex",
    "person.born": "born",
    "person.document_kind": "document_kind",
    "person.document": "document",
    "person.phone": "phone",
    "person.ethnic": "ethnic",
    "person.native_place": "native_place",
    "person.marital": "marital",
    "person.education": "education",
    "person.political": "political",
    "person.employment": "employment",
    "person.workplace": "workplace",
    "person.died": "died",
    "residence.kind": "kind",
    "residence.lives": "lives",
    "residence.relation": "relation",
    "residence.since": "since",
    "household.number": "household",
    "residence.address": "address",
    "home.address": "home_address",
    "residence.registered_address": "registered_address",
    "residence.estate": "estate",
    "estate.name": "estate",
    "residence.building": "building",
    "building.name": "building",
    "residence.unit": "unit",
    "home.unit_no": "unit",
    "residence.room": "room",
    "home.room": "room",
    "residence.district": "district",
    "residence.street": "street",
    "residence.community": "community",
    "residence.grid": "grid",
}
# Read in a way of their own.
APART = frozenset({"person.document", besides.TAG})
DATES = frozenset({"born", "died", "since"})
# Without these a row says nobody: what is wrong here refuses the whole row.
DECIDING = frozenset({"person.name", "person.document"})
REASONS: Mapping[str, str] = {
    formulas.REASON: formulas.WHY,
    "name.empty": Spoken("没有填写姓名。"),
    "born.contradicts": Spoken("出生日期与身份证号不一致，请核对。"),
    "sex.contradicts": Spoken("性别与身份证号不一致，已按身份证号登记。"),
    "born.future": Spoken("出生日期还没有到，请核对。"),
    "died.before": Spoken("死亡日期早于出生日期，请核对。"),
    "area.none": Spoken("没有写明社区，请补上“所属社区”列，或按社区分别导入。"),
    "area.unknown": Spoken("没有找到这个社区，请核对名称。"),
    "area.ambiguous": Spoken("这个社区名称不止一处，请补上所属街道。"),
    "area.scope": Spoken("这个社区不在您的管理范围。"),
    "repeated": Spoken("同一份文件前面已有这个证件号码，两行内容不一致，请核对。"),
    "elsewhere": Spoken("此人已在别的社区登记，请办理“调入”。"),
    "too_little": Spoken("没有证件号码，也没有足够的出生日期、住址、电话来认人，请补全。"),
    "dead": Spoken("登记中此人已死亡，请核对。"),
    "until.before": Spoken("结束日期早于开始日期，请核对。"),
    "dead.undated": Spoken("写着已死亡，却没有死亡日期，请补上。"),
    "tag.source": Spoken("这个来源不能登记这类敏感标签，请由主管部门提供。"),
    "tag.cleared": Spoken("这是敏感标签，须由有权限的人员导入。"),
    "tag.age": Spoken("此人的年龄不符合这个标签。"),
    "tie.who": Spoken("没有写证件号码，也认不出是谁，请补上证件号码。"),
    "tie.elsewhere": Spoken("这个人登记在别的社区，请先办理“调入”。"),
    "tie.nowhere": Spoken("没有写明房屋，请补上地址。"),
    "home.nowhere": Spoken("没有写明小区和楼栋，找不到是哪处房屋，请补上。"),
    "holding.body": Spoken("没有找到这个任职单位，请先登记单位，或核对名称和社区。"),
    "holding.post": Spoken("这类组织没有这个职务。"),
    "holding.order": Spoken("结束日期早于开始日期，请核对。"),
    "holding.held": Spoken("这个职务已有人担任，请先免去再导入。"),
    "holding.differs": Spoken("与已登记的任职不一样，没有改动，请在单位页面核对。"),
    "holding.dead": Spoken("此人已登记死亡，不能任职。"),
    "holding.named": Spoken("这个证件号码登记的是另一个姓名，请核对。"),
    "holding.unknown": Spoken("人口库里没有这个证件号码，先按姓名登记。"),
    "body.empty": Spoken("没有填写单位名称。"),
    "body.several": Spoken("同名的单位不止一家，请补上统一社会信用代码。"),
    "body.kind": Spoken("看不出是哪一类单位，请补上“单位类型”列。"),
    "body.above": Spoken("没有找到这个单位，没有登记上下级关系。"),
    "body.elsewhere": Spoken("这个统一社会信用代码已经登记在别处，请核对。"),
    "uscc_kind": Spoken("这个统一社会信用代码的开头与机构类型不符，请核对。"),
    "uscc_committee": Spoken("54 开头的代码只属于居（村）民委员会。"),
    "hidden": Spoken("这一行无法登记，请核对后再试。"),
}
AREAS = ("district", "street", "community", "grid")


@dataclass(frozen=True, slots=True)
class Checked:
    """Rows to take, with `flaws` (what was left out), and rows refused, with `reasons`; both have `line`.

    `beside` is what rows to take say beside the person (`besides`), one row for each thing said.
    """

    taken: pl.DataFrame
    refused: pl.DataFrame
    beside: pl.DataFrame = field(default_factory=besides.empty)

    def faulted(self, found: Iterable[tuple[int, str]]) -> Checked:
        """The same with more that was left out."""
        return replace(self, taken=_added(self.taken, found))


@dataclass(frozen=True, slots=True)
class Checker:
    """What a plan makes of rows; they come with `area` (a community or grid) and `area_wrong` (why there is none)."""

    plan: Plan
    elements: Mapping[str, Element]
    tables: Mapping[str, CodeTable]
    today: date
    says: Says = field(default_factory=Says)

    def check(self, rows: pl.DataFrame) -> Checked:
        """Read, compare and place the rows of one slice."""
        read, wrong, apart = self._read(rows)
        read = read.with_columns(_sure_kind(read))
        refusals = [_tagged(wrong[code], code) for code in DECIDING if code in wrong]
        flaws = [_tagged(series, code) for code, series in wrong.items() if code not in DECIDING]
        known = _by_document(read)
        refusals += known.refusals
        flaws += known.flaws
        read = doors(known.rows).with_columns(rows["area"], rows["area_wrong"])
        refusals += [self._nothing(read), *_dates(read, self.today)]
        refusals.append(read["area_wrong"])
        lost = formulas.reasons(rows, self.plan.columns)
        bad = _together(refusals).list.len() > 0
        reasons, flawed = _together([*refusals, *lost]), _together([*flaws, *lost])
        whole = read.drop("area_wrong").with_columns(reasons=reasons, flaws=flawed)
        beside, missed = self._beside(rows, apart, whole)
        whole = _added(whole, missed)
        lines = whole.filter(bad).select("line", "reasons")
        original = rows.join(lines, on="line", how="inner", maintain_order="left")
        taken = whole.filter(~bad).drop("reasons")
        return Checked(
            taken, original, beside.filter(pl.col("line").is_in(taken["line"].to_list()))
        )

    def _nothing(self, read: pl.DataFrame) -> pl.Series:
        """Rows that say nobody, or of homes no building."""
        if self.plan.record_set == HOMES:
            return _said(read["building_key"].is_null(), "home.address:home.nowhere")
        return _said(read["name"].is_null(), "person.name:name.empty")

    def _beside(
        self, rows: pl.DataFrame, apart: besides.Values, read: pl.DataFrame
    ) -> tuple[pl.DataFrame, besides.Flaws]:
        """What the rows say beside people, and what of it was left out."""
        used = self.plan.used
        told = {
            code: rows[column]
            for code, column in used.items()
            if code == besides.TAG or code.startswith(besides.MARKED)
        }
        if not apart and not told:
            return besides.empty(), []
        lines = rows["line"]
        apart["residence.since"] = read["since"]
        missed = besides.ordered(apart, lines) + besides.undated(apart, read["died"], lines)
        element = self.elements.get(besides.TAG)
        table = self.tables.get(element.table) if element else None
        tags, unknown = besides.tags_of(told, lines, element, table, self.today)
        marks, barred = besides.marks(self.says, tags, apart, read["born"], lines, self.today)
        found = pl.concat([marks, besides.others(apart, lines)])
        return found, [*missed, *unknown, *barred]

    def _read(
        self, rows: pl.DataFrame
    ) -> tuple[pl.DataFrame, dict[str, pl.Series], dict[str, pl.Series]]:
        """Values by slot, codes of what is wrong by element, and values beside the person by element."""
        found: dict[str, pl.Series] = {"line": rows["line"]}
        wrong: dict[str, pl.Series] = {}
        more: dict[str, pl.Series] = {}
        apart: dict[str, pl.Series] = {}
        sets = SAYS[self.plan.record_set]
        for code, column in self.plan.used.items():
            element = self.elements.get(code)
            if element is None or element.record_set not in sets or code in APART:
                continue
            table = self.tables.get(element.table) if element.table else None
            told = columns.read_column(element, rows[column], table, today=self.today)
            value, bad = _kept(told.values), told.reasons
            if bad.null_count() < len(bad):
                wrong[code] = bad
            if element.key and element.record_set == "person":
                more[element.key] = value
            elif code in SLOTS:
                found[SLOTS[code]] = value
            elif code in besides.KEPT:
                apart[code] = value
        numbers = self.plan.used.get("person.document")
        if numbers:
            told = self._documents(rows[numbers], found.get("document_kind"))
            found["document"], wrong["person.document"] = told.values, told.reasons
        found["more"] = _more(more, len(rows))
        return (
            pl.DataFrame([series.alias(name) for name, series in _complete(found, len(rows))]),
            wrong,
            apart,
        )

    def _documents(self, numbers: pl.Series, kinds: pl.Series | None) -> columns.Read:
        """Numbers of documents, by GB 11643 where their kind is not said."""
        if kinds is None:
            kinds = pl.repeat(None, len(numbers), dtype=pl.String, eager=True)
        return columns.read_documents(numbers, kinds, today=self.today)


def _kept(values: pl.Series) -> pl.Series:
    """Days, yes and no as they are; everything else as text, figures without the zeros behind their point."""
    if values.dtype in (pl.String, pl.Date, pl.Boolean):
        return values
    texts = [None if value is None else besides.shown(value) for value in values]
    return pl.Series(texts, dtype=pl.String)


def _complete(found: dict[str, pl.Series], length: int) -> list[tuple[str, pl.Series]]:
    """Every slot, empty ones too, so that all slices have the same columns."""
    for name in SLOTS.values():
        dtype = pl.Date if name in DATES else pl.Boolean if name == "lives" else pl.String
        if name not in found:
            found[name] = pl.repeat(None, length, dtype=dtype, eager=True)
    return list(found.items())


def _more(columns: Mapping[str, pl.Series], length: int) -> pl.Series:
    """What has no column of its own as JSON, null where nothing stands."""
    if not columns:
        return pl.repeat(None, length, dtype=pl.String, eager=True)
    rows = pl.DataFrame([series.alias(name) for name, series in columns.items()])
    texts = []
    for row in rows.iter_rows(named=True):
        kept = {
            name: value.isoformat() if isinstance(value, date) else value
            for name, value in row.items()
            if value is not None
        }
        texts.append(json.dumps(kept, ensure_ascii=False, sort_keys=True) if kept else None)
    return pl.Series(texts, dtype=pl.String)


def _added(rows: pl.DataFrame, found: Iterable[tuple[int, str]]) -> pl.DataFrame:
    """Rows with more in their `flaws`."""
    pairs = list(found)
    if not pairs:
        return rows
    said = pl.DataFrame(pairs, schema={"line": pl.Int64, "said": pl.String}, orient="row")
    by_line = said.group_by("line", maintain_order=True).agg(
        pl.col("said").unique(maintain_order=True)
    )
    both = rows.join(by_line, on="line", how="left", maintain_order="left")
    flaws = (
        pl.when(pl.col("said").is_null()).then("flaws").otherwise(pl.concat_list("flaws", "said"))
    )
    return both.with_columns(flaws.alias("flaws")).drop("said")


def _tagged(codes: pl.Series, element: str) -> pl.Series:
    return pl.select(pl.concat_str(pl.lit(f"{element}:"), codes)).to_series()


def _said(where: pl.Series, reason: str) -> pl.Series:
    return pl.select(pl.when(where.fill_null(False)).then(pl.lit(reason))).to_series()


def _together(parts: list[pl.Series]) -> pl.Series:
    """All that is said of each row, as a list."""
    frame = pl.DataFrame([series.alias(str(at)) for at, series in enumerate(parts)])
    return frame.select(pl.concat_list(pl.all()).list.drop_nulls().alias("all"))["all"]


def _sure_kind(rows: pl.DataFrame) -> pl.Series:
    """The kind of each document: as said, else as the number shows; none without a number."""
    number = pl.col("document")
    shown = (
        pl.when(number.str.slice(0, 2).is_in(list(PERMITS)))
        .then(pl.lit("P01"))
        .when(number.str.starts_with("9"))
        .then(pl.lit("553"))
        .otherwise(pl.lit("111"))
    )
    said = pl.when(pl.col("document_kind") != "").then(pl.col("document_kind"))
    kind = pl.when(number.is_not_null()).then(pl.coalesce(said, shown))
    return rows.select(kind.alias("document_kind")).to_series()


@dataclass(frozen=True, slots=True)
class _Known:
    rows: pl.DataFrame
    refusals: list[pl.Series]
    flaws: list[pl.Series]


def _by_document(rows: pl.DataFrame) -> _Known:
    """Birth and sex from national numbers; a birth that says otherwise refuses, a sex that does is corrected."""
    number = pl.col("document")
    national = pl.col("document_kind").is_in([*(NATIONAL - {""})]) & (number.str.len_bytes() == 18)
    told = rows.select(
        born=pl.when(national).then(number.str.slice(6, 8).str.to_date("%Y%m%d", strict=False)),
        sex=pl.when(national).then(
            pl.when(number.str.slice(16, 1).str.to_integer(strict=False) % 2 == 1)
            .then(pl.lit("1"))
            .otherwise(pl.lit("2"))
        ),
    )
    other_birth = rows["born"] != told["born"]
    other_sex = rows["sex"].is_in(["1", "2"]) & (rows["sex"] != told["sex"])
    both = rows.with_columns(
        born=pl.select(pl.coalesce(told["born"], rows["born"])).to_series(),
        sex=pl.select(pl.coalesce(told["sex"], rows["sex"])).to_series(),
    )
    return _Known(
        both,
        [_said(other_birth, "person.born:born.contradicts")],
        [_said(other_sex, "person.sex:sex.contradicts")],
    )


def _dates(rows: pl.DataFrame, today: date) -> list[pl.Series]:
    return [
        _said(rows["born"] > today, "person.born:born.future"),
        _said(rows["died"] < rows["born"], "person.died:died.before"),
    ]
