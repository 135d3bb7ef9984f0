"""Declared verbs: one declaration feeds permission, transaction, fact, timeline, API and reference."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from linli.kernel.acts.act import Act, Denied, Words
from linli.kernel.acts.record import record
from linli.kernel.acts.scope import current, under

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Verb:
    """A declared verb; `door` is the dotted name of its one function (empty for readings)."""

    code: str
    title: Words
    keep: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    door: str = ""
    doc: str = ""

    @property
    def writes(self) -> bool:
        """Whether the verb leaves a fact."""
        return bool(self.door)


Guard = Callable[[Act, Verb, object], None]
Listener = Callable[..., None]

_verbs: dict[str, Verb] = {}
_listeners: dict[str, tuple[frozenset[str], Listener]] = {}
_guards: list[Guard] = []
_pad: ContextVar[dict[str, Any] | None] = ContextVar("linli_pad", default=None)


def verbs() -> dict[str, Verb]:
    """Every declared verb by code."""
    return dict(_verbs)


def listeners() -> dict[str, tuple[frozenset[str], Listener]]:
    """Every listener by name, with the verbs it hears."""
    return dict(_listeners)


def guard_with(guard: Guard) -> None:
    """Add a check that runs before every guarded verb (access hands it over at start)."""
    _guards.append(guard)


def reading(code: str, title: Words) -> Verb:
    """Declare a verb that writes nothing: the permission to see a page."""
    return _declare(Verb(code, title))


def _declare(verb: Verb) -> Verb:
    known = _verbs.get(verb.code)
    if known is not None and known.door != verb.door:
        raise RuntimeError(f"{verb.code} is declared twice: {known.door} and {verb.door}")
    _verbs[verb.code] = verb
    return verb


def permit(act: Act, verb: Verb, subject: object = None) -> None:
    """Refuse unless the actor holds the verb and every guard agrees."""
    if not act.may(verb.code):
        raise Denied(_("您没有“%(verb)s”的权限。") % {"verb": verb.title})
    for guard in _guards:
        guard(act, verb, subject)


def note(**codes: Any) -> None:
    """Add codes or ids to the fact of the running verb."""
    pad = _pad.get()
    if pad is not None:
        pad.update(codes)


def _scope(act: Act) -> AbstractContextManager[object]:
    return transaction.atomic() if current() is act else under(act)


def action(
    code: str,
    *,
    title: Words,
    keep: tuple[str, ...] = (),
    codes: tuple[str, ...] = (),
    guard: bool = True,
) -> Callable[[Callable[Concatenate[Act, P], R]], Callable[Concatenate[Act, P], R]]:
    """Declare a verb: grant → transaction → the function → one fact.

    The subject is the second positional argument when it is a row, else the returned row. `codes` names keyword
    arguments written into the fact; `keep` names free texts written into its erasable side row.
    """

    def declare(
        function: Callable[Concatenate[Act, P], R],
    ) -> Callable[Concatenate[Act, P], R]:
        door = f"{function.__module__}.{function.__qualname__}"
        verb = _declare(Verb(code, title, keep, codes, door, (function.__doc__ or "").strip()))

        @wraps(function)
        def act_on(act: Act, /, *args: P.args, **kwargs: P.kwargs) -> R:
            first = args[0] if args else None
            if guard:
                permit(act, verb, first)
            with _scope(act):
                with _notes() as pad:
                    result = function(act, *args, **kwargs)
                subject = first if isinstance(first, models.Model) else result
                _leave(act, verb, subject, kwargs, pad)
            return result

        return act_on

    return declare


@contextmanager
def _notes() -> Iterator[dict[str, Any]]:
    """A fresh pad for what the running verb notes."""
    pad: dict[str, Any] = {}
    token = _pad.set(pad)
    try:
        yield pad
    finally:
        _pad.reset(token)


def _leave(
    act: Act, verb: Verb, subject: object, given: Mapping[str, Any], pad: dict[str, Any]
) -> None:
    data = {name: given[name] for name in verb.codes if given.get(name) is not None}
    words = {name: str(given[name]) for name in verb.keep if given.get(name)}
    record(act, verb.code, subject, {**data, **pad}, words)


def listens(*codes: str) -> Callable[[Listener], Listener]:
    """Hear facts of some verbs, in sealed order, in batches, each exactly once."""

    def declare(function: Listener) -> Listener:
        name = f"{function.__module__}.{function.__qualname__}"
        _listeners[name] = (frozenset(codes), function)
        return function

    return declare
