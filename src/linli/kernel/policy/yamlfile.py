"""Reads one pack file, remembering on which line every value was said."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import yaml

Json = Any  # None, bool, int, float, str, list, dict: what a jsonb column holds
Trail = tuple[str, ...]  # keys from the root; an entry of a coded list is named by its code

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Spot:
    """A line of a pack file; `file` is relative to the policies folder."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong with a pack: where it stands, which key, and what to do."""

    spot: Spot
    key: str
    message: str

    def __str__(self) -> str:
        return (
            f"{self.spot} {self.key}: {self.message}"
            if self.key
            else f"{self.spot}: {self.message}"
        )


@dataclass(slots=True)
class Sheet:
    """One file as values, with the spot of every trail and the problems met."""

    file: str
    body: dict[str, Json] = field(default_factory=dict)
    spots: dict[Trail, Spot] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def spot(self, node: yaml.Node) -> Spot:
        """Where a node begins."""
        return Spot(self.file, node.start_mark.line + 1)

    def blame(self, spot: Spot, trail: Trail, message: str) -> None:
        """Keep a problem."""
        self.problems.append(Problem(spot, ".".join(trail), message))


def read(path: Path, root: Path) -> Sheet:
    """Read a YAML file of a pack; syntax errors become problems, not exceptions."""
    sheet = Sheet(str(path.relative_to(root)))
    try:
        loader = _LOADER(path.read_text(encoding="utf-8"))
        node = loader.get_single_node()
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        said = getattr(error, "problem", None) or str(error)
        sheet.blame(Spot(sheet.file, line), (), f"not valid YAML: {said}")
        return sheet
    if not isinstance(node, yaml.MappingNode):
        sheet.blame(Spot(sheet.file, 1), (), "a pack file is a mapping of sections")
        return sheet
    sheet.body = _mapping(sheet, loader, node, ())
    return sheet


def _value(sheet: Sheet, loader: Any, node: yaml.Node, trail: Trail) -> Json:
    sheet.spots[trail] = sheet.spot(node)
    if isinstance(node, yaml.MappingNode):
        return _mapping(sheet, loader, node, trail)
    if isinstance(node, yaml.SequenceNode):
        return _sequence(sheet, loader, node, trail)
    value = loader.construct_object(node)
    return value.isoformat() if isinstance(value, date) else value


def _mapping(sheet: Sheet, loader: Any, node: yaml.MappingNode, trail: Trail) -> dict[str, Json]:
    said: set[str] = set()
    for key, _value_node in node.value:
        if key.value in said:
            sheet.blame(sheet.spot(key), (*trail, key.value), "said twice in the same place")
        said.add(key.value)
    loader.flatten_mapping(node)
    result: dict[str, Json] = {}
    for key, value in node.value:
        here = (*trail, key.value)
        result[key.value] = _value(sheet, loader, value, here)
        sheet.spots[here] = sheet.spot(key)
    _quoted(sheet, node, result, trail)
    return result


def _quoted(sheet: Sheet, node: yaml.Node, entry: dict[str, Json], trail: Trail) -> None:
    """Unquoted, YAML reads 0101 as the number 65."""
    if isinstance(entry.get("code"), (int, float)):
        written = _code(node) or ""
        message = f'a code is text: write it in quotes, "{written}"'
        sheet.blame(sheet.spots[(*trail, "code")], (*trail, "code"), message)
        entry["code"] = written


def _sequence(sheet: Sheet, loader: Any, node: yaml.SequenceNode, trail: Trail) -> list[Json]:
    names = [_code(child) for child in node.value]
    coded = bool(names) and all(names)
    result = []
    seen: set[str] = set()
    for index, child in enumerate(node.value):
        name = str(names[index]) if coded else str(index)
        if name in seen:
            sheet.blame(sheet.spot(child), (*trail, name), "this code is used twice in the list")
            continue
        seen.add(name)
        result.append(_value(sheet, loader, child, (*trail, name)))
    return result


def _code(node: yaml.Node) -> str | None:
    if not isinstance(node, yaml.MappingNode):
        return None
    pairs = ((key.value, value) for key, value in node.value)
    found = (value.value for key, value in pairs if key == "code")
    return next((str(value) for value in found if isinstance(value, str)), None)
