"""The installable shell: manifest, service worker, the page shown without a network."""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _t

from linli.kernel.access.doors import public

PAGES = ("field", "field_report", "field_verify", "field_queue", "field_offline")
ASSETS = (
    "ui/early.js",
    "ui/app.js",
    "ui/prefs.js",
    "ui/dialogs.js",
    "ui/forms.js",
    "ui/lists.js",
    "ui/map.js",
    "ui/mapmarks.js",
    "ui/mappicker.js",
    "ui/photos.js",
    "ui/draft.js",
    "ui/toasts.js",
    "ui/tokens.css",
    "ui/linli.css",
    "ui/controls.css",
    "ui/shell.css",
    "ui/print.css",
    "ui/vendor.css",
    "ui/logo.svg",
    "vendor/icons/sprite.svg",
    "vendor/htmx/htmx.min.js",
    "matters/field.css",
    "matters/field-early.js",
    "matters/field.js",
    "matters/field-store.js",
    "matters/field-send.js",
    "matters/field-report.js",
    "matters/field-queue.js",
)


@lru_cache(maxsize=1)
def _version() -> str:
    """A new version whenever the shell's files change, so that phones take the new ones."""
    whole = hashlib.sha256()
    for name in ASSETS:
        found = finders.find(name)
        if isinstance(found, str):
            whole.update(Path(found).read_bytes())
    return whole.hexdigest()[:12]


@public
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker; its address is below /field/, and so is its reach."""
    shell = {
        "version": _version(),
        "pages": [reverse(f"matters:{name}") for name in PAGES],
        "assets": [static(name) for name in ASSETS],
        "offline": reverse("matters:field_offline"),
        "root": reverse("matters:field"),
        "static": settings.STATIC_URL,
    }
    source = finders.find("matters/field-worker.js")
    code = Path(str(source)).read_text("utf-8")
    text = f"const SHELL = {json.dumps(shell)};\n{code}"
    response = HttpResponse(text, content_type="text/javascript; charset=utf-8")
    response.headers["Cache-Control"] = "no-cache"
    response.headers["Service-Worker-Allowed"] = reverse("matters:field")
    return response


@public
def manifest(request: HttpRequest) -> JsonResponse:
    """What a phone needs to install the field page."""
    icons = [
        {
            "src": static(f"matters/field-{n}.png"),
            "sizes": f"{n}x{n}",
            "type": "image/png",
            "purpose": p,
        }
        for n in (192, 512)
        for p in ("any", "maskable")
    ]
    root = reverse("matters:field")
    found = {
        "name": _t("邻里网格"),
        "short_name": _t("邻里网格"),
        "id": root,
        "start_url": root,
        "scope": root,
        "display": "standalone",
        "orientation": "portrait",
        "lang": "en" if get_language() == "en" else "zh-CN",
        "background_color": "#f7f5f1",
        "theme_color": "#b4451f",
        "icons": icons,
        "shortcuts": [{"name": _t("拍照上报"), "url": reverse("matters:field_report")}],
    }
    return JsonResponse(found, content_type="application/manifest+json")


@public
def offline(request: HttpRequest) -> HttpResponse:
    """Shown when a page was never opened on this phone and there is no network."""
    return render(request, "matters/field/offline.html", {})
