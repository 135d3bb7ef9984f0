"""What is entered in a ledger itself, where no room keeps such records; every change is one more edition."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from linli.kernel.access.models import Account
from linli.kernel.places.models import Area


class Entry(models.Model):
    """One record as it stands 台账记录: what happened in a community on a day, by the kind that the pack declares.

    `body` holds values by the last part of their elements: texts and codes, days as ISO texts, people as a list of
    keys of the registry (as texts) and names of others. `changed` is when the edition in force was written.
    """

    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=32)
    day = models.DateField()
    body: models.JSONField[Any, Any] = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=1)
    maker = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+", db_index=False)
    made = models.DateTimeField()
    changed = models.DateTimeField()
    struck = models.BooleanField(default=False)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            # A community's rows of a kind; and everybody's, latest first.
            models.Index(fields=["area", "kind"], name="tables_entry_area"),
            models.Index(fields=["kind", "-day", "-id"], name="tables_entry_day"),
            # A record set may hold entries of several kinds: the latest of a city are found without reading all.
            models.Index(fields=["-day", "-id"], name="tables_entry_latest"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class EntryEdition(models.Model):
    """One edition of an entry: who wrote what, when and why; never changed afterwards."""

    class What(models.TextChoices):
        """What was done with it."""

        ENTER = "enter", _("登记")
        CORRECT = "correct", _("更正")
        STRIKE = "strike", _("作废")
        RESTORE = "restore", _("恢复")

    entry = models.ForeignKey(
        Entry, on_delete=models.PROTECT, related_name="editions", db_index=False
    )
    version = models.PositiveIntegerField()
    what = models.CharField(max_length=8, choices=What.choices, default=What.ENTER)
    day = models.DateField()
    body: models.JSONField[Any, Any] = models.JSONField(default=dict)
    reason = models.CharField(max_length=200, blank=True, default="")
    by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["entry", "version"], name="tables_entry_edition_once")
        ]

    def __str__(self) -> str:
        return f"{self.entry_id}/{self.version}"


class EntryTally(models.Model):
    """How many entries of a kind a community has of a month, and the hours they tell; kept with every edition."""

    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=32)
    month = models.DateField()
    number = models.PositiveIntegerField()
    hours = models.FloatField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["area", "kind", "month"], name="tables_tally_once")
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["month", "area"], name="tables_tally_month")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.month}: {self.number}"
