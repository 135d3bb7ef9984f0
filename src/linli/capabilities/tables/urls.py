"""Addresses of the room."""

from django.urls import URLPattern, path

from linli.capabilities.tables.desk import ledgers, sheets
from linli.capabilities.tables.field import gaps

app_name = "tables"
urlpatterns: list[URLPattern] = [
    *ledgers.routes,
    path("desk/sheets/", sheets.listing, name="sheets"),
    path("desk/sheets/<int:pk>/", sheets.page, name="sheet"),
    path("desk/sheets/<int:pk>/answer/", sheets.answer, name="sheet_answer"),
    path("desk/sheets/<int:pk>/sign/", sheets.sign, name="sheet_sign"),
    path("field/gaps/", gaps.doors, name="doors"),
    path("field/gaps/<int:pk>/", gaps.door, name="door"),
]
