"""Manifest of the site."""

from django.apps import AppConfig


class SiteConfig(AppConfig):
    """Composes the house, decides nothing."""

    name = "linli.site"
    label = "site"
