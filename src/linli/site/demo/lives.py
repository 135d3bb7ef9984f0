"""One matter's life in memory: the real flow and clocks decide, the rows are written later in batches.

Each method does to the row what the service of the same name does; a test holds the two together.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from linli.capabilities.matters import clocks
from linli.capabilities.matters.models import Evidence, Extension, Matter, Message
from linli.capabilities.matters.rules import base_of
from linli.capabilities.matters.services.move import ENDS_OFFER
from linli.kernel.acts import Act
from linli.kernel.flow import Flow, Position, dump, load, step
from linli.site.demo.people import Hand


class NotYet(Exception):
    """What comes next lies in the future: the life stands here today."""


@dataclass(frozen=True, slots=True)
class Trace:
    """A fact to be written: what was done, by whom, with which codes and words."""

    at: datetime
    verb: str
    hand: Hand
    channel: str
    data: dict[str, Any]
    words: dict[str, str]


@dataclass(slots=True)
class Shot:
    """A picture of a matter: which drawing, for what, by whom."""

    drawing: int
    use: Evidence.Use
    hand: Hand
    at: datetime
    round: int


@dataclass(slots=True)
class Life:
    """A matter on its way, with all that is said and shown."""

    matter: Matter
    act: Act
    hand: Hand
    now: datetime
    traces: list[Trace] = field(default_factory=list)
    says: list[Message] = field(default_factory=list)
    wishes: list[Extension] = field(default_factory=list)
    shots: list[Shot] = field(default_factory=list)
    into: Life | None = None
    resident: Hand | None = None
    followers: list[Hand] = field(default_factory=list)
    flow: Flow = field(init=False)
    position: Position = field(init=False)

    def __post_init__(self) -> None:
        self.flow = clocks.flow(self.matter)
        self.position = load(self.matter.position)
        m = self.matter
        data = {"code": m.code, "unit": m.unit_id, "post": m.post, "route": m.route["code"]}
        self.traces.append(Trace(self.act.at, "matters.report", self.hand, m.channel, data, {}))

    @property
    def last(self) -> datetime:
        """When something happened last."""
        return self.traces[-1].at

    def due(self) -> datetime | None:
        """When the promise ends, as the clock stands."""
        return clocks.promised(self.matter, self.position)

    def _step(
        self,
        verb: str,
        hand: Hand,
        at: datetime,
        words: Mapping[str, str] | None = None,
        codes: Mapping[str, Any] | None = None,
        **inputs: Any,
    ) -> None:
        if at > self.now:
            raise NotYet
        m, before = self.matter, self.matter.state
        new = step(self.flow, self.position, verb, at, hand.account, inputs, {hand.role})
        self.position, m.state, m.round = new, new.state, new.round
        if base_of(verb) in ENDS_OFFER:
            m.offered_unit_id, m.offered_post, m.offer = None, "", ""
        if self.flow.states[new.state].terminal:
            m.closed = m.closed or at
        elif m.closed is not None:
            m.closed = None
        data = {**(codes or {}), "round": new.round}
        if before != new.state:
            data |= {"state": new.state, "was": before}
        channel = "web" if hand.role in ("resident", "guest") else "window"
        if hand.role == "grid_worker":
            channel = "field"
        kept = {name: text for name, text in (words or {}).items() if text}
        self.traces.append(Trace(at, verb, hand, channel, data, kept))

    def _say(self, side: Message.Side, hand: Hand, at: datetime, body: str) -> None:
        self.says.append(
            Message(
                matter=self.matter, side=side, account_id=hand.account or None, body=body, at=at
            )
        )

    def accept(self, hand: Hand, at: datetime) -> None:
        """Take it on."""
        self._step("matters.accept", hand, at)
        m = self.matter
        m.accepted, m.assignee_id = m.accepted or at, hand.account
        m.receiver_id = m.receiver_id or hand.account

    def refuse(self, hand: Hand, at: datetime, reason: str) -> None:
        """Decline it."""
        self._step("matters.refuse", hand, at, {"reason": reason}, reason=reason)

    def withdraw(self, hand: Hand, at: datetime, reason: str) -> None:
        """Take it back."""
        self._step("matters.withdraw", hand, at, {"reason": reason}, reason=reason)

    def offer(self, verb: str, hand: Hand, at: datetime, to: int, post: str, reason: str) -> None:
        """Transfer, escalate or send down: offered until the other side takes it."""
        codes = {"to": to, "post": post}
        self._step(f"matters.{verb}", hand, at, {"reason": reason}, codes, reason=reason)
        m = self.matter
        m.offered_unit_id, m.offered_post, m.offer = to, post, verb

    def accept_transfer(self, hand: Hand, at: datetime) -> None:
        """Take over what was offered."""
        m = self.matter
        self._step("matters.accept_transfer", hand, at, codes={"giver": m.unit_id})
        m.unit_id, m.post = m.offered_unit_id, m.offered_post or hand.post
        m.assignee_id, m.accepted = hand.account, m.accepted or at
        m.offered_unit_id, m.offered_post, m.offer = None, "", ""

    def decline_transfer(self, hand: Hand, at: datetime, reason: str) -> None:
        """Give it back."""
        self._step("matters.decline_transfer", hand, at, {"reason": reason}, reason=reason)
        m = self.matter
        m.offered_unit_id, m.offered_post, m.offer = None, "", ""

    def contact(self, hand: Hand, at: datetime, words: str) -> None:
        """Note that the resident was spoken to."""
        self._step("matters.contact", hand, at, {"words": words})

    def ask(self, hand: Hand, at: datetime, question: str) -> None:
        """Ask the resident; the clock rests."""
        self._step("matters.ask", hand, at, {"reason": question}, question=question)
        self._say(Message.Side.OFFICE, hand, at, question)

    def answer(self, hand: Hand, at: datetime, body: str) -> None:
        """Answer; the clock goes on."""
        self._step("matters.answer", hand, at, answer=body)
        self._say(Message.Side.RESIDENT, hand, at, body)

    def message(self, hand: Hand, at: datetime, body: str, side: Message.Side) -> None:
        """Say something."""
        self._step("matters.message", hand, at, codes={"side": side.value})
        self._say(side, hand, at, body)

    def urge(self, hand: Hand, at: datetime, words: str) -> None:
        """Remind the holder."""
        self._step("matters.urge", hand, at, {"words": words})
        self.matter.urged += 1
        self._say(Message.Side.RESIDENT, hand, at, words)

    def ask_extension(self, hand: Hand, at: datetime, amount: int, reason: str) -> None:
        """Ask for more time."""
        term = f"{amount}WD"
        self._step(
            "matters.ask_extension", hand, at, {"reason": reason}, {"amount": amount},
            reason=reason, term=term,
        )  # fmt: skip
        self.wishes.append(
            Extension(
                matter=self.matter,
                amount=amount,
                measure="WD",
                reason=reason,
                asked_by_id=hand.account,
                asked=at,
            )
        )

    def grant_extension(self, hand: Hand, at: datetime, words: str) -> None:
        """Grant the wish for more time."""
        wish = self.wishes[-1]
        codes = {"granted": True}
        term = f"{wish.amount}WD"
        self._step("matters.decide_extension", hand, at, {"words": words}, codes, term=term)
        wish.granted, wish.words, wish.decided, wish.decided_by_id = True, words, at, hand.account

    def explain_delay(self, hand: Hand, at: datetime, reason: str) -> None:
        """Say why it is late."""
        self._step("matters.explain_delay", hand, at, {"reason": reason}, reason=reason)
        self.matter.delay_reason = reason

    def handle(self, hand: Hand, at: datetime, outcome: str, drawing: int | None = None) -> None:
        """Report it done."""
        codes = {"result": "solved"}
        self._step("matters.handle", hand, at, {"outcome": outcome}, codes, outcome=outcome)
        m = self.matter
        m.handled, m.handler_id, m.outcome = at, hand.account, "solved"
        if drawing is not None:
            self.shots.append(Shot(drawing, Evidence.Use.HANDLE, hand, at, m.round))

    def verify(self, hand: Hand, at: datetime, words: str) -> None:
        """Confirm it."""
        self._step("matters.verify", hand, at, {"words": words})

    def rework(self, hand: Hand, at: datetime, reason: str) -> None:
        """Send it back."""
        self._step("matters.rework", hand, at, {"reason": reason}, reason=reason)
        self.matter.handled, self.matter.outcome = None, ""

    def close(self, hand: Hand, at: datetime, words: str) -> None:
        """Close it."""
        self._step("matters.close", hand, at, {"words": words}, outcome=words or "closed")
        self.matter.closed = at

    def merge(self, hand: Hand, at: datetime, into: Life) -> None:
        """Close it as the same thing as another."""
        codes, reason = {"into": into.matter.pk}, "与已受理的一件为同一问题"
        self._step("matters.merge", hand, at, {"reason": reason}, codes, reason=reason)
        self.matter.duplicate_of_id, self.into = into.matter.pk, into

    def rate(self, hand: Hand, at: datetime, value: int, words: str) -> None:
        """Say how satisfied one is."""
        codes = {"value": value, "solved": value > 2}
        self._step("matters.rate", hand, at, {"words": words}, codes)
        m = self.matter
        m.rating, m.solved, m.rated, m.rating_words = value, value > 2, at, words

    def reopen(self, hand: Hand, at: datetime, reason: str) -> None:
        """Bring it back."""
        self._step("matters.reopen", hand, at, {"reason": reason}, reason=reason)
        m = self.matter
        m.closed = m.handled = m.on_time = m.rating = m.rated = m.solved = None
        m.outcome, m.rating_words = "", ""

    def settle(self) -> None:
        """Write position and clocks on the row, as they stand after the last step."""
        self.matter.position = dump(self.position)
        clocks.set_clocks(self.matter, self.position, self.last)
        self.matter.changed = self.last
