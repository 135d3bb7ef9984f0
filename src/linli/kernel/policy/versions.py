"""Applied versions: which pack is in force now, which one a case began under."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING

from django.apps import apps
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel

from linli.kernel.acts import SYSTEM, Act, Refusal, action, note
from linli.kernel.policy.check import Check, problems_of
from linli.kernel.policy.load import load
from linli.kernel.policy.pack import Pack
from linli.kernel.policy.yamlfile import Problem

if TYPE_CHECKING:
    from linli.kernel.policy.models import PolicyVersion

# Another process applies a version at most a few times a year; each process looks again this often.
RECHECK_SECONDS = 5.0


class NoPolicy(LookupError):
    """No pack has been applied yet: `linli policy apply`."""


class BadPack(Refusal):
    """The pack has problems and was not applied."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        first = problems[0]
        super().__init__(
            _("政策包有 %(count)d 处问题，未应用。第一处：%(first)s")
            % {"count": len(problems), "first": first},
            code="bad_pack",
        )


@dataclass(slots=True)
class _Newest:
    id: int = 0
    looked: float = float("-inf")


_lock = Lock()
_packs: dict[int, Pack] = {}
_newest = _Newest()


def sections() -> dict[str, type[BaseModel]]:
    """Every section shape that an installed app declares, by name."""
    found: dict[str, type[BaseModel]] = {}
    for config in apps.get_app_configs():
        found |= getattr(config, "policy_sections", {})
    return found


def checks() -> tuple[Check, ...]:
    """Every contradiction check that an installed app declares (`policy_checks`)."""
    declared: Iterable[tuple[Check, ...]] = (
        getattr(config, "policy_checks", ()) for config in apps.get_app_configs()
    )
    return tuple(check for group in declared for check in group)


def check(place: str) -> list[Problem]:
    """Everything wrong with a place's pack; empty when it may be applied. Raises NoSuchPack."""
    return problems_of(load(place), sections(), checks())


def _model() -> type[PolicyVersion]:
    return apps.get_model("policy", "PolicyVersion")


def current() -> Pack:
    """The pack in force. Raises NoPolicy before the first one is applied."""
    if time.monotonic() - _newest.looked > RECHECK_SECONDS:
        newest = _model().objects.order_by("-id").values_list("id", flat=True).first()
        if newest is None:
            raise NoPolicy("no pack has been applied yet: run `linli policy apply`")
        _newest.id, _newest.looked = newest, time.monotonic()
    return version(_newest.id)


def version(id: int) -> Pack:
    """The pack of one version, kept in the process. Raises NoPolicy for an unknown one."""
    found = _packs.get(id)
    if found is None:
        row = _model().objects.filter(pk=id).first()
        if row is None:
            raise NoPolicy(f"there is no policy version {id}")
        found = Pack(row.pk, row.code, row.hash, row.body, sections())
        with _lock:
            _packs[id] = found
    return found


def forget() -> None:
    """Look again which version is in force (after one was applied, or a test rolled back)."""
    with _lock:
        _packs.clear()
        _newest.looked = float("-inf")


def apply(place: str, act: Act | None, *, note: str = "") -> PolicyVersion:
    """Check a place's pack and put it in force; the same pack twice is one version.

    Without an act (first set-up) the system is the actor and no fact is left. Raises BadPack, NoSuchPack, Denied.
    """
    if act is None:
        return _apply(SYSTEM, place, note)
    return apply_by(act, place=place, words=note)


@action("policy.apply", title=_("应用政策包"), keep=("words",), codes=("place",))
def apply_by(act: Act, *, place: str, words: str = "") -> PolicyVersion:
    """Put a place's pack in force."""
    row = _apply(act.actor, place, words)
    note(version=row.pk, hash=row.hash)
    return row


def _apply(actor: int, place: str, words: str) -> PolicyVersion:
    raw = load(place)
    if problems := problems_of(raw, sections(), checks()):
        raise BadPack(problems)
    rows = _model().objects
    newest = rows.order_by("-id").first()
    if newest is not None and newest.hash == raw.hash:
        return newest
    row = rows.create(code=place, hash=raw.hash, body=raw.body, applied_by=actor, note=words)
    forget()
    transaction.on_commit(forget)
    return row
