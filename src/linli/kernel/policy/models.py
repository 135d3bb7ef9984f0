"""Applied packs: immutable versions."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models.functions import Now


class PolicyVersion(models.Model):
    """A pack as it was applied; never changed, never deleted. The newest one is in force.

    The application may insert and select only; a case keeps the version it began under.
    """

    code = models.CharField(max_length=40)
    hash = models.CharField(max_length=64)
    body: models.JSONField[Any, Any] = models.JSONField()
    applied_at = models.DateTimeField(db_default=Now())
    applied_by = models.BigIntegerField(default=1)
    note = models.TextField(default="")

    class Meta:
        db_table = "policy_version"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(hash__regex=r"^[0-9a-f]{64}$"),
                name="policy_version_hash",
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.hash[:12]}"
