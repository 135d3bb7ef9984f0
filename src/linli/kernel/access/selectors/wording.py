"""What a fact keeps as codes, in the reader's words: the auditor reads what was done, not how it is stored."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Protocol
from urllib.parse import parse_qsl

from django.apps import apps
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from linli.kernel.access import offices
from linli.kernel.access.hats import tables
from linli.kernel.access.selectors import subjects
from linli.kernel.access.selectors.terms import NAMES
from linli.kernel.acts import verbs
from linli.kernel.acts.models import Fact
from linli.kernel.places import selectors as places
from linli.ui.manifest import Room

MOST = 30  # numbers of rows that are named one by one
CHANNELS = {
    "web": _("网上"),
    "window": _("窗口"),
    "field": _("上门"),
    "api": _("接口"),
    "hotline": _("热线"),
    "job": _("后台任务"),
}
WAYS = {"code": _("短信验证码"), "password": _("密码"), "demo": _("演示身份")}
SIGNING = {"way": _("登录方式")}
_UNITS = frozenset({"unit", "giver"})
_AREAS = frozenset({"former", "area", "grids"})
_MANY = frozenset({"people", "taken", "members"})
# Whose rows the numbers under a name are; empty: those of the kind that the fact is about.
_ROWS = {
    "account": "access.account",
    "was_account": "access.account",
    "matter": "matters.matter",
    "by": "registry.organisation",
    "before": "",
    "after": "",
    "into": "",
    "other": "",
    "buildings": "registry.building",
    "estates": "registry.estate",
}


class Known(Protocol):
    """Words by code: a mapping, or what finds one word where there are very many."""

    def get(self, code: Any, /) -> Any:
        """The word for a code, if there is one."""


def channel(code: str) -> str:
    """By which way something was done."""
    return str(CHANNELS.get(code, code))


def named(fact: Fact, name: str) -> str:
    """What a fact or its words call something: as its room says, else as every room does."""
    for room in _rooms(fact):
        for said in (room.names.get(fact.verb), room.names.get("")):
            word = import_string(said).get(name) if said else None
            if word:
                return str(word)
    return str(NAMES.get(name, name))


def data(fact: Fact) -> list[tuple[str, str]]:
    """All that a fact keeps, in words where there are any, the codes beside them."""
    return [
        (named(fact, name), _said(fact, name, value)) for name, value in sorted(fact.data.items())
    ]


def _rooms(fact: Fact) -> Iterator[Room]:
    """The room that a fact is about, then the one whose verb it is."""
    for dotted in (fact.subject_type, fact.verb):
        room = apps.app_configs.get(dotted.partition(".")[0])
        if isinstance(room, Room):
            yield room


def _said(fact: Fact, name: str, value: Any) -> str:
    comma = _t("、")
    if value in (None, ""):
        return _t("无")
    if name in _MANY and isinstance(value, list):
        shown = comma.join(map(str, value[:MOST])) + ("…" if len(value) > MOST else "")
        return _t("%(n)s 人（档案编号 %(ids)s）") % {"n": len(value), "ids": shown}
    if isinstance(value, list):
        told = comma.join(_said(fact, name, each) for each in value[:MOST])
        return f"{told}…" if len(value) > MOST else told or _t("无")
    if name == "query":
        pairs = ((named(fact, one), _said(fact, one, each)) for one, each in parse_qsl(str(value)))
        return _t("；").join(f"{one}{_t('：')}{each}" for one, each in pairs) or _t("无")
    if isinstance(value, bool):
        return _t("是") if value else _t("否")
    return _one(fact, name, value)


def _one(fact: Fact, name: str, value: Any) -> str:
    """One value: the word for a code with the code beside it, the name of a row or an area without its number."""
    codes: Iterator[Known] = _known(fact, name)
    said = next((str(word) for known in codes if (word := known.get(value))), "")
    if said:
        return said if isinstance(value, int) else f"{said}{_t('（')}{value}{_t('）')}"
    return _pointed(fact, name, value) or _moment(str(value))


def _pointed(fact: Fact, name: str, value: Any) -> str:
    """What the number of a unit, an area or a row stands for; nothing where it is no such number."""
    if not str(value).isdecimal():
        return ""
    key = int(value)
    if name in _UNITS:
        return offices.NAMES.get(key) or ""
    if name in _AREAS:
        return places.near_name(key)
    kind = str(fact.data.get("owner_type", "")) if name == "owner_id" else _ROWS.get(name)
    return (
        subjects.called(kind or fact.subject_type, {key}).get(key, "") if kind is not None else ""
    )


def _moment(text: str) -> str:
    """A moment as the clock here shows it; any other text as it is."""
    try:
        moment = datetime.fromisoformat(text) if "T" in text else None
    except ValueError:
        moment = None
    if moment is None or timezone.is_naive(moment):
        return text
    return timezone.localtime(moment).strftime("%Y-%m-%d %H:%M")


def _known(fact: Fact, name: str) -> Iterator[Known]:
    """Words by code: those of the room that a fact is about, then of the room whose verb it is."""
    if name == "verb":
        yield {code: verb.title for code, verb in verbs().items()}
    if name == "owner_type":
        yield subjects.TITLES
    for room in _rooms(fact):
        path = room.codes.get(name)
        if path:
            known = import_string(path)
            yield known() if callable(known) else known
    if name == "post":
        yield {post.code: post.title for post in tables()[1].values()}
