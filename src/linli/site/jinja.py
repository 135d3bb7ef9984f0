"""The Jinja2 environment of every page: globals and filters a template may use."""

from __future__ import annotations

import json
import re
from collections.abc import Hashable
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from django.apps import apps
from django.conf import settings
from django.http import HttpRequest
from django.template.defaultfilters import date as format_date
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext, pgettext
from django.utils.translation import gettext_lazy as _
from jinja2 import Environment, PackageLoader, PrefixLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from linli.kernel.acts.act import granted
from linli.kernel.calendar.labels import term_words
from linli.kernel.vault import masked
from linli.site.compiled import Compiled
from linli.ui.kept import drawn_before, kept
from linli.ui.manifest import Face, NavItem, Room
from linli.ui.once import Drawn
from linli.ui.spoken import Spoken, language, said

_CLOCK = "n月j日 H:i"  # words: a format
_MINUTE, _HOUR, _DAY = 60, 3600, 86400


def url(name: str, **arguments: Any) -> str:
    """The address of a named page; `q` becomes the query string."""
    query = arguments.pop("q", None)
    address = _address(name, arguments)
    return f"{address}?{urlencode(query, doseq=True)}" if query else address


@lru_cache(maxsize=20_000)
def _worded(language: str | None, text: str) -> Markup:
    return Markup(gettext(text))


def worded(text: str) -> Markup:
    """A sentence of a page in the reader's language; looked up once for each language."""
    return _worded(language(), text)


def spoken(text: str, /, **values: Any) -> Markup:
    """A sentence of a page with its values, in the reader's language."""
    words = worded(text)
    return words % values if values or "%" in words else words


_PLAIN = re.compile(r"[A-Za-z0-9-]+")


def _address(name: str, arguments: dict[str, Any]) -> str:
    """Reversing takes 60 µs a link; words of letters, digits and dashes fit into the shape of the address."""
    if not arguments:
        return _fixed(name)
    if not all(type(v) is str and _PLAIN.fullmatch(v) for v in arguments.values()):
        return reverse(name, kwargs=arguments)
    shape = _shape(name, tuple(arguments))
    if shape is None:
        return reverse(name, kwargs=arguments)
    for place, value in enumerate(arguments.values()):
        shape = shape.replace(f"-place{place}-", value)
    return shape


@lru_cache(maxsize=512)
def _fixed(name: str) -> str:
    return reverse(name)


@lru_cache(maxsize=512)
def _shape(name: str, keys: tuple[str, ...]) -> str | None:
    """An address with marks for its words; None where not any word fits."""
    try:
        return reverse(name, kwargs={key: f"-place{at}-" for at, key in enumerate(keys)})
    except NoReverseMatch:
        return None


def day(value: date | datetime | None) -> str:
    """A date in the reader's words."""
    if value is None:
        return ""
    moment = timezone.localtime(value) if isinstance(value, datetime) else value
    return format_date(moment, gettext("Y年n月j日"))


def clock(value: datetime | None) -> str:
    """A date and time in the reader's words."""
    if value is None:
        return ""
    at, pattern = timezone.localtime(value), _worded(language(), _CLOCK)
    if pattern == _CLOCK:
        return f"{at.month}月{at.day}日 {at.hour:02d}:{at.minute:02d}"  # words: a format
    return format_date(at, pattern)


def ago(value: datetime | None) -> str:
    """How long since, in words."""
    if value is None:
        return ""
    seconds = int((timezone.now() - value).total_seconds())
    if seconds < _MINUTE:
        return gettext("刚刚")
    if seconds < _HOUR:
        return gettext("%(n)s 分钟前") % {"n": seconds // _MINUTE}
    if seconds < _DAY:
        return gettext("%(n)s 小时前") % {"n": seconds // _HOUR}
    if seconds < 30 * _DAY:
        return gettext("%(n)s 天前") % {"n": seconds // _DAY}
    return day(value)


def concealed(value: object, kind: str = "text") -> str:
    """A value shown only as far as a colleague needs (protected fields mask themselves)."""
    return masked(kind, str(value))


@lru_cache(maxsize=8)
def _links(face: Face) -> tuple[tuple[str, NavItem], ...]:
    rooms = (config for config in apps.get_app_configs() if isinstance(config, Room))
    found = sorted((n for r in rooms for n in r.nav if n.face == face), key=lambda n: n.order)
    return tuple((reverse(n.url_name), n) for n in found)


@lru_cache(maxsize=256)
def _links_for(face: Face, verbs: frozenset[str]) -> tuple[tuple[str, NavItem], ...]:
    return tuple((h, n) for h, n in _links(face) if not n.needs or granted(verbs, n.needs))


def _open_links(context: Context, face: Face) -> tuple[tuple[str, NavItem], ...]:
    act = getattr(context["request"], "act", None)
    return _links_for(face, act.verbs if act else frozenset())


@pass_context
def section(context: Context, face: Face) -> str:
    """The address of the navigation entry that the page belongs to."""
    path = context["request"].path
    begun = [(each, h) for h, n in _open_links(context, face) for each in (h, *n.also)]
    here = (pair for pair in begun if path.startswith(pair[0]))
    return max(here, key=lambda pair: len(pair[0]), default=("", ""))[1]


@pass_context
def nav(context: Context, face: Face) -> list[dict[str, Any]]:
    """The navigation of a face, narrowed to what the actor may do."""
    here = section(context, face)
    return [
        {"label": n.label, "href": href, "icon": n.icon, "active": href == here}
        for href, n in _open_links(context, face)
    ]


@pass_context
def shell_key(context: Context, face: Face) -> tuple[Hashable, ...]:
    """What the shell of a face depends on: who, wearing which hat, where, and how they like it."""
    request: Any = context["request"]
    act, who = getattr(request, "act", None), getattr(request, "person", None)
    looks = (getattr(request, "size", ""), getattr(request, "theme", ""))
    if act is None:
        return (face, *looks)
    return (face, act.actor, act.name, act.hat, act.policy, who, section(context, face), *looks)


@pass_context
def hats(context: Context) -> list[dict[str, Any]]:
    """The hats of the person who asks, for the switcher."""
    request: HttpRequest = context["request"]
    who = getattr(request, "person", None)
    if who is None:
        return []
    worn = request.act.hat  # type: ignore[attr-defined]
    return [{"id": h.id, "label": h.label, "active": h.id == worn} for h in who.hats]


def dumps(value: Any, **options: Any) -> str:
    """JSON for scripts of a page, with words in the reader's language."""
    return json.dumps(_plain(value), **options)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return str(value) if isinstance(value, Spoken | Promise) else value


def _loader() -> PrefixLoader:
    rooms = [c for c in apps.get_app_configs() if c.name.startswith("linli.")]
    return PrefixLoader(
        {
            c.label: PackageLoader(c.name, f"templates/{c.label}")
            for c in rooms
            if _has_templates(c.path, c.label)
        }
    )


def _has_templates(path: str, label: str) -> bool:
    return Path(path, "templates", label).is_dir()


def environment(**options: Any) -> Environment:
    """Build the environment (called once by Django)."""
    options["loader"] = _loader()
    options["undefined"] = StrictUndefined
    options["trim_blocks"] = options["lstrip_blocks"] = True
    made = Compiled(extensions=["jinja2.ext.i18n", "jinja2.ext.do"], **options)
    made.template_class = Drawn
    made.worded, made.static = worded, lru_cache(maxsize=1024)(static)
    made.policies["json.dumps_function"] = dumps
    made.install_gettext_callables(  # type: ignore[attr-defined]
        gettext, ngettext, newstyle=True, pgettext=pgettext
    )
    made.globals.update(
        _=spoken,
        url=url,
        static=made.static,
        nav=nav,
        hats=hats,
        kept=kept,
        drawn_before=drawn_before,
        shell_key=shell_key,
        PRODUCT=_("邻里"),
        DEMO=settings.DEMO,
        now=timezone.now,
        language=language,
    )
    made.filters.update(day=day, clock=clock, ago=ago, masked=concealed, term=term_words, said=said)
    return made
