"""Addresses of matters, face by face."""

from django.urls import path

from linli.capabilities.matters import api, desk, field, hotline, portal

app_name = "matters"
urlpatterns = [
    *portal.routes,
    *desk.routes,
    *field.routes,
    *hotline.routes,
    path("api/v1/", api.urls),
]
