"""The Jinja2 environment of every page: globals and filters a template may use."""

from __future__ import annotations

from datetime import date, datetime
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
from django.utils.translation import get_language, gettext, ngettext, pgettext
from django.utils.translation import gettext_lazy as _
from jinja2 import Environment, PackageLoader, PrefixLoader, StrictUndefined, pass_context
from jinja2.runtime import Context

from linli.kernel.calendar.labels import term_words
from linli.kernel.vault import masked
from linli.ui.manifest import Face, NavItem, Room
from linli.ui.spoken import said

_MINUTE, _HOUR, _DAY = 60, 3600, 86400


def url(name: str, **arguments: Any) -> str:
    """The address of a named page; `q` becomes the query string."""
    query = arguments.pop("q", None)
    address = reverse(name, kwargs=arguments)
    return f"{address}?{urlencode(query, doseq=True)}" if query else address


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
    return format_date(timezone.localtime(value), gettext("n月j日 H:i"))


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


def _entries(face: Face) -> list[NavItem]:
    rooms = (config for config in apps.get_app_configs() if isinstance(config, Room))
    return sorted((n for room in rooms for n in room.nav if n.face == face), key=lambda n: n.order)


def _reach(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


@pass_context
def nav(context: Context, face: Face) -> list[dict[str, Any]]:
    """The navigation of a face, narrowed to what the actor may do."""
    request: HttpRequest = context["request"]
    act = getattr(request, "act", None)
    shown = [n for n in _entries(face) if not n.needs or (act and act.may(n.needs))]
    links = [(_reach(n.url_name), n) for n in shown]
    links = [(href, n) for href, n in links if href]
    fitting = [href for href, _n in links if request.path.startswith(href)]
    here = max(fitting, key=len, default="")
    return [
        {"label": n.label, "href": href, "icon": n.icon, "active": href == here}
        for href, n in links
    ]


@pass_context
def hats(context: Context) -> list[dict[str, Any]]:
    """The hats of the person who asks, for the switcher."""
    request: HttpRequest = context["request"]
    who = getattr(request, "person", None)
    if who is None:
        return []
    worn = request.act.hat  # type: ignore[attr-defined]
    return [{"id": h.id, "label": h.label, "active": h.id == worn} for h in who.hats]


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
    made = Environment(extensions=["jinja2.ext.i18n", "jinja2.ext.do"], **options)
    made.install_gettext_callables(  # type: ignore[attr-defined]
        gettext, ngettext, newstyle=True, pgettext=pgettext
    )
    made.globals.update(
        url=url,
        static=static,
        nav=nav,
        hats=hats,
        PRODUCT=_("邻里"),
        DEMO=settings.DEMO,
        now=timezone.now,
        language=get_language,
    )
    made.filters.update(day=day, clock=clock, ago=ago, masked=concealed, term=term_words, said=said)
    return made
