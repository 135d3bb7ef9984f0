"""Where a case stands: one JSON-serialisable value that only `begin` and `step` make. Pure."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from linli.kernel.calendar import TermText


class _Value(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Sender(_Value):
    """Who handed the case over, and where it stood."""

    actor: int
    state: str


class Done(_Value):
    """The last time something was done: by whom, when, in which round, and how often so far."""

    actor: int
    at: AwareDatetime
    round: int
    times: int = 1


class Pause(_Value):
    """A time the clock stood still; `to` is empty while it does."""

    begins: AwareDatetime
    ends: AwareDatetime | None = None


class StageRun(_Value):
    """One run of a stage."""

    code: str
    round: int
    started: AwareDatetime
    met: AwareDatetime | None = None
    extensions: tuple[TermText, ...] = ()


class Position(_Value):
    """Where a case stands.

    `since`: when it came to this state or hand. `holder`: the account that has it (0: nobody took it yet). `halted`:
    how the clock stands still. `senders`: who handed it over, latest last.
    """

    state: str
    since: AwareDatetime | None = None
    round: int = 1
    holder: int = 0
    senders: tuple[Sender, ...] = ()
    halted: Literal["", "paused", "stopped"] = ""
    pauses: tuple[Pause, ...] = ()
    stages: tuple[StageRun, ...] = ()
    done: dict[str, Done] = Field(default_factory=dict)

    @property
    def paused_since(self) -> datetime | None:
        """Since when the clock stands still."""
        last = self.pauses[-1] if self.pauses else None
        return last.begins if last and last.ends is None else None


def dump(position: Position) -> dict[str, Any]:
    """The position as JSON values."""
    return position.model_dump(mode="json", exclude_defaults=True)


def load(raw: dict[str, Any]) -> Position:
    """The position kept by `dump` (ValueError when it is none)."""
    return Position.model_validate(raw)
