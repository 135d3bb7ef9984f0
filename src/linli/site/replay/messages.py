"""Residents' messages through the intake service, as their own form would send them."""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

from linli.capabilities.matters import selectors, services
from linli.capabilities.matters.services.intake import TITLE_MOST
from linli.capabilities.matters.suggest import BadRow, Message, evaluate, read_messages
from linli.kernel.acts import Refusal, under
from linli.kernel.acts.conveyor import drain
from linli.site.replay.throwaway import throwaway
from linli.site.replay.world import OTHER, World, codes_of, make_pack, settle

COMMUNITIES, RESIDENTS, TURN = 24, 48, 400
_SENTENCE = re.compile(r"[。！？!?\n]")


class BadFile(Exception):
    """The file holds no messages; the message says why."""


@dataclass(slots=True)
class Tally:
    """What came of the messages."""

    accepted: list[Message] = field(default_factory=list)
    unlabelled: int = 0
    with_lookalikes: int = 0
    lookalikes: int = 0
    refused_reasons: Counter[str] = field(default_factory=Counter)


def split(message: Message) -> tuple[str, str]:
    """Title and body as somebody at the form would type them: without a title, the first sentence."""
    if message.title:
        return message.title, message.body
    first = next((s.strip() for s in _SENTENCE.split(message.body) if s.strip()), "")
    if len(first) > TITLE_MOST:
        first = first[: TITLE_MOST - 1] + "…"
    return first, message.body


def read(path: Path, limit: int | None = None) -> tuple[list[Message], Counter[str]]:
    """The messages of a file, and why the other rows are none. Raises BadFile."""
    messages: list[Message] = []
    bad: Counter[str] = Counter()
    for number, found in enumerate(read_messages(path)):
        if limit is not None and number >= limit:
            break
        if isinstance(found, Message):
            messages.append(found)
        elif found.row <= 1 and not messages:
            raise BadFile(found.reason)
        else:
            bad[_told(found)] += 1
    return messages, bad


def _told(bad: BadRow) -> str:
    return re.sub(r"有 \d+ 列", "列数过多", bad.reason)


def _send(
    world: World, codes: dict[str, str], message: Message, dice: Random, tally: Tally
) -> None:
    """One message: what looks alike is offered first, then it is sent."""
    title, body = split(message)
    who = dice.choice(world.residents)
    area = dice.choice(list(world.communities.values()))
    act = world.act(who, datetime.now(UTC))
    code = codes.get(message.label, OTHER)
    intake = services.Intake(code=code, title=title, body=body, area=area, reporter=act.actor)
    with under(act):
        offered = selectors.lookalikes(
            code=code,
            words=f"{title} {body}",
            community=area,
            lon=None,
            lat=None,
            now=act.at,
        )
    try:
        services.report(act, intake=intake)
    except Refusal as refusal:
        tally.refused_reasons[str(refusal)] += 1
        return
    tally.accepted.append(message)
    tally.unlabelled += not message.label
    tally.with_lookalikes += bool(offered)
    tally.lookalikes += len(offered)


def replay(
    path: Path,
    *,
    learn_from: Path | None = None,
    limit: int | None = None,
    seed: int = 0,
    tell: Callable[[int, int], None] = lambda done, whole: None,
) -> dict[str, Any]:
    """Feed messages through the intake in a throw-away database and judge the suggested category.

    A held-out fifth is judged, or with `learn_from` the whole file. Raises BadFile.
    """
    messages, bad = read(path, limit)
    learn = read(learn_from)[0] if learn_from else None
    tally = Tally(refused_reasons=bad)
    labels = sorted({m.label for m in messages if m.label})
    with throwaway():
        make_pack(labels, "5WD")
        world = settle([f"第{n}社区" for n in range(1, COMMUNITIES + 1)], RESIDENTS)
        dice, codes = Random(seed), codes_of(labels)
        began = time.perf_counter()
        for number, message in enumerate(messages, 1):
            _send(world, codes, message, dice, tally)
            if number % TURN == 0:
                drain()
                tell(number, len(messages))
        drain()
        took = time.perf_counter() - began
    return _figures(tally, took, _judged(tally.accepted, learn, seed))


def _judged(
    accepted: Sequence[Message], learn: Sequence[Message] | None, seed: int
) -> dict[str, Any]:
    """How well the category was suggested; nothing where two labels are wanting."""
    rows = [(m.text, m.label) for m in accepted if m.label]
    teach = [(m.text, m.label) for m in learn if m.label] if learn is not None else None
    try:
        report = evaluate(rows, teach, seed=seed)
    except ValueError as error:
        return {"macro_f1": None, "n_train": 0, "n_test": 0, "per_class": {}, "why": str(error)}
    said = report.as_json()
    kept = ("macro_f1", "n_train", "n_test", "unseen", "left_out", "per_class")
    return {name: said[name] for name in kept}


def _figures(tally: Tally, took: float, judged: dict[str, Any]) -> dict[str, Any]:
    if judged["macro_f1"] is not None:
        judged["macro_f1"] = round(judged["macro_f1"], 4)
    accepted = len(tally.accepted)
    return {
        "accepted": accepted,
        "refused": sum(tally.refused_reasons.values()),
        "refused_reasons": dict(tally.refused_reasons.most_common()),
        "unlabelled": tally.unlabelled,
        "lookalikes": {"messages": tally.with_lookalikes, "offered": tally.lookalikes},
        **judged,
        "seconds": round(took, 1),
        "per_s": round(accepted / took, 1) if took else 0.0,
    }
