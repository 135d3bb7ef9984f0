"""Reading division tables: one row an area, its code, its name, and how its parent is told.

Layouts met: ``code,name`` (the parent follows from the code), the same with ``provinceCode``,
``cityCode``, ``areaCode`` or ``streetCode``, and ours: ``code,name,level,parent``. Plain or gzip,
UTF-8 or GB 18030. Pure: no Django, no database.
"""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from linli.kernel.acts.act import Refusal

from . import rules
from .rules import Level

_PARENTS = ("parent", "streetCode", "areaCode", "cityCode", "provinceCode")
NAME_LENGTH = 120


@dataclass(frozen=True, slots=True)
class Division:
    """One area as a table says it: codes in full length; ``parent`` empty for a topmost one."""

    code: str
    name: str
    level: Level
    parent: str


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that was not taken, and why, in the user's words."""

    code: str
    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of all files together, parents before children, and the rows refused.

    With a ``root`` the rows are all there is below it, at the levels they speak of.
    """

    rows: tuple[Division, ...]
    refused: tuple[Refused, ...]
    root: str = ""


def _text(path: Path) -> str:
    raw = path.read_bytes()
    if raw[:2] == b"\x1f\x8b":
        raw = gzip.decompress(raw)
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Refusal(f"{path.name}：读不出文字，请用 UTF-8 或 GB 18030 编码的 CSV。", code="encoding")


def _division(row: Mapping[str, str | None], parents: Iterable[str]) -> Division | Refused:
    code, name = (row.get("code") or "").strip(), (row.get("name") or "").strip()
    if not code or not name:
        return Refused(code, name, "缺代码或名称")
    if len(name) > NAME_LENGTH or len(code) > 32:
        return Refused(code[:32], name[:20], "代码或名称过长")
    given = (row.get("level") or "").strip()
    if given and given not in rules.LEVELS:
        return Refused(code, name, f"不认识的层级“{given}”")
    if not given and not (code.isdigit() and len(code) in (2, 4, 6, 9, 12)):
        return Refused(code, name, "不是 2、4、6、9 或 12 位的统计用区划代码")
    told = next((value for key in parents if (value := (row.get(key) or "").strip())), "")
    own = rules.canonical(code)
    above = rules.canonical(told) if told else next(iter(rules.parent_codes(own)), "")
    level = Level(given) if given else rules.code_level(own)
    return Division(own, name, level, "" if above == own else above)


def read(path: Path) -> list[Division | Refused]:
    """The rows of one table in file order; refuses a file without code and name columns."""
    reader = csv.DictReader(io.StringIO(_text(path)))
    columns = reader.fieldnames or []
    if not {"code", "name"} <= set(columns):
        raise Refusal(f"{path.name}：第一行须有 code 和 name 两列。", code="columns")
    parents = [key for key in _PARENTS if key in columns]
    return [_division(row, parents) for row in reader]


def under(code: str, root: str) -> bool:
    """Whether a code is that of the root or lies below it."""
    top = rules.canonical(root)
    lengths = {Level.PROVINCE: 2, Level.CITY: 4, Level.DISTRICT: 6, Level.STREET: 9}
    return code.startswith(top[: lengths.get(rules.code_level(top), len(top))])


def collect(found: Iterable[Division | Refused], root: str = "") -> Table:
    """Rows of several files as one table: below the root only, each code once, widest first."""
    rows: dict[str, Division] = {}
    refused: list[Refused] = []
    for each in found:
        if root and not under(rules.canonical(each.code), root):
            continue
        if isinstance(each, Refused):
            refused.append(each)
        elif each.code not in rows:
            rows[each.code] = each
        elif rows[each.code].name != each.name:
            refused.append(Refused(each.code, each.name, f"代码重复，已取“{rows[each.code].name}”"))
    order = {level: index for index, level in enumerate(rules.LEVELS)}
    ranked = sorted(rows.values(), key=lambda each: (order[each.level], each.code))
    return Table(tuple(ranked), tuple(refused), root)


def read_all(paths: Iterable[Path], root: str = "") -> Table:
    """Several tables as one, limited to a root's subtree when one is given."""
    return collect((each for path in paths for each in read(path)), root)
