"""Addresses of files, mounted at the root."""

from django.urls import path

from linli.kernel.files import views

app_name = "files"
urlpatterns = [
    path("desk/exports/", views.exported, name="exports"),
    path("desk/exports/<int:pk>/", views.export, name="export"),
    path("desk/exports/<int:pk>/again/", views.export_again, name="export_again"),
    path("files/<int:pk>/", views.original, name="original"),
    path("files/<int:pk>/thumb/", views.thumb, name="thumb"),
]
