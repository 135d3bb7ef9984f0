"""Addresses of matters, face by face."""

from django.urls import path

from linli.capabilities.matters import desk, field, portal
from linli.capabilities.matters.api import api

app_name = "matters"
urlpatterns = [*portal.routes, *desk.routes, *field.routes, path("api/v1/", api.urls)]
