"""Loads a place's pack: its own files over the packs it extends, with who said what."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

from pydantic import Field, ValidationError

from linli.kernel.policy.merge import Layers, lay
from linli.kernel.policy.pack import fingerprint, typed
from linli.kernel.policy.shapes import Code, Strict
from linli.kernel.policy.yamlfile import Json, Problem, Sheet, Spot, Trail, read

HEAD = "pack.yaml"
POLICIES = Path(os.environ.get("LINLI_POLICIES", Path(__file__).resolve().parents[4] / "policies"))


class PackHead(Strict):
    """The head of a pack, `pack.yaml`: what it is called, what it extends, whom it binds."""

    code: Code
    name: Annotated[str, Field(min_length=1)]
    extends: Code | None = None
    jurisdiction: Annotated[str, Field(min_length=1)]


class NoSuchPack(LookupError):
    """There is no folder of that name with a head that can be read."""


@dataclass(frozen=True, slots=True)
class RawPack:
    """A merged pack, not yet checked: values, the chain of places, and the origin of every entry."""

    head: PackHead
    chain: tuple[str, ...]
    body: dict[str, Json]
    hash: str
    origins: dict[Trail, tuple[Spot, ...]] = field(repr=False)
    removed: dict[Trail, tuple[Spot, str]] = field(repr=False)
    problems: tuple[Problem, ...] = field(repr=False)

    def spot(self, trail: Trail) -> Spot:
        """The line in force for a trail, or for the nearest thing around it."""
        return Layers(origins=self.origins).spot(trail)

    def overrides(self) -> dict[Trail, tuple[Spot, ...]]:
        """Values that a later pack changed: every spot that said them, the last one in force."""
        folders = {
            trail: {spot.file.split("/")[0] for spot in o} for trail, o in self.origins.items()
        }
        leaves = {trail for trail, places in folders.items() if len(places) > 1}
        inner = {trail[:depth] for trail in self.origins for depth in range(len(trail))}
        return {
            trail: self.origins[trail] for trail in sorted(leaves - inner) if trail[-1] != "code"
        }


def places(root: Path = POLICIES) -> list[str]:
    """The places that have a pack under the policies folder."""
    return sorted(path.parent.name for path in root.glob(f"*/{HEAD}"))


def load(place: str, root: Path = POLICIES) -> RawPack:
    """Load and merge a place's pack. Raises NoSuchPack; every other problem is kept in it."""
    chain, problems = _chain(place, root)
    layers = Layers(problems=problems)
    for head in reversed(chain):
        own = Layers(problems=layers.problems)
        for sheet in _sheets(head.code, root):
            layers.problems.extend(sheet.problems)
            lay(own, sheet.body, sheet.spots, over=False)
        lay(layers, own.body, {t: o[-1] for t, o in own.origins.items()}, over=True)
    codes = tuple(head.code for head in reversed(chain))
    body = {"pack": _head_body(chain[0], codes), **layers.body}
    return RawPack(
        chain[0],
        codes,
        body,
        fingerprint(body),
        layers.origins,
        layers.removed,
        tuple(layers.problems),
    )


def _head_body(head: PackHead, chain: tuple[str, ...]) -> dict[str, Json]:
    return {**head.model_dump(mode="json"), "chain": list(chain)}


def _chain(place: str, root: Path) -> tuple[list[PackHead], list[Problem]]:
    chain: list[PackHead] = []
    problems: list[Problem] = []
    wanted: str | None = place
    while wanted is not None:
        head = _head(wanted, root, problems)
        if head.code in [known.code for known in chain]:
            where = Spot(f"{chain[-1].code}/{HEAD}", 1)
            problems.append(Problem(where, "extends", f"packs extend each other: {head.code}"))
            break
        chain.append(head)
        wanted = head.extends
    return chain, problems


def _head(place: str, root: Path, problems: list[Problem]) -> PackHead:
    path = root / place / HEAD
    if not path.is_file():
        known = "、".join(places(root)) or "none"
        raise NoSuchPack(f"there is no pack `{place}`: {path.name} is missing (known: {known})")
    sheet = read(path, root)
    problems.extend(sheet.problems)
    try:
        head = typed(PackHead, sheet.body)
    except ValidationError as error:
        said = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        raise NoSuchPack(f"{sheet.file}: the head cannot be read ({said})") from None
    if head.code != place:
        spot = sheet.spots.get(("code",), Spot(sheet.file, 1))
        problems.append(Problem(spot, "code", f"the folder is called `{place}`"))
        head = head.model_copy(update={"code": place})
    return head


def _sheets(place: str, root: Path) -> list[Sheet]:
    folder = root / place
    paths = sorted(path for path in folder.rglob("*.yaml") if path != folder / HEAD)
    return [read(path, root) for path in paths]
