"""Addresses of the room."""

from django.urls import URLPattern

app_name = "tables"
urlpatterns: list[URLPattern] = []
