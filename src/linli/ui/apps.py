"""Manifest of the design system."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    """Layouts, components, tokens."""

    name = "linli.ui"
    label = "ui"
