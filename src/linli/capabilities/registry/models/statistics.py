"""Dated figures from outside: population bases, wages and other denominators."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from linli.kernel.places.models import Area


class Statistic(models.Model):
    """One figure of one area for one period, with the document that says so; public reference facts."""

    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+", db_index=False)
    code = models.CharField(max_length=40)
    period = models.CharField(max_length=10)
    value = models.DecimalField(max_digits=20, decimal_places=4)
    unit = models.CharField(max_length=20)
    as_of = models.DateField()
    document = models.CharField(max_length=200)
    clause = models.CharField(max_length=80, blank=True, default="")
    status = models.CharField(max_length=8, default="found")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["area", "code", "period", "document"],
                condition=models.Q(until__isnull=True),
                name="statistic_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.period}"


class Keeping(models.Model):
    """From which day on ended records are still shown, by code of the pack's retention; told to the wall."""

    code = models.CharField(max_length=40, primary_key=True)
    since = models.DateField()

    def __str__(self) -> str:
        return f"{self.code} {self.since}"


class Coverage(models.Model):
    """How far a community reaches those who live there without being registered there, on a day (R015)."""

    area = models.OneToOneField(Area, primary_key=True, on_delete=models.PROTECT, related_name="+")
    as_of = models.DateField()
    registered = models.PositiveIntegerField()
    living = models.PositiveIntegerField()
    others = models.PositiveIntegerField()
    reached = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.area_id} {self.as_of}"
