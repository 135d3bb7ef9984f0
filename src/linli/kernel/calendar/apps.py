"""Manifest of the calendar."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from linli.ui.manifest import Room


class CalendarConfig(Room):
    """Working days, office hours, deadlines."""

    name = "linli.kernel.calendar"
    label = "calendar"
    verbose_name = _("日历")
