"""Addresses of indicators, mounted at the root."""

from django.urls import path

from linli.kernel.measures import views

app_name = "measures"
urlpatterns = [
    path("desk/measures/", views.page, name="sheet"),
    path("desk/measures/alerts/", views.alerts, name="alerts"),
    path("desk/measures/report/", views.report, name="report"),
    path("desk/measures/file/", views.file, name="file"),
]
