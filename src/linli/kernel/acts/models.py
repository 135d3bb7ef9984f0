"""Facts and their seals: append-only for the application."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models.functions import Now


class Fact(models.Model):
    """One thing that somebody did: audit line, timeline entry and event at once.

    The application may insert and select only. `data` holds codes and ids; free text lies in `Words`.
    """

    at = models.DateTimeField()
    recorded = models.DateTimeField(db_default=Now())
    verb = models.CharField(max_length=64)
    actor = models.BigIntegerField()
    hat = models.BigIntegerField(null=True)
    unit = models.BigIntegerField(null=True)
    policy = models.BigIntegerField(default=0)
    channel = models.CharField(max_length=16)
    area = models.BigIntegerField(default=0)
    subject_type = models.CharField(max_length=64)
    subject_id = models.BigIntegerField(default=0)
    data: models.JSONField[Any, Any] = models.JSONField(default=dict)
    digest = models.BinaryField(null=True)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["subject_type", "subject_id", "id"], name="fact_subject"),
            models.Index(fields=["actor", "-id"], name="fact_actor"),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.subject_type}:{self.subject_id}"


class Words(models.Model):
    """A text kept beside a fact, erasable; the fact carries its salted digest."""

    fact = models.ForeignKey(Fact, on_delete=models.DO_NOTHING, related_name="words")
    actor = models.BigIntegerField()
    name = models.CharField(max_length=32)
    body = models.TextField()
    salt = models.BinaryField()

    def __str__(self) -> str:
        return self.name


class Seal(models.Model):
    """One link of the hash chain over facts; `seq` has no gaps."""

    seq = models.BigIntegerField(primary_key=True)
    fact = models.OneToOneField(Fact, on_delete=models.DO_NOTHING, related_name="seal")
    hash = models.BinaryField()
    sealed = models.DateTimeField(db_default=Now())

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["sealed"], name="seal_sealed")
        ]

    def __str__(self) -> str:
        return str(self.seq)


class Cursor(models.Model):
    """How far a listener has heard; moves in the transaction of its work."""

    listener = models.CharField(max_length=160, primary_key=True)
    seq = models.BigIntegerField(default=0)
    beat = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return f"{self.listener}@{self.seq}"


class Stuck(models.Model):
    """A fact a listener failed on, parked so that the rest goes on; retried by hand or by the clock."""

    listener = models.CharField(max_length=160)
    fact = models.ForeignKey(Fact, on_delete=models.DO_NOTHING, related_name="+")
    error = models.TextField()
    tries = models.PositiveIntegerField(default=1)
    at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return f"{self.listener}: {self.fact_id}"
