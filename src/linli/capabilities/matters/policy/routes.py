"""Routes: where a new matter goes first, and why."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import Annotated, Literal

from pydantic import Field

from linli.capabilities.matters.policy.catalogue import GroupCode, Handler
from linli.kernel.policy.shapes import Code, Level, Ref, Strict
from linli.ui.spoken import SpokenText

ClassGlob = Annotated[str, Ref(("matters.classes",), glob=True)]
ItemGlob = Annotated[str, Ref(("matters.items",), glob=True)]
Channel = Literal["web", "window", "field", "api", "hotline", "job"]


class Route(Strict):
    """Where a new matter goes first. Empty lists match everything; the lowest `order` that matches wins."""

    code: Code
    order: int
    classes: tuple[ClassGlob, ...] = ()
    items: tuple[ItemGlob, ...] = ()
    groups: tuple[GroupCode, ...] = ()
    levels: tuple[Level, ...] = ()
    channels: tuple[Channel, ...] = ()
    to: Handler
    reason: SpokenText = Field(min_length=1)

    def matches(self, entry: str, group: str, level: Level, channel: str, *, is_item: bool) -> bool:
        """Does it take a matter of this class or item, in this group, at a place of this level."""
        globs = self.items if is_item else self.classes
        named = bool(self.items or self.classes)
        return (
            (not named or any(fnmatchcase(entry, glob) for glob in globs))
            and (not self.groups or group in self.groups)
            and (not self.levels or level in self.levels)
            and (not self.channels or channel in self.channels)
        )

    @property
    def catches_all(self) -> bool:
        """Does it match every matter."""
        return not (self.classes or self.items or self.groups or self.levels or self.channels)
