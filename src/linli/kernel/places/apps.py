"""Manifest of places."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from linli.ui.manifest import Room


class PlacesConfig(Room):
    """The tree of areas and its outlines."""

    name = "linli.kernel.places"
    label = "places"
    verbose_name = _("区域")
    stays = {
        "places_area.id": "an area keeps its own number for good",
        "places_area.parent_id": "written with the area itself",
        "places_area.hi": "written with the area itself",
        "places_areaedition.area_id": "an edition is that of the area as it was",
        "places_areaedition.parent_id": "an edition is that of the area as it was",
        "places_areashift.before": "says where numbers went",
        "places_areashift.hi": "says where numbers went",
        "places_areashift.after": "says where numbers went",
        "places_areastamp.stamp": "no area: a number drawn at random",
    }
