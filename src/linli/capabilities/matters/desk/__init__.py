"""Entrance of matters for staff: the day, the lists, one matter, the window, the map, the figures."""

from __future__ import annotations

from django.urls import URLPattern, path

from linli.capabilities.matters.desk import (
    bulk,
    day,
    exports,
    figures,
    grids,
    lists,
    maps,
    matter,
    overdue,
    window,
)

routes: list[URLPattern] = [
    path("desk/day/", day.day, name="day"),
    path("desk/window/", window.window, name="window"),
    path("desk/window/<str:number>/", window.receipt, name="receipt"),
    path("desk/matters/", lists.listing, name="list"),
    path("desk/matters/filters/", lists.narrow, name="list_filters"),
    path("desk/matters/columns/", lists.columns, name="list_columns"),
    path("desk/matters/counts/", lists.counts, name="list_counts"),
    path("desk/matters/saved/", lists.save, name="list_save"),
    path("desk/matters/saved/<int:pk>/drop/", lists.drop, name="list_drop"),
    path("desk/matters/bulk/", bulk.bulk, name="bulk"),
    path("desk/matters/export/", exports.export, name="export"),
    path("desk/matters/<str:number>/", matter.page, name="desk_matter"),
    path("desk/matters/<str:number>/around/", matter.around, name="desk_around"),
    path("desk/matters/<str:number>/point.json", matter.point, name="desk_point"),
    path("desk/matters/<str:number>/clock/<int:at>/", matter.clock, name="desk_clock"),
    path("desk/matters/<str:number>/<str:verb>/", matter.step, name="desk_step"),
    path("desk/residents/<int:pk>/matters/", matter.of_person, name="of_person"),
    path("desk/m/<int:key>/", matter.by_key, name="desk_open"),
    path("desk/map/", maps.page, name="map"),
    path("desk/map/points.json", maps.points, name="map_points"),
    path("desk/map/layers/<slug:code>.json", maps.layer, name="map_layer"),
    path("desk/map/areas.json", maps.areas, name="map_areas"),
    path("desk/grids/", grids.listing, name="grids"),
    path("desk/grids/<str:code>/", grids.page, name="grid"),
    path("desk/grids/<str:code>/outline.json", grids.outline, name="grid_outline"),
    path("desk/figures/", figures.page, name="figures"),
    path("desk/figures/promises/", figures.promises, name="promises"),
    path("desk/overdue/", overdue.page, name="overdue"),
]
