"""What weighs on a community in a month: counted from demands and occasions, never typed (R080, R090, R098)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from linli.kernel.access.models import Unit
from linli.kernel.places.models import Area


class Weight(models.Model):
    """One month of one community, by the unit that asked; without a unit: all of them together.

    `duplicates` are fields that several units asked for, so they stand in the row of all together alone.
    """

    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+", db_index=False)
    month = models.DateField()
    unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    times = models.PositiveIntegerField(default=0)
    tables = models.PositiveIntegerField(default=0)
    fields = models.PositiveIntegerField(default=0)
    by_hand = models.PositiveIntegerField(default=0)
    cells = models.PositiveIntegerField(default=0)
    known = models.PositiveIntegerField(default=0)
    hours = models.DecimalField(max_digits=12, decimal_places=1, default=0)
    duplicates = models.PositiveIntegerField(default=0)
    meetings = models.PositiveIntegerField(default=0)
    inspections = models.PositiveIntegerField(default=0)
    contests = models.PositiveIntegerField(default=0)
    declined = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["area", "month", "unit"],
                nulls_distinct=False,
                name="admission_weight_once",
            )
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["month", "area"],
                name="admission_weight_month",
                condition=models.Q(unit__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.area_id} {self.month:%Y-%m}"
