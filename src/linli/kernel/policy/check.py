"""Checks a merged pack: shapes without unknown keys, references that exist, contradictions rooms know of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from difflib import get_close_matches
from fnmatch import fnmatchcase
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from linli.kernel.policy.load import RawPack
from linli.kernel.policy.pack import NoSuchSection, Pack, Sections, step, typed
from linli.kernel.policy.shapes import Ref
from linli.kernel.policy.yamlfile import Json, Problem, Trail

Check = Callable[[Pack], Iterable[tuple[Trail, str]]]  # (where, what is wrong)
Loc = tuple[int | str, ...]


def problems_of(raw: RawPack, sections: Sections, checks: Sequence[Check] = ()) -> list[Problem]:
    """Everything wrong with a merged pack, in the order of the files; empty when it may be applied."""
    found = list(raw.problems)
    found += _unknown_sections(raw, sections)
    for name, shape in sections.items():
        found += _shape_problems(raw, name, shape)
    if not found:
        found += _reference_problems(raw, sections)
    if not found:
        pack = Pack(0, raw.head.code, raw.hash, raw.body, sections)
        found += _contradictions(raw, pack, checks)
    return sorted(found, key=lambda problem: (problem.spot.file, problem.spot.line))


def nearest(word: str, known: Iterable[str]) -> str:
    """A sentence part naming the nearest known word, or all of them when none is near."""
    choices = sorted(known)
    near = get_close_matches(word, choices, n=1, cutoff=0.6)
    return f"did you mean `{near[0]}`?" if near else f"known: {', '.join(choices) or 'none'}"


def _problem(raw: RawPack, trail: Trail, message: str) -> Problem:
    return Problem(raw.spot(trail), ".".join(trail), message)


def _unknown_sections(raw: RawPack, sections: Sections) -> Iterator[Problem]:
    for name in raw.body:
        if name != "pack" and name not in sections:
            yield _problem(raw, (name,), f"unknown section `{name}`; {nearest(name, sections)}")


def _shape_problems(raw: RawPack, name: str, shape: type[BaseModel]) -> Iterator[Problem]:
    if name not in raw.body:
        yield _problem(raw, (), f"section `{name}` is missing")
        return
    try:
        typed(shape, raw.body[name])
    except ValidationError as error:
        for item in error.errors():
            loc: Loc = item["loc"]
            trail = (name, *_trail(raw.body[name], loc))
            yield _problem(raw, trail, _said(item["type"], item["msg"], shape, loc))


def _said(kind: str, message: str, shape: type[BaseModel], loc: Loc) -> str:
    if kind == "extra_forbidden":
        known = _fields(shape, loc[:-1])
        return f"unknown key `{loc[-1]}`; {nearest(str(loc[-1]), known)}"
    if kind == "missing":
        return f"`{loc[-1]}` is missing"
    return message.removeprefix("Value error, ")


def _trail(body: Json, loc: Loc) -> Trail:
    """Pydantic's way (list positions) as ours (codes)."""
    trail: list[str] = []
    here = body
    for key in loc:
        if isinstance(here, list) and isinstance(key, int) and key < len(here):
            here = here[key]
            trail.append(str(here.get("code", key)) if isinstance(here, dict) else str(key))
        else:
            here = here.get(key) if isinstance(here, dict) else None
            trail.append(str(key))
    return tuple(trail)


def _fields(shape: type[BaseModel], loc: Loc) -> set[str]:
    """The keys that a shape knows at a place inside it."""
    shapes: list[type[BaseModel]] = [shape]
    for key in (key for key in loc if isinstance(key, str)):
        fields = [model.model_fields[key] for model in shapes if key in model.model_fields]
        shapes = [model for one in fields for model in _models(one.annotation)] or shapes
    known = (field for model in shapes for field in model.model_fields.items())
    return {field.alias or name for name, field in known}


def _models(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for inner in get_args(annotation) for model in _models(inner)]


def _reference_problems(raw: RawPack, sections: Sections) -> Iterator[Problem]:
    for name, shape in sections.items():
        section = typed(shape, raw.body[name])
        for trail, ref, value in _references(section, (name,)):
            codes = _codes(raw.body, ref.lists)
            if not _known(value, codes, glob=ref.glob):
                where = " or ".join(ref.lists)
                message = f"`{value}` is not in {where}; {nearest(value, codes)}"
                yield _problem(raw, trail, message)


def _known(value: str, codes: set[str], *, glob: bool) -> bool:
    return any(fnmatchcase(code, value) for code in codes) if glob else value in codes


def _references(model: BaseModel, trail: Trail) -> Iterator[tuple[Trail, Ref, str]]:
    for name, field in type(model).model_fields.items():
        here = (*trail, field.alias or name)
        refs = [m for m in field.metadata if isinstance(m, Ref)] or _marks(field.annotation)
        yield from _inside(getattr(model, name), here, refs)


def _inside(value: Any, trail: Trail, refs: list[Ref]) -> Iterator[tuple[Trail, Ref, str]]:
    if isinstance(value, BaseModel):
        yield from _references(value, trail)
    elif isinstance(value, str) and refs:
        yield trail, refs[0], str(value)
    elif isinstance(value, (tuple, list, frozenset)):
        for index, entry in enumerate(value):
            yield from _inside(entry, (*trail, str(getattr(entry, "code", index))), refs)
    elif isinstance(value, dict):
        for key, entry in value.items():
            yield from _inside(entry, (*trail, str(key)), refs)


def _marks(annotation: Any) -> list[Ref]:
    own = [m for m in getattr(annotation, "__metadata__", ()) if isinstance(m, Ref)]
    return own or [mark for inner in get_args(annotation) for mark in _marks(inner)]


def _codes(body: dict[str, Json], lists: tuple[str, ...]) -> set[str]:
    codes: set[str] = set()
    for path in lists:
        here: Json = body
        try:
            for key in path.split("."):
                here = step(here, key)
        except LookupError:
            continue
        codes |= {str(entry["code"]) for entry in here}
    return codes


def _contradictions(raw: RawPack, pack: Pack, checks: Sequence[Check]) -> Iterator[Problem]:
    for check in checks:
        try:
            for trail, message in check(pack):
                yield _problem(raw, trail, message)
        except NoSuchSection as error:
            yield _problem(raw, (), str(error))
