"""A pack: merged values, typed by section, each norm with its source, known by a hash."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from linli.kernel.policy.shapes import InForce, Norm, Source, Status
from linli.kernel.policy.yamlfile import Json

S = TypeVar("S", bound=BaseModel)
Sections = Mapping[str, type[BaseModel]]


class NoSuchSection(LookupError):
    """The pack has no such section, or no room declared that shape."""


def canonical(body: Json) -> str:
    """The one way to write a body down: keys sorted, no spaces, characters as they are."""
    return json.dumps(body, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def fingerprint(body: Json) -> str:
    """SHA-256 (hex) of the canonical body; the order of keys does not matter."""
    return hashlib.sha256(canonical(body).encode()).hexdigest()


def typed(shape: type[S], body: Json) -> S:
    """Read a section strictly; raises pydantic.ValidationError."""
    return shape.model_validate_json(canonical(body))


@dataclass(frozen=True, slots=True)
class Pack:
    """A pack version in use; ``id`` is 0 for one that was never applied."""

    id: int
    code: str
    hash: str
    body: dict[str, Json]
    sections: Sections
    _read: dict[type[BaseModel], BaseModel] = field(default_factory=dict, compare=False, repr=False)

    @property
    def name(self) -> str:
        """The pack's name as people say it."""
        return str(self.body["pack"]["name"])

    def section(self, shape: type[S]) -> S:
        """The section of that shape, validated once. Raises NoSuchSection."""
        found = self._read.get(shape)
        if not isinstance(found, shape):
            found = typed(shape, self._body_of(shape))
            self._read[shape] = found
        return found

    def misfits(self) -> list[str]:
        """Sections that this programme reads and the pack does not have, or has in another shape; by name."""
        found = []
        for name, shape in self.sections.items():
            try:
                self.section(shape)
            except (NoSuchSection, ValidationError):
                found.append(name)
        return found

    def _body_of(self, shape: type[BaseModel]) -> Json:
        for name, declared in self.sections.items():
            if declared is shape:
                if name in self.body:
                    return self.body[name]
                raise NoSuchSection(f"pack {self.code} has no section `{name}`")
        raise NoSuchSection(f"no room declares the section shape {shape.__name__}")

    def norm(self, path: str) -> Norm:
        """The norm around a dotted path (`matters.classes.0101.term`): source, status, in force.

        Raises LookupError when the path leads nowhere or no norm stands around it.
        """
        here: Json = self.body
        found: Json = None
        for key in path.split("."):
            here = step(here, key)
            if isinstance(here, dict) and "source" in here:
                found = here
        if found is None:
            raise LookupError(f"no norm around {path}")
        return Norm(
            source=typed(Source, found["source"]),
            status=Status(found["status"]),
            in_force=typed(InForce, found["in_force"]),
        )


def step(here: Json, key: str) -> Json:
    """One step down a body: by key, or by code in a coded list. Raises LookupError."""
    if isinstance(here, dict):
        return here[key]
    if isinstance(here, list):
        for entry in here:
            if isinstance(entry, dict) and entry.get("code") == key:
                return entry
        if key.isdigit():
            return here[int(key)]
    raise LookupError(f"nothing called {key} here")
