"""Addresses of tasks, mounted at the root."""

from django.urls import path

from linli.kernel.tasks import views

app_name = "tasks"
urlpatterns = [
    path("desk/todo/", views.todo, name="todo"),
    path("desk/todo/walk/", views.walk, name="walk"),
]
