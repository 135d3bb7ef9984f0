"""Home pages and errors: composes, decides nothing."""

from __future__ import annotations

from django.db import connection
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponsePermanentRedirect,
    HttpResponseRedirect,
    JsonResponse,
)
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse

from linli.capabilities.matters import selectors as matters
from linli.kernel.access.doors import act_in, public
from linli.kernel.access.landing import landing


@public
def home(request: HttpRequest) -> HttpResponse:
    """The residents' front door; staff are led to their desk."""
    act = act_in(request)
    context = {
        "mine": matters.latest_mine(act) if act.signed_in else [],
        "popular": matters.popular_items(),
        "done": matters.public_figures(),
    }
    return render(request, "site/home.html", context)


@public
def desk(request: HttpRequest) -> HttpResponse:
    """The desk's door leads to the first page that the post may open: the day, where it has one."""
    act = act_in(request)
    return HttpResponseRedirect(landing(act) if act.signed_in else reverse("matters:day"))


@public
def help_page(request: HttpRequest) -> HttpResponse:
    """How to use Linli, in a page."""
    return render(request, "site/help.html", {})


@public
def figures(request: HttpRequest) -> HttpResponse:
    """How the public figures are computed: numerator, denominator, days; no person behind them."""
    return render(request, "site/figures.html", {"done": matters.public_figures()})


@public
def favicon(request: HttpRequest) -> HttpResponse:
    """Browsers and feeds that ask for the old address get the mark."""
    return HttpResponsePermanentRedirect(static("ui/logo.svg"))


@public
def health(request: HttpRequest) -> JsonResponse:
    """Whether the database answers (for a reverse proxy)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"status": "ok"})


@public
def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Nothing is at this address."""
    if request.path.startswith("/api/"):
        return JsonResponse({"code": "not-found", "message": ""}, status=404)
    return render(request, "ui/404.html", {"message": ""}, status=404)


@public
def broken(request: HttpRequest) -> HttpResponse:
    """Something went wrong on our side."""
    return render(request, "ui/500.html", {}, status=500)


@public
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The page was open too long or came from elsewhere; nothing was saved."""
    return render(request, "ui/403.html", {"message": "", "stale": True}, status=403)
