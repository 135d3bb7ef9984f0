"""A unit's forms at the desk: brought, confirmed on their picture, compared with what is asked already, sent."""

from __future__ import annotations

from django.urls import URLPattern, path

from linli.capabilities.tables.desk.forms import (
    handing,
    lists,
    narrowing,
    sending,
    settling,
    showing,
)

_AT = "desk/forms/"
routes: list[URLPattern] = [
    path(_AT, lists.listing, name="forms"),
    path(f"{_AT}new/", lists.new, name="form_new"),
    path(f"{_AT}<int:pk>/", settling.page, name="form"),
    path(f"{_AT}<int:pk>/look.css", showing.look, name="form_look"),
    path(f"{_AT}<int:pk>/columns/<slug:column>/", settling.column, name="form_column"),
    path(f"{_AT}<int:pk>/step/<slug:step>/", settling.step, name="form_step"),
    path(f"{_AT}<int:pk>/whom/<int:at>/", narrowing.whom, name="form_whom"),
    path(f"{_AT}<int:pk>/fill/", handing.fill, name="form_fill"),
    path(f"{_AT}<int:pk>/send/", sending.send, name="form_send"),
    path(f"{_AT}<int:pk>/send/preview/", sending.preview, name="form_preview"),
    path(f"{_AT}<int:pk>/send/find/", sending.find, name="form_find"),
    path(f"{_AT}<int:pk>/send/areas/<int:area>/", sending.place, name="form_place"),
    path(f"{_AT}<int:pk>/sent/<int:sent>/", sending.sent, name="form_sent"),
]
