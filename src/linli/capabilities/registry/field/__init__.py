"""Entrance of the registry for grid workers: visits at the door, from the same phone page and its queue."""

from __future__ import annotations

from django.urls import URLPattern, path

from linli.capabilities.registry.field import visits

routes: list[URLPattern] = [
    path("field/visit/", visits.today, name="visits"),
    path("field/visit/<int:pk>/", visits.visit, name="visit"),
]
