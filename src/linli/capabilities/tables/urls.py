"""Addresses of the room."""

from django.urls import URLPattern, path

from linli.capabilities.tables.desk import cells, editions, entries, forms, ledgers, rounds, sheets
from linli.capabilities.tables.field import entries as noting
from linli.capabilities.tables.field import gaps

app_name = "tables"
urlpatterns: list[URLPattern] = [
    *forms.routes,
    *ledgers.routes,
    path("desk/entries/new/<slug:kind>/", entries.enter, name="enter"),
    path("desk/entries/<int:pk>/", entries.entry, name="entry"),
    path("desk/entries/<int:pk>/point.json", entries.point, name="entry_point"),
    path("desk/entries/<int:pk>/correct/", entries.correct, name="entry_correct"),
    path("desk/entries/<int:pk>/strike/", entries.strike, name="entry_strike"),
    path("desk/entries/<int:pk>/restore/", entries.restore, name="entry_restore"),
    path("field/entries/", noting.kinds, name="kinds"),
    path("field/entries/<slug:kind>/", noting.enter, name="field_enter"),
    *sheets.routes,
    *cells.routes,
    *rounds.routes,
    *editions.routes,
    *gaps.routes,
]
