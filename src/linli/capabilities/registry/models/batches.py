"""What came from outside: sources, batches of rows, layouts learned, rows refused, values in conflict."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from linli.kernel.access.models import Account, Unit
from linli.kernel.files.models import File
from linli.kernel.places.models import Area
from linli.kernel.vault.fields import VaultField


class Source(models.Model):
    """Who says so: a department's system, a door-to-door visit, the resident. Lower `rank` wins over higher."""

    code = models.CharField(max_length=40, unique=True)
    title = models.CharField(max_length=80)
    owner = models.CharField(max_length=80, blank=True, default="")
    system = models.CharField(max_length=80, blank=True, default="")
    rank = models.PositiveSmallIntegerField(default=50)
    profile = models.CharField(max_length=40, blank=True, default="")
    retired = models.DateField(null=True)

    def __str__(self) -> str:
        return self.title


class Batch(models.Model):
    """One load from one source (批次): a file, an afternoon of visits, one correction by hand.

    `plan` is the confirmed mapping of columns; `counts` the report; `progress` the last row that is whole.
    """

    class State(models.TextChoices):
        """How far it is."""

        READ = "read", _("待确认列")
        CHECKED = "checked", _("待导入")
        RUNNING = "running", _("正在导入")
        DONE = "done", _("已完成")
        FAILED = "failed", _("未完成")
        CANCELLED = "cancelled", _("已取消")

    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+", db_index=False)
    source = models.ForeignKey(
        Source, on_delete=models.PROTECT, related_name="batches", db_index=False
    )
    account = models.ForeignKey(
        Account, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    # Whose it is: a department sees its own imports and nobody else's.
    unit = models.ForeignKey(
        Unit, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    record_set = models.CharField(max_length=24, default="person")
    name = models.CharField(max_length=200, blank=True, default="")
    digest = models.CharField(max_length=64, blank=True, default="")
    file = models.ForeignKey(
        File, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    as_of = models.DateField()
    plan: models.JSONField[Any, Any] = models.JSONField(default=dict, db_default={})
    counts: models.JSONField[Any, Any] = models.JSONField(default=dict, db_default={})
    state = models.CharField(max_length=10, choices=State.choices, default=State.READ)
    progress = models.PositiveIntegerField(default=0, db_default=0)
    total = models.PositiveIntegerField(default=0, db_default=0)
    note = models.CharField(max_length=300, blank=True, default="")
    at = models.DateTimeField(db_default=Now())
    finished = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["area", "-id"], name="batch_area"),
            models.Index(fields=["source", "-id"], name="batch_source"),
            models.Index(
                fields=["unit", "-id"], name="batch_unit", condition=Q(unit__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Layout(models.Model):
    """The columns that a source's files have, as a person confirmed them; proposed again for look-alikes."""

    source = models.ForeignKey(
        Source, on_delete=models.PROTECT, related_name="layouts", db_index=False
    )
    record_set = models.CharField(max_length=24)
    signature = models.CharField(max_length=64)
    columns: models.JSONField[Any, Any] = models.JSONField(default=list)
    used = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["source", "record_set", "signature"], name="layout_once"
            )
        ]

    def __str__(self) -> str:
        return self.signature


class BatchRow(models.Model):
    """A row that was refused or met somebody only probably: what stood there (sealed), why, what was decided."""

    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="rows", db_index=False)
    line = models.PositiveIntegerField()
    state = models.CharField(max_length=12)
    reasons: models.JSONField[Any, Any] = models.JSONField(default=list)
    values = VaultField(kind="text", null=True)
    candidate = models.BigIntegerField(null=True)
    score = models.FloatField(null=True)
    decided = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["batch", "line"], name="batchrow_once")
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["batch", "state", "line"], name="batchrow_state"),
        ]

    def __str__(self) -> str:
        return f"{self.batch_id}:{self.line}"


class Conflict(models.Model):
    """Two sources say different things about one value and neither outranks the other: a person decides."""

    class State(models.TextChoices):
        """Where it stands."""

        OPEN = "open", _("待裁定")
        KEPT = "kept", _("保留原值")
        TAKEN = "taken", _("采用新值")

    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+", db_index=False)
    record_set = models.CharField(max_length=24)
    row = models.BigIntegerField()
    field = models.CharField(max_length=40)
    held = VaultField(kind="text", null=True)
    held_batch = models.ForeignKey(
        Batch, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    offered = VaultField(kind="text", null=True)
    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="conflicts")
    line = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=6, choices=State.choices, default=State.OPEN)
    at = models.DateTimeField(db_default=Now())
    decided = models.DateTimeField(null=True)
    decider = models.ForeignKey(
        Account, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["record_set", "row", "field", "batch"],
                condition=Q(state="open"),
                name="conflict_once",
            )
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["area", "state", "id"], name="conflict_area"),
        ]

    def __str__(self) -> str:
        return f"{self.field} {self.state}"
