"""Lays a place's pack over the one it extends, entry by entry."""

from __future__ import annotations

from dataclasses import dataclass, field

from linli.kernel.policy.yamlfile import Json, Problem, Spot, Trail

# Half of one source and half of another would be a citation of nothing.
WHOLE = {"source", "in_force"}
WILL_REMOVE = {"code", "removed", "reason"}


@dataclass(slots=True)
class Layers:
    """Merged values so far, with who said what: the last spot of a trail is the one in force."""

    body: dict[str, Json] = field(default_factory=dict)
    origins: dict[Trail, tuple[Spot, ...]] = field(default_factory=dict)
    removed: dict[Trail, tuple[Spot, str]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def spot(self, trail: Trail) -> Spot:
        """The spot in force for a trail, or for the nearest thing around it."""
        for length in range(len(trail), -1, -1):
            if origin := self.origins.get(trail[:length]):
                return origin[-1]
        return Spot("pack.yaml", 1)

    def blame(self, spot: Spot, trail: Trail, message: str) -> None:
        """Keep a problem."""
        self.problems.append(Problem(spot, ".".join(trail), message))


def is_coded(value: Json) -> bool:
    """Is it a list whose entries are known by their code."""
    return (
        isinstance(value, list)
        and bool(value)
        and all(isinstance(entry, dict) and isinstance(entry.get("code"), str) for entry in value)
    )


def lay(layers: Layers, body: dict[str, Json], spots: dict[Trail, Spot], *, over: bool) -> None:
    """Lay one body over the layers; without ``over`` (files of one place) nothing may be said twice."""
    _Laying(layers, spots, over).mapping(layers.body, body, ())


@dataclass(slots=True)
class _Laying:
    layers: Layers
    spots: dict[Trail, Spot]
    over: bool

    def mapping(self, base: dict[str, Json], body: dict[str, Json], trail: Trail) -> None:
        for key, value in body.items():
            here = (*trail, key)
            if self.over and isinstance(value, dict) and "removed" in value:
                for gone in self.remove(value, key in base, here):
                    del base[gone]
            elif key in base:
                base[key] = self.both(base[key], value, here)
            else:
                base[key] = self.fresh(value, here)

    def both(self, base: Json, value: Json, trail: Trail) -> Json:
        if trail[-1] not in WHOLE:
            if isinstance(base, dict) and isinstance(value, dict):
                self.cited(base, value, trail)
                self.claim(trail)
                self.mapping(base, value, trail)
                return base
            if is_coded(base) and is_coded(value):
                self.claim(trail)
                self.coded(base, value, trail)
                return base
        if not self.over:
            self.said_twice(trail)
        self.forget(trail)
        return self.fresh(value, trail)

    def cited(self, base: dict[str, Json], value: dict[str, Json], trail: Trail) -> None:
        if self.over and "source" in base and "source" not in value:
            message = "changes a norm without naming its own source, status and in_force"
            self.layers.blame(self.spot(trail), trail, message)

    def said_twice(self, trail: Trail) -> None:
        first = self.layers.spot(trail)
        self.layers.blame(self.spot(trail), trail, f"already said at {first} in the same place")

    def coded(self, base: list[Json], entries: list[Json], trail: Trail) -> None:
        index = {entry["code"]: position for position, entry in enumerate(base)}
        gone: set[str] = set()
        for entry in entries:
            code = entry["code"]
            here = (*trail, code)
            if "removed" in entry and self.over:
                gone |= self.remove(entry, code in index, here)
            elif code in index:
                self.override(base[index[code]], entry, here)
            else:
                base.append(self.fresh(entry, here))
        base[:] = [entry for entry in base if entry["code"] not in gone]

    def override(self, base: dict[str, Json], entry: dict[str, Json], trail: Trail) -> None:
        if not self.over:
            self.said_twice(trail)
            return
        self.cited(base, entry, trail)
        self.claim(trail)
        self.mapping(base, entry, trail)

    def remove(self, entry: dict[str, Json], known: bool, trail: Trail) -> set[str]:
        reason = entry.get("reason")
        spot = self.spot(trail)
        if entry["removed"] is not True or not isinstance(reason, str) or not reason.strip():
            self.layers.blame(spot, trail, "a removal is `removed: true` with a `reason`")
        if extra := set(entry) - WILL_REMOVE:
            self.layers.blame(spot, trail, f"a removal carries nothing else: {sorted(extra)}")
        if not known:
            self.layers.blame(spot, trail, "removes an entry that the extended pack does not have")
            return set()
        self.forget(trail)
        self.layers.removed[trail] = (spot, str(reason))
        return {trail[-1]}

    def fresh(self, value: Json, trail: Trail) -> Json:
        self.claim(trail)
        if isinstance(value, dict):
            return {key: self.fresh(inner, (*trail, key)) for key, inner in value.items()}
        if is_coded(value):
            return self.fresh_entries(value, trail)
        if isinstance(value, list):
            return [self.fresh(v, (*trail, str(i))) for i, v in enumerate(value)]
        return value

    def fresh_entries(self, entries: list[Json], trail: Trail) -> list[Json]:
        kept: list[Json] = []
        self.coded(kept, entries, trail)
        return kept

    def spot(self, trail: Trail) -> Spot:
        for length in range(len(trail), -1, -1):
            if found := self.spots.get(trail[:length]):
                return found
        return Spot("pack.yaml", 1)

    def claim(self, trail: Trail) -> None:
        self.layers.origins[trail] = (
            *self.layers.origins.get(trail, ()),
            self.spot(trail),
        )

    def forget(self, trail: Trail) -> None:
        """A replaced value keeps its own history; what stood below it is gone."""
        depth = len(trail)
        below = [t for t in self.layers.origins if len(t) > depth and t[:depth] == trail]
        for stale in below:
            del self.layers.origins[stale]
