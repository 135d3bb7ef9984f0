"""The dictionary at the desk: elements, code tables, what a heading means; figures from outside."""

from __future__ import annotations

from django.urls import URLPattern, path

from linli.capabilities.registry.desk.dictionary import pages, statistics

routes: list[URLPattern] = [
    path("desk/dictionary/", pages.elements, name="dictionary"),
    path("desk/dictionary/tables/", pages.tables, name="dictionary_tables"),
    path("desk/dictionary/tables/<slug:code>/", pages.table, name="dictionary_table"),
    path("desk/dictionary/<str:code>/", pages.element, name="dictionary_element"),
    path("desk/statistics/", statistics.listing, name="statistics"),
    path("desk/statistics/new/", statistics.record, name="statistic_new"),
]
