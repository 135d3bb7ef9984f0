"""The row-level scope of a transaction: what PostgreSQL is told about the actor before the first row is read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import transaction

from linli.kernel.acts import prepared
from linli.kernel.acts.act import Act, Span

SLOTS = 4  # three hats' areas and one for a crossing
_current: ContextVar[Act | None] = ContextVar("linli_act", default=None)
_crossed: ContextVar[Span | None] = ContextVar("linli_crossed", default=None)

_NAMES = ("linli.account", "linli.unit", "linli.key", "linli.sensitive") + tuple(
    f"linli.{end}{slot}" for slot in range(1, SLOTS + 1) for end in ("lo", "hi")
)
_SET = "SELECT " + ", ".join(f"set_config('{name}', %s, true)" for name in _NAMES)


def current() -> Act | None:
    """The act in force, if any."""
    return _current.get()


def _values(act: Act, spans: tuple[Span, ...]) -> list[str]:
    account, key = act.actor or "", act.key or ""
    unit = (act.unit or "") if act.unit_sight else ""
    values = [str(account), str(unit), str(key), "on" if act.sensitive else ""]
    for slot in range(SLOTS):
        span = spans[slot] if slot < len(spans) else None
        values += [str(span.lo), str(span.hi)] if span else ["", ""]
    return values


def tell(act: Act, extra: Span | None = None) -> None:
    """Tell PostgreSQL the scope of the running transaction (one statement; it ends with the transaction)."""
    spans = act.spans[: SLOTS - 1] + ((extra,) if extra else ())
    prepared.run(_SET, _values(act, spans))


@contextmanager
def holding(act: Act) -> Iterator[Act]:
    """Put an act in force inside a transaction that is already open."""
    before, crossed = _current.get(), _crossed.get()
    tell(act)
    token, passed = _current.set(act), _crossed.set(None)
    try:
        yield act
    finally:
        _current.reset(token)
        _crossed.reset(passed)
    if before is not None:
        tell(before.on(sensitive=True) if crossed else before, crossed)


@contextmanager
def under(act: Act) -> Iterator[Act]:
    """Run a block in a transaction, under the scope of an act."""
    with transaction.atomic(), holding(act):
        yield act


@contextmanager
def crossing(span: Span, *, restricted: bool = True) -> Iterator[None]:
    """Widen the scope by one span for the statements inside: the one door for rows that leave the actor's scope.

    To be entered only after the grant; PostgreSQL refuses the row otherwise, because RETURNING must see it.
    A restricted row may pass too, whoever writes it; `restricted` false: none is among them.
    """
    act, outer = _current.get(), _crossed.get()
    own = act.spans[: SLOTS - 1] if act and (act.sensitive or not restricted) else ()
    if act is None or any(wide.covers(span) for wide in (*own, *((outer,) if outer else ()))):
        yield
        return
    tell(act.on(sensitive=True), span)
    token = _crossed.set(span)
    try:
        yield
    finally:
        _crossed.reset(token)
    tell(act.on(sensitive=True) if outer else act, outer)
