"""The design system served by itself, with nothing above it: proves that `ui` stands on its own.

Run as a script with a port; the content security policy is stricter than the product's.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from socketserver import ThreadingMixIn
from types import SimpleNamespace
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import django
from django.conf import settings
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpRequest, HttpResponse
from django.templatetags.static import static
from django.urls import NoReverseMatch, URLPattern, URLResolver, include, path, reverse
from django.utils.translation import get_language, gettext, ngettext
from jinja2 import Environment, FileSystemLoader, PrefixLoader, StrictUndefined

from linli.ui.kept import kept

ROOT = Path(__file__).resolve().parents[2]
CSP = "default-src 'self'; img-src 'self' data: blob:; worker-src 'self' blob:; object-src 'none'"
NAV = {
    "portal": (("报事", "pencil-plus"), ("办事", "clipboard-list"), ("我的诉求", "list-check"), ("议事", "messages")),
    "desk": (("我的一天", "sun"), ("窗口受理", "building-store"), ("诉求办理", "list-details"), ("一张图", "map-2")),
    "field": (("今日", "home"), ("上报", "camera"), ("待核实", "checks"), ("我的", "user")),
}  # fmt: skip
HATS = (
    {"id": 1, "label": "甲社区 · 窗口受理", "active": True},
    {"id": 2, "label": "甲社区第三网格 · 网格员", "active": False},
)


def looks(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], Any]:
    """Stands in for the site's preferences, headers and sign-in."""

    def middleware(request: HttpRequest) -> HttpResponse:
        request.size = request.COOKIES.get("size", "normal")  # type: ignore[attr-defined]
        request.theme = request.COOKIES.get("theme", "auto")  # type: ignore[attr-defined]
        request.act = SimpleNamespace(signed_in=True, name="王小梅")  # type: ignore[attr-defined]
        response = get_response(request)
        response.headers["Content-Security-Policy"] = CSP
        return response

    return middleware


def _url(name: str, **arguments: Any) -> str:
    try:
        return reverse(name, kwargs=arguments)
    except NoReverseMatch:
        return "/" + name.replace(":", "/") + "/"


def _nav(face: str) -> list[dict[str, Any]]:
    return [
        {"label": label, "href": f"/ui/face/{face}/#{n}", "icon": icon, "active": n == 0}
        for n, (label, icon) in enumerate(NAV[face])
    ]


def environment(**options: Any) -> Environment:
    """The pages' environment with stand-ins for what the site gives."""
    folder = ROOT / "src/linli/ui/templates/ui"
    options["loader"] = PrefixLoader({"ui": FileSystemLoader(folder)})
    options["undefined"] = StrictUndefined
    options["trim_blocks"] = options["lstrip_blocks"] = True
    made = Environment(extensions=["jinja2.ext.i18n", "jinja2.ext.do"], **options)
    made.install_gettext_callables(gettext, ngettext, newstyle=True)  # type: ignore[attr-defined]
    made.globals.update(
        url=_url,
        static=static,
        language=get_language,
        DEMO=True,
        nav=_nav,
        hats=lambda: HATS,
        kept=kept,
        shell_key=lambda _face: object(),  # drawn anew each time
    )
    made.filters.update(day=_day, clock=_clock, ago=str, masked=str)
    return made


def _day(value: datetime) -> str:
    return f"{value:%-m月%-d日}"


def _clock(value: datetime) -> str:
    return f"{value:%-m月%-d日 %H:%M}"


def _configure() -> None:
    settings.configure(
        SECRET_KEY="for this test only",
        ALLOWED_HOSTS=["127.0.0.1"],
        DEBUG=True,
        ROOT_URLCONF=__name__,
        INSTALLED_APPS=["django.contrib.staticfiles", "linli.ui"],
        MIDDLEWARE=[f"{__name__}.looks", "django.middleware.csrf.CsrfViewMiddleware"],
        STATIC_URL="/static/",
        LANGUAGE_CODE="zh-hans",
        TIME_ZONE="Asia/Shanghai",
        USE_TZ=True,
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.jinja2.Jinja2",
                "OPTIONS": {"environment": f"{__name__}.environment"},
            },
            {"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True},
        ],
    )
    django.setup()


class _Threads(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


urlpatterns: list[URLPattern | URLResolver] = []

if __name__ == "__main__":
    _configure()
    from linli.ui.preferences import preferences

    urlpatterns += [
        path("ui/", include("linli.ui.urls", namespace="ui")),
        path("preferences/", preferences, name="preferences"),
        path("notices/bell/", lambda _request: HttpResponse(status=204)),
    ]
    application = StaticFilesHandler(WSGIHandler())
    server = make_server("127.0.0.1", int(sys.argv[1]), application, _Threads, _Quiet)
    server.serve_forever()
