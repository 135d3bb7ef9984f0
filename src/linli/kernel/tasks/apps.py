"""Manifest of tasks."""

from linli.ui.manifest import Room


class TasksConfig(Room):
    """One to-do list that any room adds to."""

    name = "linli.kernel.tasks"
    label = "tasks"
