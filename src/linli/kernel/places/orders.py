"""Orders to change the map, as a person writes them: split, merge, move, rename, re-code; YAML or CSV.

Pure: no Django, no database.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from linli.kernel.acts.act import Refusal

from . import rules

KINDS = ("split", "merge", "move", "rename", "recode")
LABELS_ZH = {
    "split": "拆分",
    "merge": "合并",
    "move": "划转",
    "rename": "更名",
    "recode": "变更代码",
}
_LISTS = ("grids", "parcels")


@dataclass(frozen=True, slots=True)
class Part:
    """What comes out: an area's code and name, what it receives, under whom it lies (empty: as before)."""

    code: str
    name: str = ""
    under: str = ""
    grids: tuple[str, ...] = ()
    parcels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Order:
    """One change: what is done to which areas (by code), and what comes of it."""

    kind: str
    subjects: tuple[str, ...]
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Orders:
    """Orders that take effect on one day, with the document they rest on."""

    on: date
    source: str
    orders: tuple[Order, ...]

    @property
    def digest(self) -> str:
        """One number for the same plan, so that it is applied once."""
        body = json.dumps(asdict(self), default=str, sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(body.encode()).hexdigest()


def read(path: Path) -> Orders:
    """A plan from YAML or CSV; refuses what is not one, in the user's words."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        text = path.read_bytes().decode("gb18030", errors="replace")
    given = _from_csv(text) if path.suffix.lower() == ".csv" else _from_yaml(text, path.name)
    return parse(given)


def _from_yaml(text: str, name: str) -> Mapping[str, Any]:
    try:
        given = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise Refusal(f"{name}：不是能读的 YAML 文件。", code="yaml") from error
    if not isinstance(given, dict):
        raise Refusal(f"{name}：方案须写明 on、source 和 changes。", code="yaml")
    # A bare `on` is "yes" to YAML 1.1.
    return {"on": given.pop(True, None), **given}


def _from_csv(text: str) -> Mapping[str, Any]:
    """Rows action,code,into,name,under,grids,parcels,on,source; lists are parted by semicolons."""
    changes: dict[tuple[str, str], dict[str, Any]] = {}
    first: dict[str, str] = {}
    for row in csv.DictReader(io.StringIO(text)):
        cells = {key: (value or "").strip() for key, value in row.items() if key}
        first = first or cells
        kind, code, into = (cells.get(name, "") for name in ("action", "code", "into"))
        key = (kind, into) if kind == "merge" else (kind, code)
        part = {"code": into, "name": cells.get("name", ""), "under": cells.get("under", "")}
        part |= {name: _listed(cells.get(name, "")) for name in _LISTS}
        known = changes.setdefault(key, {"kind": kind, "subjects": [], "parts": []})
        if code not in known["subjects"]:
            known["subjects"].append(code)
        if kind == "split" or not known["parts"]:
            known["parts"].append(part)
    return {"on": first.get("on"), "source": first.get("source"), "changes": list(changes.values())}


def _listed(cell: str) -> list[str]:
    return [each.strip() for each in cell.replace("；", ";").split(";") if each.strip()]


def parse(given: Mapping[str, Any]) -> Orders:
    """A plan from its plain form; refuses what is missing."""
    on = given.get("on")
    try:
        day = on if isinstance(on, date) else date.fromisoformat(str(on))
    except ValueError:
        raise Refusal("方案须写明生效日期 on，如 2026-07-01。", field="on", code="on") from None
    changes = given.get("changes")
    if not isinstance(changes, list) or not changes:
        raise Refusal("方案里没有任何调整（changes）。", field="changes", code="empty")
    source = str(given.get("source") or "").strip()
    if not source:
        raise Refusal("方案须写明依据 source，如批复文号。", field="source", code="source")
    return Orders(day, source[:200], tuple(_order(each) for each in changes))


def _order(given: object) -> Order:
    if not isinstance(given, dict):
        raise Refusal("每项调整须写明做什么，如 split、merge。", code="order")
    kind = given.get("kind") or next((each for each in KINDS if each in given), "")
    if kind not in KINDS:
        raise Refusal(f"不认识的调整“{kind or list(given)}”。", code="kind")
    if "subjects" in given:
        subjects, parts = given["subjects"], given["parts"]
    else:
        subjects, parts = given[kind], _parts(str(kind), given)
    listed = subjects if isinstance(subjects, list) else [subjects]
    return Order(str(kind), tuple(_code(each) for each in listed), tuple(map(_part, parts)))


def _parts(kind: str, given: Mapping[str, Any]) -> list[Any]:
    """The short forms: rename/recode/move name what becomes of one area, merge and split say `into`."""
    if kind in ("rename", "recode", "move"):
        return [{name: given.get(name, "") for name in ("code", "name", "under")}]
    into = given.get("into") or []
    return into if isinstance(into, list) else [into]


def _part(given: object) -> Part:
    if isinstance(given, (str, int)):
        given = {"code": given}
    if not isinstance(given, dict):
        raise Refusal("调整后的区域须写明代码 code。", code="part")
    lists = [given.get(name) or [] for name in _LISTS]
    return Part(
        _code(given.get("code") or ""),
        str(given.get("name") or "").strip()[:120],
        _code(given.get("under") or ""),
        tuple(str(each).strip() for each in lists[0]),
        tuple(str(each).strip() for each in lists[1]),
    )


def _code(given: object) -> str:
    return rules.canonical(str(given))
