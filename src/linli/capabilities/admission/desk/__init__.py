"""Entrances of admission for staff."""

from __future__ import annotations

from django.urls import URLPattern, path

from linli.capabilities.admission.desk import (
    applications,
    burden,
    certificates,
    demands,
    gate,
    lists,
    occasions,
    registers,
    taking,
)

_AT = "desk/admission/"
routes: list[URLPattern] = [
    path(_AT, lists.listing, name="items"),
    path(f"{_AT}reductions/", lists.reductions, name="reductions"),
    path(f"{_AT}items/<str:code>/", lists.item, name="item"),
    path(f"{_AT}items/<str:code>/<slug:verb>/", lists.turn, name="item_step"),
    path(f"{_AT}applications/", applications.listing, name="applications"),
    path(f"{_AT}applications/new/", applications.new, name="application_new"),
    path(f"{_AT}applications/<int:pk>/", applications.page, name="application"),
    path(f"{_AT}applications/<int:pk>/edit/", applications.edit, name="application_edit"),
    path(f"{_AT}applications/<int:pk>/paper/", applications.paper, name="application_paper"),
    path(f"{_AT}applications/<int:pk>/<slug:verb>/", applications.step, name="application_step"),
    path(f"{_AT}comments/<int:pk>/", applications.reply, name="reply"),
    path(f"{_AT}gate/", gate.listing, name="gate"),
    path(f"{_AT}gate/new/", gate.new, name="ticket_new"),
    path(f"{_AT}gate/<int:pk>/", gate.page, name="ticket"),
    path(f"{_AT}gate/<int:pk>/<slug:verb>/", gate.step, name="ticket_step"),
    path(f"{_AT}agreements/", gate.agreements, name="agreements"),
    path(f"{_AT}agreements/new/", gate.agreement_new, name="agreement_new"),
    path(f"{_AT}agreements/<int:pk>/", gate.settle, name="agreement_settle"),
    path(f"{_AT}demands/", demands.listing, name="demands"),
    path(f"{_AT}demands/refusals/", demands.refusals, name="refusals"),
    path(f"{_AT}demands/<int:pk>/", demands.page, name="demand"),
    path(f"{_AT}demands/<int:pk>/<slug:verb>/", demands.step, name="demand_step"),
    path(f"{_AT}placements/", registers.placements, name="placements"),
    path(f"{_AT}placements/new/", registers.placement_new, name="placement_new"),
    path(f"{_AT}placements/<int:pk>/", registers.placement_end, name="placement_end"),
    path(f"{_AT}occasions/", occasions.listing, name="occasions"),
    path(f"{_AT}occasions/of/", occasions.of, name="occasions_of"),
    path(f"{_AT}occasions/new/", occasions.new, name="occasion_new"),
    path(f"{_AT}occasions/<int:pk>/", occasions.page, name="occasion"),
    path(f"{_AT}occasions/<int:pk>/held/", occasions.held, name="occasion_held"),
    path(f"{_AT}occasions/<int:pk>/with/<int:key>/", occasions.merge, name="occasion_merge"),
    path(f"{_AT}export/<slug:name>/", taking.export, name="export"),
    path(f"{_AT}burden/", burden.burden, name="burden"),
    path(f"{_AT}certificates/", certificates.listing, name="certificates"),
    path(f"{_AT}certificates/new/", certificates.new, name="certificate_new"),
    path(f"{_AT}certificates/<str:number>/", certificates.paper, name="certificate"),
    path(f"{_AT}certificates/<str:number>/void/", certificates.void, name="certificate_void"),
    path(f"{_AT}seals/", certificates.seals, name="seals"),
    path(f"{_AT}seals/new/", certificates.seal_new, name="seal_new"),
]
