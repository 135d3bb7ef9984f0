"""Entrance of residents: report, apply, follow, query, and what anybody may see."""

from __future__ import annotations

from django.urls import URLPattern, path

from linli.capabilities.matters.portal import following, opened, querying, reporting, serving

routes: list[URLPattern] = [
    path("report/", reporting.report, name="report"),
    path("report/suggest/", reporting.suggest, name="report_suggest"),
    path("report/alike/", reporting.alike, name="report_alike"),
    path("report/place/", reporting.where, name="report_place"),
    path("report/areas/", reporting.areas, name="report_areas"),
    path("report/photo/<str:digest>/", reporting.photo, name="report_photo"),
    path("services/", serving.catalogue, name="services"),
    path("services/<slug:code>/", serving.item, name="service"),
    path("matters/", following.mine, name="mine"),
    path("matters/<str:number>/", following.matter, name="matter"),
    path("matters/<str:number>/live/", following.live, name="matter_live"),
    path("matters/<str:number>/receipt/", following.receipt, name="report_receipt"),
    path("m/<int:key>/", following.by_key, name="open"),
    path("query/", querying.query, name="query"),
    path("open/", opened.public_page, name="public"),
    path("open/points/", opened.points, name="public_points"),
    path("open/areas/", opened.outlines, name="public_areas"),
]
