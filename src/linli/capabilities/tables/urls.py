"""Addresses of the room."""

from django.urls import URLPattern, path

from linli.capabilities.tables.desk import entries, forms, ledgers, sheets
from linli.capabilities.tables.field import entries as noting
from linli.capabilities.tables.field import gaps

app_name = "tables"
urlpatterns: list[URLPattern] = [
    *forms.routes,
    *ledgers.routes,
    path("desk/entries/new/<slug:kind>/", entries.enter, name="enter"),
    path("desk/entries/<int:pk>/", entries.entry, name="entry"),
    path("desk/entries/<int:pk>/correct/", entries.correct, name="entry_correct"),
    path("desk/entries/<int:pk>/strike/", entries.strike, name="entry_strike"),
    path("desk/entries/<int:pk>/restore/", entries.restore, name="entry_restore"),
    path("field/entries/", noting.kinds, name="kinds"),
    path("field/entries/<slug:kind>/", noting.enter, name="field_enter"),
    path("desk/sheets/", sheets.listing, name="sheets"),
    path("desk/sheets/<int:pk>/", sheets.page, name="sheet"),
    path("desk/sheets/<int:pk>/answer/", sheets.answer, name="sheet_answer"),
    path("desk/sheets/<int:pk>/sign/", sheets.sign, name="sheet_sign"),
    path("field/gaps/", gaps.doors, name="doors"),
    path("field/gaps/<int:pk>/", gaps.door, name="door"),
]
