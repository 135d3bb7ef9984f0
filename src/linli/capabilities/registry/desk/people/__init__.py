"""People and households at the desk: the roll, one person, one household, what is registered."""

from __future__ import annotations

from django.urls import URLPattern, path

from linli.capabilities.registry.desk.people import (
    bulk,
    coverage,
    days,
    exports,
    households,
    keeping,
    lists,
    page,
    register,
    steps,
)

routes: list[URLPattern] = [
    path("desk/residents/", lists.listing, name="people"),
    path("desk/residents/filters/", lists.narrow, name="people_filters"),
    path("desk/residents/columns/", lists.columns, name="people_columns"),
    path("desk/residents/counts/", lists.counts, name="people_counts"),
    path("desk/residents/saved/", lists.save, name="people_save"),
    path("desk/residents/saved/<int:pk>/drop/", lists.drop, name="people_drop"),
    path("desk/residents/bulk/", bulk.bulk, name="people_bulk"),
    path("desk/residents/export/", exports.export, name="people_export"),
    path("desk/residents/keeping/", keeping.page, name="keeping"),
    path("desk/residents/keeping/<str:code>/", keeping.due, name="keeping_due"),
    path("desk/residents/coverage/", coverage.page, name="people_coverage"),
    path("desk/residents/on/", days.lived, name="people_on"),
    path("desk/residents/doors/", register.doors, name="doors"),
    path("desk/residents/new/", register.register, name="register"),
    path("desk/residents/<int:pk>/", page.page, name="person"),
    path("desk/residents/<int:pk>/around/", page.around, name="person_around"),
    path("desk/residents/<int:pk>/history/", page.history, name="person_history"),
    path("desk/residents/<int:pk>/<slug:verb>/", steps.step, name="person_step"),
    path("desk/households/<int:pk>/", households.page, name="household"),
    path("desk/households/<int:pk>/<slug:verb>/", households.step, name="household_step"),
]
