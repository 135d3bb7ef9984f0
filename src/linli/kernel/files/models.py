"""One uploaded file: whose it is, who may see it, what it truly is. One export: rows that left the house."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class File(models.Model):
    """An upload that belongs to a row of some room; equal contents share storage, never permission."""

    owner_type = models.CharField(max_length=64)
    owner_id = models.BigIntegerField()
    area = models.BigIntegerField()
    account = models.BigIntegerField(null=True)
    unit = models.BigIntegerField(null=True)
    visitor = models.UUIDField(null=True)
    by = models.BigIntegerField()
    purpose = models.CharField(max_length=32)
    name = models.CharField(max_length=100)
    media_type = models.CharField(max_length=100)
    size = models.BigIntegerField()
    digest = models.CharField(max_length=64)
    width = models.IntegerField(null=True)
    height = models.IntegerField(null=True)
    created = models.DateTimeField(db_default=Now())

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["owner_type", "owner_id", "id"], name="file_owner"),
            models.Index(fields=["digest"], name="file_digest"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_image(self) -> bool:
        """Whether it has a thumbnail and may be shown in the page."""
        return self.width is not None


class Export(models.Model):
    """Rows that left the house: who took which, why, and how far the file is. Only for who asked."""

    class State(models.TextChoices):
        """How far it is."""

        WAITING = "waiting", _("排队中")
        READY = "ready", _("已完成")
        FAILED = "failed", _("没有完成")

    kind = models.CharField(max_length=24)
    account = models.BigIntegerField()
    hat = models.BigIntegerField(null=True)
    reason = models.CharField(max_length=300)
    query = models.CharField(max_length=600, blank=True)
    # What the exporter needs besides the query: columns, ids of the rows.
    more: models.JSONField[Any, Any] = models.JSONField(default=dict, db_default={})
    format = models.CharField(max_length=8)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    total = models.PositiveIntegerField()
    done = models.PositiveIntegerField(default=0)
    file = models.ForeignKey(File, null=True, on_delete=models.SET_NULL, related_name="+")
    asked = models.DateTimeField()
    finished = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["account", "-id"], name="files_export_account")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}: {self.total}"
