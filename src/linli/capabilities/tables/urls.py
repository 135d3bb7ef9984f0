"""Addresses of the room."""

from django.urls import URLPattern

from linli.capabilities.tables.desk import ledgers

app_name = "tables"
urlpatterns: list[URLPattern] = [*ledgers.routes]
