"""Imports at the desk: departments' files, what waits for a decision, where data comes from."""

from __future__ import annotations

from django.urls import URLPattern, path

from linli.capabilities.registry.desk.imports import batches, deciding, sources, upload

_AT = "desk/registry/imports"
routes: list[URLPattern] = [
    path(f"{_AT}/", batches.listing, name="imports"),
    path(f"{_AT}/new/", upload.upload, name="import_new"),
    path(f"{_AT}/sources/", sources.listing, name="import_sources"),
    path(f"{_AT}/sources/<int:pk>/", sources.retire, name="import_retire"),
    path(f"{_AT}/matches/", deciding.matches, name="import_matches"),
    path(f"{_AT}/matches/<int:pk>/", deciding.link, name="import_link"),
    path(f"{_AT}/conflicts/", deciding.conflicts, name="import_conflicts"),
    path(f"{_AT}/conflicts/<int:pk>/", deciding.decide, name="import_decide"),
    path(f"{_AT}/conflicts/<int:pk>/numbers/", deciding.numbers, name="import_numbers"),
    path(f"{_AT}/<int:pk>/", batches.page, name="import_page"),
    path(f"{_AT}/<int:pk>/state/", batches.state, name="import_state"),
    path(f"{_AT}/<int:pk>/columns/", upload.columns, name="import_columns"),
    path(f"{_AT}/<int:pk>/try/", upload.try_out, name="import_try"),
    path(f"{_AT}/<int:pk>/start/", upload.start, name="import_start"),
    path(f"{_AT}/<int:pk>/cancel/", upload.cancel, name="import_cancel"),
    path(f"{_AT}/<int:pk>/rows/", batches.rows, name="import_rows"),
    path(f"{_AT}/<int:pk>/refused/", batches.refused, name="import_refused"),
    path(f"{_AT}/<int:pk>/return/", batches.corrections, name="import_return"),
]
