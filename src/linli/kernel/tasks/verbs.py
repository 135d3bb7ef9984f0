"""Permissions of tasks that write nothing: who may open which page."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from linli.kernel.acts import reading

OWN = reading("tasks.own", title=_("查看自己的待办"))
