"""Entrance of matters: the 12345 hotline's work orders."""

from __future__ import annotations

from django.urls import URLPattern

routes: list[URLPattern] = []
