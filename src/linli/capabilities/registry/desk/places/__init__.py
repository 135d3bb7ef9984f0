"""Places at the desk: estates, buildings, homes, and whether the grids hold every home."""

from __future__ import annotations

from collections.abc import Callable

from django.http.response import HttpResponseBase
from django.urls import URLPattern, path

from linli.capabilities.registry.desk.places import (
    bodies,
    coverage,
    dividing,
    estates,
    facilities,
    homes,
    planning,
    rows,
    steps,
)


def _page(name: str) -> Callable[..., HttpResponseBase]:
    return steps.page_of(steps.STEPS[name])


routes: list[URLPattern] = [
    path("desk/estates/", estates.listing, name="estates"),
    path("desk/estates/new/", steps.add_estate, name="estate_new"),
    path("desk/estates/<int:pk>/", estates.estate, name="estate"),
    path("desk/estates/<int:pk>/change/", _page("estate_change"), name="estate_change"),
    path("desk/estates/<int:pk>/end/", _page("estate_end"), name="estate_end"),
    path("desk/estates/<int:pk>/building/", _page("building_new"), name="building_new"),
    path("desk/buildings/<int:pk>/", estates.building, name="building"),
    path("desk/buildings/<int:pk>/change/", _page("building_change"), name="building_change"),
    path("desk/buildings/<int:pk>/home/", _page("home_new"), name="home_new"),
    path("desk/buildings/<int:pk>/move/", steps.move, name="building_move"),
    path("desk/buildings/<int:pk>/end/", _page("building_end"), name="building_end"),
    path("desk/buildings/<int:pk>/body/", bodies.in_building, name="building_body"),
    path("desk/estates/<int:pk>/body/", bodies.in_estate, name="estate_body"),
    path("desk/homes/<int:pk>/move/", homes.move, name="home_move"),
    path("desk/homes/<int:pk>/back/", homes.back, name="home_back"),
    path("desk/homes/<int:pk>/end/", _page("home_end"), name="home_end"),
    path("desk/homes/<int:pk>/", _page("home"), name="home"),
    path("desk/coverage/", coverage.listing, name="coverage"),
    path("desk/coverage/<str:code>/", coverage.page, name="coverage_page"),
    path("desk/coverage/<str:code>/draw/", coverage.draw, name="coverage_draw"),
    path("desk/coverage/<str:code>/grids.json", coverage.grids, name="coverage_grids"),
    path("desk/elements/<str:code>/", coverage.elements, name="elements"),
    path("desk/elements/<str:code>/check/", bodies.assess, name="grid_assess"),
    path("desk/elements/<str:code>/body/", bodies.in_grid, name="grid_body"),
    path("desk/elements/<str:code>/buildings/", rows.buildings, name="buildings"),
    path("desk/elements/<str:code>/homes/", rows.homes, name="homes"),
    path("desk/elements/<str:code>/stations/", rows.stations, name="stations"),
    path("desk/coverage/<str:code>/dedicated/", coverage.dedicated, name="grid_dedicated"),
    path("desk/coverage/<str:code>/divide/", dividing.propose, name="divide"),
    path("desk/coverage/<str:code>/divide.json", dividing.points, name="divide_points"),
    path("desk/plan/", planning.page, name="plan"),
    path("desk/facilities/", facilities.listing, name="facilities"),
    path("desk/facilities/points.json", facilities.points, name="facility_points"),
    path("desk/facilities/areas.json", facilities.areas, name="facility_areas"),
    path("desk/facilities/new/", facilities.add, name="facility_new"),
    path("desk/facilities/<int:pk>/", facilities.change, name="facility"),
    path("desk/facilities/<int:pk>/end/", facilities.end, name="facility_end"),
]
