"""The shape of a flow, frozen and strict, so that packs can carry it. Pure."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from linli.kernel.calendar import TermText, Warn
from linli.ui.spoken import SpokenText

NEW = "@new"  # before the case exists
SAME = "@same"  # stays where it is
SENDER = "@sender"  # back to the person who sent it
ANY = "*"  # any state that is not terminal


def _many(value: object) -> object:
    return (value,) if isinstance(value, str) else value


Codes = Annotated[tuple[str, ...], BeforeValidator(_many)]


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class State(_Shape):
    """Where a case can be; `owner` is the role that must act, `public_title` what the resident reads."""

    title: SpokenText
    public_title: SpokenText = ""
    terminal: bool = False
    clock: Literal["runs", "paused", "stopped"] = "runs"
    owner: str = ""

    @property
    def halts(self) -> Literal["", "paused", "stopped"]:
        """How the clock stands still here; a terminal state always stops it."""
        if self.terminal:
            return "stopped"
        return "" if self.clock == "runs" else self.clock


class Action(_Shape):
    """What can be done. `from` lists states (`*` any open one, `@new` the beginning); `to` is a state, `@same`, `@sender`.

    `roles` may hold `@holder`: the one who has the case. `takes`: the actor now has it. `hands_over`: the sender is
    remembered, for `@sender`. `distinct_from`: actions of this round whose actor may not do this one. `extends` names
    stages that the input `term` prolongs, by at most `up_to`. `limit`: how often in a case (0: no limit).
    """

    title: SpokenText
    from_: Codes = Field(alias="from")
    to: str
    roles: Codes = ()
    needs: Codes = ()
    public: bool = False
    pauses: bool = False
    resumes: bool = False
    new_round: bool = False
    kind: Literal["normal", "escalate", "return", "extend"] = "normal"
    takes: bool = False
    hands_over: bool = False
    distinct_from: Codes = ()
    extends: Codes = ()
    up_to: TermText | None = None
    limit: int = Field(default=0, ge=0)


class Shares(_Shape):
    """Shares of a stage's term after which it turns yellow and red."""

    yellow: float = Field(default=0.7, gt=0, le=1)
    red: float = Field(default=0.9, gt=0, le=1)

    @model_validator(mode="after")
    def _in_order(self) -> Shares:
        Warn(self.yellow, self.red)
        return self

    @property
    def warn(self) -> Warn:
        """The shares as the calendar takes them."""
        return Warn(self.yellow, self.red)


class Stage(_Shape):
    """A promise inside the case: from the verbs that start it to those that meet it, within a term.

    `undone_by`: verbs that take the meeting back, so that the clock goes on from its first start (rework).
    `pausable` false: pauses do not help (a deadline set by somebody else). `term` empty: given by the item.
    """

    title: SpokenText
    starts_on: Codes
    met_by: Codes
    undone_by: Codes = ()
    term: TermText | None = None
    warn: Shares = Shares()
    pausable: bool = True


class Escalation(_Shape):
    """What happens when nobody acts: `action` by the role `by`, after a share of a stage's term or after idle time."""

    action: str
    by: str = "system"
    stage: str = ""
    after_share: float | None = Field(default=None, gt=0)
    idle: TermText | None = None
    states: Codes = ()

    @model_validator(mode="after")
    def _one_cause(self) -> Escalation:
        if (self.after_share is None) == (self.idle is None):
            raise ValueError("升级须写明 after_share 或 idle 其中一项。")
        if (self.after_share is None) != (not self.stage):
            raise ValueError("after_share 须与 stage 同时填写。")
        return self


class Flow(_Shape):
    """A declared state machine."""

    states: dict[str, State]
    actions: dict[str, Action]
    stages: dict[str, Stage] = Field(default_factory=dict)
    escalations: tuple[Escalation, ...] = ()

    def open_to(self, action: Action, state: str) -> bool:
        """Whether an action may be done from a state."""
        if state in action.from_:
            return True
        return ANY in action.from_ and state != NEW and not self.states[state].terminal

    def sources(self, action: Action) -> tuple[str, ...]:
        """The states an action may be done from."""
        return tuple(code for code in self.states if self.open_to(action, code))

    def targets(self, action: Action, state: str) -> tuple[str, ...]:
        """The states an action may lead to from a state; a return leads to wherever it can have been handed over."""
        if action.to == SAME:
            return (state,)
        if action.to != SENDER:
            return (action.to,)
        handing = [a for a in self.actions.values() if a.hands_over]
        found = {source for each in handing for source in self.sources(each)}
        return tuple(code for code in self.states if code in found)
