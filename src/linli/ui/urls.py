"""Addresses of the style page, mounted under /ui/ in demo mode."""

from django.urls import path

from linli.ui import views

app_name = "ui"
urlpatterns = [
    path("", views.style, name="style"),
    path("areas.json", views.areas, name="areas"),
    path("points.json", views.points, name="points"),
    path("toast/", views.toast, name="toast"),
    path("face/<slug:which>/", views.face, name="face"),
    path("page/<slug:which>/", views.page, name="page"),
]
