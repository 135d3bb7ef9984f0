"""Manifest of tasks."""

from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from linli.ui.manifest import Hangs, NavItem, Room


class TasksConfig(Room):
    """One to-do list that any room adds to."""

    name = "linli.kernel.tasks"
    label = "tasks"
    codes: ClassVar[dict[str, str]] = {"kind": "linli.kernel.tasks.kinds.titles"}
    hangs = (Hangs("tasks_task", "area", _("待办")),)
    nav = (NavItem("desk", _("待办清单"), "tasks:todo", "list-check", "tasks.own", 15),)
