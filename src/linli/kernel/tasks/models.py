"""One thing that somebody has to do."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models


class Task(models.Model):
    """A to-do of a person, or of whoever holds a post of a unit or area; open until done.

    `household` will let visits to one door be merged; `weight` ranks tasks of the same day (higher first).
    """

    area = models.BigIntegerField()
    post = models.CharField(max_length=40, blank=True)
    unit = models.BigIntegerField(null=True)
    account = models.BigIntegerField(null=True)
    kind = models.CharField(max_length=64)
    subject_type = models.CharField(max_length=64)
    subject_id = models.BigIntegerField()
    title = models.CharField(max_length=200)
    due = models.DateTimeField(null=True)
    created = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    done_by = models.BigIntegerField(null=True)
    household = models.BigIntegerField(null=True)
    weight = models.SmallIntegerField(default=0)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["subject_type", "subject_id", "kind", "post", "unit"],
                condition=models.Q(done_at__isnull=True),
                nulls_distinct=False,
                name="task_open_once",
            )
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=[column, "due", "id"],
                name=f"task_open_{column}",
                condition=models.Q(done_at__isnull=True),
            )
            for column in ("area", "unit", "account")
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def open(self) -> bool:
        """Whether it still has to be done."""
        return self.done_at is None


Values = dict[str, Any]
