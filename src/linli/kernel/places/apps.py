"""Manifest of places."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from linli.ui.manifest import Room


class PlacesConfig(Room):
    """The tree of areas and its outlines."""

    name = "linli.kernel.places"
    label = "places"
    verbose_name = _("区域")
