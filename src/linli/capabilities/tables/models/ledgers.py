"""Ledgers that a community made for itself; what they say stands in editions, so that a former one can be read."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models

from linli.kernel.access.models import Account
from linli.kernel.places.models import Area


class Ledger(models.Model):
    """A community's own ledger 自建台账, shared by everybody who works there; `version` is the edition in force."""

    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+", db_index=False)
    title = models.CharField(max_length=60)
    version = models.PositiveIntegerField(default=1)
    maker = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+", db_index=False)
    made = models.DateTimeField()
    ended = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["area", "title"],
                condition=models.Q(ended__isnull=True),
                name="ledger_title_once",
            )
        ]

    def __str__(self) -> str:
        return self.title


class LedgerEdition(models.Model):
    """One edition of a ledger: its query and columns, who wrote it and when; never changed afterwards."""

    ledger = models.ForeignKey(
        Ledger, on_delete=models.PROTECT, related_name="editions", db_index=False
    )
    version = models.PositiveIntegerField()
    title = models.CharField(max_length=60)
    body: models.JSONField[Any, Any] = models.JSONField()
    by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["ledger", "version"], name="ledger_edition_once")
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.version}"
