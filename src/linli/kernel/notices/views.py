"""The inbox: for residents, and for staff at their desk."""

from __future__ import annotations

from typing import Literal

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from linli.kernel.access.doors import act_in, needs
from linli.kernel.notices import selectors, services
from linli.ui.keys import key_of

Face = Literal["portal", "desk"]


@require_safe
@needs("notices.own")
def portal(request: HttpRequest) -> HttpResponse:
    """A resident's inbox."""
    return _inbox(request, "portal")


@require_safe
@needs("notices.own")
def desk(request: HttpRequest) -> HttpResponse:
    """The inbox of staff."""
    return _inbox(request, "desk")


@require_safe
@needs("notices.own")
def bell(request: HttpRequest) -> HttpResponse:
    """The desk's bell with its count, asked for after the page is drawn."""
    return render(request, "notices/bell.html", {})


@require_POST
@needs("notices.own")
def portal_open(request: HttpRequest, pk: int) -> HttpResponse:
    """Open a notice: it is read, and the page behind it appears."""
    return _open(request, pk, "portal")


@require_POST
@needs("notices.own")
def desk_open(request: HttpRequest, pk: int) -> HttpResponse:
    """Open a notice at the desk."""
    return _open(request, pk, "desk")


@require_POST
@needs("notices.own")
def portal_read_all(request: HttpRequest) -> HttpResponse:
    """Mark every notice as read."""
    services.mark_all_read(act_in(request))
    return HttpResponseRedirect(reverse("notices:portal"))


@require_POST
@needs("notices.own")
def desk_read_all(request: HttpRequest) -> HttpResponse:
    """Mark every notice as read, at the desk."""
    services.mark_all_read(act_in(request))
    return HttpResponseRedirect(reverse("notices:desk"))


def _inbox(request: HttpRequest, face: Face) -> HttpResponse:
    act = act_in(request)
    unread = request.GET.get("show") == "unread"
    before = key_of(request.GET.get("before", ""))
    page = selectors.inbox(act, before=before, unread=unread)
    here = reverse(f"notices:{face}")
    kept = "show=unread&" if unread else ""
    waiting = selectors.unread_count(act)
    context = {
        "layout": f"ui/{face}.html",
        "face": face,
        "rows": page.rows,
        "unread": unread,
        "waiting": waiting,
        "tabs": [
            {"label": _("全部"), "href": here, "active": not unread, "count": None},
            {"label": _("未读"), "href": f"{here}?show=unread", "active": unread, "count": waiting},
        ],
        "page": {
            "next_href": f"{here}?{kept}before={page.next}" if page.next else "",
            "first_href": f"{here}?{kept}".rstrip("?&") if before else "",
        },
    }
    return render(request, "notices/inbox.html", context)


def _open(request: HttpRequest, pk: int, face: Face) -> HttpResponse:
    act = act_in(request)
    notice = selectors.one(act, pk)
    if notice is None:
        raise Http404
    services.mark_read(act, pk)
    href = notice.spec.href
    target = href(notice.subject_id, face) if href and notice.subject_id else ""
    return HttpResponseRedirect(target or reverse(f"notices:{face}"))
