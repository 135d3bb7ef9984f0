"""Addresses of notices, mounted at the root."""

from django.urls import path

from linli.kernel.notices import views

app_name = "notices"
urlpatterns = [
    path("notices/", views.portal, name="portal"),
    path("notices/read/", views.portal_read_all, name="portal_read_all"),
    path("notices/<int:pk>/", views.portal_open, name="portal_open"),
    path("desk/notices/", views.desk, name="desk"),
    path("desk/notices/bell/", views.bell, name="bell"),
    path("desk/notices/read/", views.desk_read_all, name="desk_read_all"),
    path("desk/notices/<int:pk>/", views.desk_open, name="desk_open"),
]
