"""The one way out: a file is served after the same scope as its row."""

from __future__ import annotations

from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseNotModified,
    HttpResponseRedirect,
)
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.http import content_disposition_header
from django.utils.translation import get_language
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from linli.kernel.access.doors import SIGNED_IN, act_in, needs, public
from linli.kernel.acts import Act, Refusal
from linli.kernel.files import exports, selectors, sheets, store
from linli.kernel.files.jobs import write_export
from linli.kernel.files.models import Export, File


@public
@require_safe
def original(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The file itself; images in the page, everything else as a download."""
    file = _visible(request, pk)
    return _serve(request, file, thumb=False)


@public
@require_safe
def thumb(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The small picture of an image."""
    file = _visible(request, pk)
    if not file.is_image:
        raise Http404
    return _serve(request, file, thumb=True)


def _visible(request: HttpRequest, pk: int) -> File:
    file = selectors.one(act_in(request), pk)
    if file is None:
        raise Http404
    return file


def _serve(request: HttpRequest, file: File, *, thumb: bool) -> HttpResponseBase:
    etag = f'"{file.digest[:32]}{"-t" if thumb else ""}"'
    response: HttpResponseBase
    if request.headers.get("If-None-Match") == etag:
        response = HttpResponseNotModified()
    else:
        try:
            content = store.path_of(file.digest, thumb=thumb).open("rb")
        except FileNotFoundError:
            return HttpResponse(str(_("文件不在了，请联系管理员。")), status=410)
        response = FileResponse(content)
        response.headers["Content-Type"] = "image/webp" if thumb else file.media_type
        disposition = content_disposition_header(not file.is_image, file.name)
        response.headers["Content-Disposition"] = disposition or "attachment"
    response.headers["ETag"] = etag
    # Asked again each time, so that a permission that ended ends here too.
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    patch_vary_headers(response, ["Cookie"])
    return response


@require_safe
@needs(SIGNED_IN)
def exported(request: HttpRequest) -> HttpResponse:
    """What one has taken out of the house: the files of the last week, and that there were others."""
    act = act_in(request)
    rows = [(m, exports.of(m), exports.standing(m, act.at)) for m in exports.shelf(act)]
    return render(request, "files/exports.html", {"rows": rows, "days": exports.SHELF_DAYS})


@require_safe
@needs(SIGNED_IN)
def export(request: HttpRequest, pk: int) -> HttpResponse:
    """How far a big export is; may be left and come back to."""
    page = "_state" if getattr(request, "htmx", False) else "export"
    return _told(request, _own(request, pk), page)


@require_POST
@needs(SIGNED_IN)
def export_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Have the file of an export that was not finished written once more."""
    act, made = act_in(request), _own(request, pk)
    try:
        exports.again(act, made, kind=made.kind)
    except Refusal as refusal:
        return _told(request, made, "export", str(refusal))
    return _in_background(act, made)


def _own(request: HttpRequest, pk: int) -> Export:
    made = exports.one(act_in(request), pk)
    if made is None:
        raise Http404(_t("没有这次导出，或不是您导出的。"))
    return made


def _told(request: HttpRequest, made: Export, page: str, refused: str = "") -> HttpResponse:
    context = {
        "made": made,
        "what": exports.of(made),
        "stands": exports.standing(made, act_in(request).at),
        "refused": refused,
    }
    return render(request, f"files/{page}.html", context, status=422 if refused else 200)


def _in_background(act: Act, made: Export) -> HttpResponse:
    write_export.defer(export=made.pk, account=act.actor, hat=act.hat, language=get_language())
    return HttpResponseRedirect(reverse("files:export", args=[made.pk]), status=303)


def taken(act: Act, made: Export, direct: int) -> HttpResponse:
    """The file of a small export, or the way to the page that shows how far a big one is."""
    if made.total > direct:
        return _in_background(act, made)
    response = HttpResponse(exports.at_once(act, made), content_type=sheets.MEDIA[made.format])
    disposition = content_disposition_header(True, exports.name_of(made))
    response.headers["Content-Disposition"] = disposition or "attachment"
    response.headers["Cache-Control"] = "no-store"
    return response
