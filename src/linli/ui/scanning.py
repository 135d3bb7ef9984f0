"""Addresses that a phone scans off paper or a screen."""

from __future__ import annotations

from urllib.parse import urlsplit

import segno
from django.conf import settings
from django.http import HttpRequest


def address(request: HttpRequest, path: str) -> str:
    """A path under the site's public name, where one is set, else as the reader sees the site."""
    known = [each for each in settings.CSRF_TRUSTED_ORIGINS if "*" not in each]
    return f"{known[0]}{path}" if known else request.build_absolute_uri(path)


def reachable(address: str) -> bool:
    """Whether a phone may reach an address: not one of this machine's own."""
    return urlsplit(address).hostname not in ("127.0.0.1", "localhost", "::1")


def picture(address: str) -> str:
    """The address to scan; none where no phone reaches it."""
    if not reachable(address):
        return ""
    return str(segno.make(address, error="m").svg_data_uri(scale=4, border=2, light="#fff"))
