"""One uploaded file: whose it is, who may see it, what it truly is."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now


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
