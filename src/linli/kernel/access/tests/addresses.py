"""Addresses for tests of access alone: its own, and bare pages where higher floors would stand."""

from django.apps import apps
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, include, path

from linli.kernel.access.doors import needs, public
from linli.kernel.access.views import preferences
from linli.ui.manifest import Room

_PAGES = ("report", "services", "mine", "query", "day", "list", "field", "public")
_OWN = {"access", "notices"}


@public
def bare(request: HttpRequest) -> HttpResponse:
    """A page of another floor."""
    return HttpResponse("bare")


@needs("matters.read")
def guarded(request: HttpRequest) -> HttpResponse:
    """A page that asks for a verb."""
    return HttpResponse("guarded")


def rooms() -> dict[str, set[str]]:
    """The pages that rooms above show in their navigation, by room, and those that the shells link to."""
    found: dict[str, set[str]] = {"matters": set(_PAGES)}
    for config in apps.get_app_configs():
        for item in config.nav if isinstance(config, Room) else ():
            room, _colon, name = item.url_name.partition(":")
            if name and room not in _OWN:
                found.setdefault(room, set()).add(name)
    return found


urlpatterns: list[URLPattern | URLResolver] = [
    path("", bare, name="home"),
    path("help/", bare, name="help"),
    path("desk/", guarded, name="desk"),
    path("desk/find/", bare, name="find"),
    path("preferences/", preferences, name="preferences"),
    path("", include("linli.kernel.access.urls", namespace="access")),
    path("", include("linli.kernel.notices.urls", namespace="notices")),
]
for _room, _names in rooms().items():
    _pages = [path(f"desk/{name}/", bare, name=name) for name in sorted(_names)]
    urlpatterns.append(path(f"{_room}/", include((_pages, _room))))
