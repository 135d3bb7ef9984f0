"""Manifest of tasks."""

from django.utils.translation import gettext_lazy as _

from linli.ui.manifest import Hangs, Room


class TasksConfig(Room):
    """One to-do list that any room adds to."""

    name = "linli.kernel.tasks"
    label = "tasks"
    hangs = (Hangs("tasks_task", "area", _("待办")),)
