"""Organisations at the desk: the directory, one of them, its posts and stations, what became of it, the totals."""

from __future__ import annotations

from django.urls import URLPattern, path

from linli.capabilities.registry.desk.organisations import directory, filings, rows, stages, steps

routes: list[URLPattern] = [
    path("desk/organisations/", directory.listing, name="organisations"),
    path("desk/organisations/figures/", directory.figures, name="organisation_figures"),
    path("desk/organisations/reserve/", directory.reserve, name="organisation_reserve"),
    path("desk/organisations/filings/", filings.listing, name="filings"),
    path("desk/organisations/filings/export/", filings.export, name="filings_export"),
    path("desk/organisations/filings/<int:pk>/", filings.page, name="filing"),
    path("desk/organisations/filings/<int:pk>/<slug:verb>/", filings.step, name="filing_step"),
    path("desk/organisations/standards/<slug:code>/", stages.listing, name="organisation_stages"),
    path("desk/organisations/new/", steps.add, name="organisation_new"),
    path("desk/organisations/file/", steps.file, name="organisation_file"),
    path("desk/organisations/<int:pk>/", directory.page, name="organisation"),
    path("desk/organisations/<int:pk>/<slug:verb>/", steps.step, name="organisation_step"),
    path(
        "desk/organisations/<int:pk>/posts/<int:key>/end/", rows.unhold, name="organisation_unhold"
    ),
    path(
        "desk/organisations/<int:pk>/stations/<int:key>/end/",
        rows.unstation,
        name="organisation_unstation",
    ),
    path(
        "desk/organisations/<int:pk>/posts/<int:key>/<slug:verb>/",
        rows.post,
        name="organisation_post",
    ),
    path(
        "desk/organisations/<int:pk>/stations/<int:key>/<slug:verb>/",
        rows.place,
        name="organisation_place",
    ),
]
