"""Cloud ledgers at the desk: the list, one ledger, its filter and columns, paper, export, a community's own."""

from __future__ import annotations

from django.urls import URLPattern, path

from linli.capabilities.tables.desk.ledgers import lists, making, narrowing, taking

routes: list[URLPattern] = [
    path("desk/ledgers/", lists.listing, name="ledgers"),
    path("desk/ledgers/counts/", lists.counts, name="ledgers_counts"),
    path("desk/ledgers/<slug:key>/", lists.ledger, name="ledger"),
    path("desk/ledgers/<slug:key>/row/<int:row>/", lists.row, name="ledger_row"),
    path("desk/ledgers/<slug:key>/filter/", narrowing.narrow, name="ledger_filter"),
    path("desk/ledgers/<slug:key>/columns/", narrowing.columns, name="ledger_columns"),
    path("desk/ledgers/<slug:key>/print/", taking.paper, name="ledger_print"),
    path("desk/ledgers/<slug:key>/export/", taking.export, name="ledger_export"),
    path("desk/ledgers/<slug:key>/save/", making.save, name="ledger_save"),
    path("desk/ledgers/<slug:key>/end/", making.end, name="ledger_end"),
    path("desk/ledgers/<slug:key>/restore/", making.restore, name="ledger_restore"),
    path("desk/ledgers/<slug:key>/editions/", making.editions, name="ledger_editions"),
]
