"""What a row says beside the person: tags, bonds, ties to the home, the household and the home, the end of a residence."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

import polars as pl

from linli.capabilities.registry.policy import Tag
from linli.capabilities.registry.rules.people import age_on
from linli.kernel.dictionary import rules
from linli.kernel.dictionary.shapes import CodeTable, Element

TAG, MARKED = (
    "tag.code",
    "tag:",
)  # an element that names tags; a column headed by one tag, as `tag:<code>`
SCHEMA: Mapping[str, pl.DataType | type[pl.DataType]] = {
    "line": pl.Int64,
    **dict.fromkeys(("what", "code", "name", "document", "phone", "words", "purpose"), pl.String),
    "since": pl.Date,
    "until": pl.Date,
    "months": pl.Int64,
    "sensitive": pl.Boolean,
    "more": pl.String,
}
# Bonds to somebody else: name, number and phone by kind.
BONDS: Mapping[str, tuple[str, str, str]] = {
    "guardian": ("bond.guardian_name", "bond.guardian_document", "bond.guardian_phone"),
    "emergency": ("bond.emergency_name", "", "bond.emergency_phone"),
    "spouse": ("bond.spouse_name", "", ""),
    "carer": ("bond.carer_name", "", ""),
}
# Values of the home, the building and the estate where a row lies, by element.
OF_PLACE: Mapping[str, Mapping[str, str]] = {
    "home": {"home.use": "use", "home.floor": "floor", "home.size": "size"},
    "building": {
        "building.kind": "kind",
        "building.floors": "floors",
        "building.units": "units",
    },
    "estate": {"estate.kind": "kind", "estate.built": "built"},
}
_PLAIN = (
    "tag.since",
    "tag.until",
    "tag.basis",
    "bond.since",
    "bond.until",
    "tie.kind",
    "tie.since",
    "tie.until",
    "tie.name",
    "tie.document",
    "tie.phone",
    "household.kind",
    "household.head_name",
    "household.head_document",
    "residence.until",
    "residence.ending",
    "person.dead",
)
OF_TAG = (
    "tag.disability_kind",
    "tag.disability_grade",
    "tag.self_care",
    "tag.living",
    "tag.aid_amount",
    "tag.aid_cause",
    "tag.veteran_card",
)
KEPT = frozenset(
    [
        TAG,
        *_PLAIN,
        *OF_TAG,
        *(code for known in OF_PLACE.values() for code in known),
        *(code for three in BONDS.values() for code in three if code),
    ]
)
PERIODS = (
    ("tag.since", "tag.until"),
    ("bond.since", "bond.until"),
    ("tie.since", "tie.until"),
    ("residence.since", "residence.until"),
)
_FIGURE = re.compile(r"[0-9]+\.[0-9]+")
_SEVERAL = re.compile(r"[;；、,，/|\n]+")
Values = dict[str, pl.Series]
Flaws = list[tuple[int, str]]


@dataclass(frozen=True, slots=True)
class Says:
    """What the pack knows of tags, and which sensitive ones this source and this actor may say of people."""

    tags: Mapping[str, Tag] = field(default_factory=dict)
    sensitive: frozenset[str] = frozenset()
    cleared: bool = True

    def wrong(self, tag: Tag) -> str:
        """Why a tag may not be said, empty when it may."""
        if tag.is_sensitive and tag.sensitive not in self.sensitive:
            return "tag.source"
        return "tag.cleared" if tag.is_sensitive and not self.cleared else ""


def ordered(values: Values, lines: pl.Series) -> Flaws:
    """Ends before their beginning are left out, and said."""
    found: Flaws = []
    for since, until in PERIODS:
        if since in values and until in values:
            bad = (values[until] < values[since]).fill_null(False)
            found += [(line, f"{until}:until.before") for line in lines.filter(bad)]
            values[until] = pl.select(pl.when(~bad).then(values[until])).to_series()
    return found


def undated(values: Values, died: pl.Series, lines: pl.Series) -> Flaws:
    """Somebody said to be dead without a day: kept as living, and said."""
    if "person.dead" not in values:
        return []
    bad = values["person.dead"].fill_null(False) & died.is_null()
    return [(line, "person.dead:dead.undated") for line in lines.filter(bad)]


def tags_of(
    texts: Mapping[str, pl.Series],
    lines: pl.Series,
    element: Element | None,
    table: CodeTable | None,
    today: date,
) -> tuple[dict[int, list[str]], Flaws]:
    """The tags of each line: named in one cell or several, or marked in a column headed by the tag."""
    found: dict[int, list[str]] = {}
    wrong: Flaws = []
    told: dict[str, tuple[list[str], bool]] = {}
    for code, column in texts.items():
        for line, text in zip(lines, column, strict=True):
            if text is None:
                continue
            if code == TAG and element is not None:
                codes, bad = told.get(text) or told.setdefault(
                    text, _named(text, element, table, today)
                )
            else:
                codes, bad = _ticked(text, code.removeprefix(MARKED), element, table, today)
            here = found.setdefault(line, [])
            here += [each for each in codes if each not in here]
            if bad:
                wrong.append((line, f"{TAG}:code"))
    return found, wrong


def _named(
    text: str, element: Element, table: CodeTable | None, today: date
) -> tuple[list[str], bool]:
    whole = rules.read(element, text, table, today=today)
    if isinstance(whole, str):
        return [whole], False
    parts = [rules.read(element, part, table, today=today) for part in _SEVERAL.split(text) if part]
    bad = any(isinstance(part, rules.Unreadable) for part in parts)
    return [part for part in parts if isinstance(part, str)], bad


def _ticked(
    text: str, tag: str, element: Element | None, table: CodeTable | None, today: date
) -> tuple[list[str], bool]:
    """A cell of a column headed by a tag: yes, no, or the tag's own name."""
    word = rules.plain(text).casefold()
    if word in rules.YES:
        return [tag], False
    if word in rules.NO or word in rules.BLANK or not word:
        return [], False
    if element is not None and rules.read(element, text, table, today=today) == tag:
        return [tag], False
    return [], True


def marks(
    says: Says,
    tags: Mapping[int, list[str]],
    values: Values,
    born: pl.Series,
    lines: pl.Series,
    today: date,
) -> tuple[pl.DataFrame, Flaws]:
    """One row a tag, with what the pack says of it; tags that may not be said are left out."""
    at = {line: number for number, line in enumerate(lines)}
    rows: list[dict[str, object]] = []
    wrong: Flaws = []
    for line, codes in tags.items():
        for code in codes:
            tag, row = says.tags.get(code), at[line]
            why = "code" if tag is None else says.wrong(tag) or _misaged(tag, born[row], today)
            if why or tag is None:
                wrong.append((line, f"{TAG}:{why}"))
                continue
            rows.append(_mark(line, tag, {name: of[row] for name, of in values.items()}))
    return pl.DataFrame(rows, schema=SCHEMA) if rows else empty(), wrong


def _misaged(tag: Tag, born: date | None, today: date) -> str:
    if tag.ages is None or born is None:
        return ""
    youngest, oldest = tag.ages
    return "" if youngest <= age_on(born, today) <= oldest else "tag.age"


def _mark(line: int, tag: Tag, row: Mapping[str, object]) -> dict[str, object]:
    more = {
        name.removeprefix("tag."): shown(row[name])
        for name in OF_TAG
        if name in tag.elements and row.get(name) is not None
    }
    basis = row.get("tag.basis")
    return {
        **dict.fromkeys(SCHEMA),
        "line": line,
        "what": "mark",
        "code": tag.code,
        "words": str(basis or str.__str__(tag.basis))[:200],
        "purpose": tag.purpose,
        "since": row.get("tag.since"),
        "until": row.get("tag.until"),
        "months": tag.valid_months,
        "sensitive": tag.is_sensitive,
        "more": json.dumps(more, ensure_ascii=False, sort_keys=True),
    }


def shown(value: object) -> str:
    """A figure without the zeros behind its point."""
    text = str(value)
    return text.rstrip("0").rstrip(".") if _FIGURE.fullmatch(text) else text


def empty() -> pl.DataFrame:
    """No rows."""
    return pl.DataFrame(schema=SCHEMA)


def others(values: Values, lines: pl.Series) -> pl.DataFrame:
    """Everything else beside the person, one row for each thing said."""
    parts = [part for part in _others(values, lines) if len(part)]
    return pl.concat([empty(), *parts], how="diagonal")


def _others(values: Values, lines: pl.Series) -> Iterator[pl.DataFrame]:
    for kind, (name, document, phone) in BONDS.items():
        yield _rows(
            "bond", lines, values, (name,), code=kind,
            name=name, document=document, phone=phone, since="bond.since", until="bond.until",
        )  # fmt: skip
    yield _rows(
        "tie", lines, values, ("tie.kind",), code_of="tie.kind", since="tie.since",
        until="tie.until",
    )  # fmt: skip
    yield _rows(
        "owner", lines, values, ("tie.name",), code="owner", name="tie.name",
        document="tie.document", phone="tie.phone",
    )  # fmt: skip
    yield _rows(
        "household", lines, values,
        ("household.kind", "household.head_name", "household.head_document"),
        code_of="household.kind", name="household.head_name", document="household.head_document",
    )  # fmt: skip
    yield _rows(
        "end", lines, values, ("residence.until",), code_of="residence.ending",
        until="residence.until",
    )  # fmt: skip
    for what, known in OF_PLACE.items():
        yield _of_place(what, known, values, lines)


def _rows(
    what: str,
    lines: pl.Series,
    values: Values,
    needed: tuple[str, ...],
    *,
    code: str = "",
    code_of: str = "",
    **columns: str,
) -> pl.DataFrame:
    """Rows where one of the needed elements says something."""
    there = [values[name] for name in needed if name in values]
    if not there:
        return empty()
    found = {name: values[of] for name, of in columns.items() if of in values}
    found["code"] = (
        values[code_of] if code_of in values else pl.repeat(code, len(lines), eager=True)
    )
    frame = pl.DataFrame([lines.alias("line"), *(s.alias(name) for name, s in found.items())])
    said = pl.any_horizontal(each.is_not_null() for each in there)
    return frame.with_columns(what=pl.lit(what)).filter(pl.select(said).to_series())


def _of_place(
    what: str, elements: Mapping[str, str], values: Values, lines: pl.Series
) -> pl.DataFrame:
    known = {key: values[name] for name, key in elements.items() if name in values}
    if not known:
        return empty()
    rows = pl.DataFrame([series.alias(name) for name, series in known.items()])
    texts = [
        json.dumps({name: shown(value) for name, value in row.items() if value is not None})
        for row in rows.iter_rows(named=True)
    ]
    frame = pl.DataFrame({"line": lines, "what": what, "more": pl.Series(texts, dtype=pl.String)})
    return frame.filter(pl.col("more") != "{}")
