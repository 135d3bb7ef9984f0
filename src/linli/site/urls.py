"""Every address of the house."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from linli.kernel.access.views import preferences
from linli.site import finding, views

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.home, name="home"),
    path("desk/", views.desk, name="desk"),
    path("desk/find/", finding.find, name="find"),
    path("favicon.ico", views.favicon, name="favicon"),
    path("health/", views.health, name="health"),
    path("preferences/", preferences, name="preferences"),
    path("figures/", views.figures, name="figures"),
    path("help/", views.help_page, name="help"),
    # First, because they are tried in order and most requests are for a matter.
    path("", include("linli.capabilities.matters.urls", namespace="matters")),
    path("", include("linli.kernel.access.urls", namespace="access")),
    path("", include("linli.kernel.files.urls", namespace="files")),
    path("", include("linli.kernel.notices.urls", namespace="notices")),
    path("", include("linli.kernel.tasks.urls", namespace="tasks")),
    path("", include("linli.kernel.measures.urls", namespace="measures")),
    path("", include("linli.capabilities.registry.urls", namespace="registry")),
    path("", include("linli.capabilities.admission.urls", namespace="admission")),
    path("", include("linli.capabilities.tables.urls", namespace="tables")),
]
if settings.DEMO:
    urlpatterns.append(path("ui/", include("linli.ui.urls", namespace="ui")))

handler404 = "linli.site.views.not_found"
handler500 = "linli.site.views.broken"
