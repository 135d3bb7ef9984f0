"""The one way out: a file is served after the same scope as its row."""

from __future__ import annotations

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers
from django.utils.http import content_disposition_header
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from linli.kernel.access.doors import act_in, public
from linli.kernel.files import selectors, store
from linli.kernel.files.models import File


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
