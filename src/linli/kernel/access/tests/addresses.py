"""Addresses for tests of access alone: its own, and bare pages where higher floors would stand."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from linli.kernel.access.doors import needs, public
from linli.kernel.access.views import preferences

_ROOMS = (
    *("report", "services", "mine", "query", "day", "window", "list", "map", "figures", "hotline"),
    *("field", "field_report", "field_verify", "public", "grids"),
)


@public
def bare(request: HttpRequest) -> HttpResponse:
    """A page of another floor."""
    return HttpResponse("bare")


@needs("matters.read")
def guarded(request: HttpRequest) -> HttpResponse:
    """A page that asks for a verb."""
    return HttpResponse("guarded")


_matters = [path(f"desk/{name}/", bare, name=name) for name in _ROOMS]
urlpatterns = [
    path("", bare, name="home"),
    path("help/", bare, name="help"),
    path("desk/", guarded, name="desk"),
    path("preferences/", preferences, name="preferences"),
    path("", include("linli.kernel.access.urls", namespace="access")),
    path("", include("linli.kernel.notices.urls", namespace="notices")),
    path("matters/", include((_matters, "matters"))),
]
