"""Notices that were loaded here, beside those that come with Linli."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now


class Holiday(models.Model):
    """One day of a loaded notice; a notice is all rows of one year and one day of announcement.

    Has no area: the calendar of the State Council is the same everywhere.
    """

    notice_year = models.SmallIntegerField()
    announced = models.DateField()
    date = models.DateField()
    is_off = models.BooleanField()
    name = models.CharField(max_length=40)
    source = models.TextField(default="")
    loaded = models.DateTimeField(db_default=Now())

    class Meta:
        ordering: ClassVar[list[str]] = ["announced", "date"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["notice_year", "announced", "date"], name="calendar_holiday_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.date} {self.name}"
