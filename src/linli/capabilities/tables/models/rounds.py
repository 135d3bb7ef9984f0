"""A department's form, its rounds, one sheet for each community, what nobody knows yet, the frozen result."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from linli.capabilities.admission.models import Demand, Ticket
from linli.kernel.access.models import Unit
from linli.kernel.places.models import Area


class Form(models.Model):
    """A unit's own workbook, and what each of its columns was confirmed to mean (`plan`); `area` is the unit's.

    `picture` is the form to be drawn, `fingerprint` tells copies of one form, `trouble` why a file could not be read,
    `undo` the former columns of the last steps.
    """

    class State(models.TextChoices):
        """How far it is."""

        READING = "reading", _("正在读取")
        BROKEN = "broken", _("读不了")
        DRAFT = "draft", _("待确认")
        CONFIRMED = "confirmed", _("已确认")
        SHARED = "shared", _("改用共享")
        RETIRED = "retired", _("停用")

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+", db_index=False)
    title = models.CharField(max_length=120)
    item = models.CharField(max_length=40, blank=True, default="")
    file = models.BigIntegerField(null=True)
    name = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    plan: models.JSONField[Any, Any] = models.JSONField(default=dict)
    picture: models.JSONField[Any, Any] = models.JSONField(default=dict)
    undo: models.JSONField[Any, Any] = models.JSONField(default=list)
    fingerprint = models.CharField(max_length=64, blank=True, default="")
    trouble = models.CharField(max_length=300, blank=True, default="")
    state = models.CharField(max_length=12, choices=State.choices, default=State.DRAFT)
    by = models.BigIntegerField()
    made = models.DateTimeField()
    changed = models.DateTimeField()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["unit", "-id"], name="tables_form_unit")
        ]

    def __str__(self) -> str:
        return self.title


class Memory(models.Model):
    """What a heading was confirmed to mean in a unit's forms, to be proposed for look-alikes."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+", db_index=False)
    key = models.CharField(max_length=160)
    column: models.JSONField[Any, Any] = models.JSONField(default=dict)
    form = models.BigIntegerField()
    by = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["unit", "key"], name="tables_memory_once")
        ]

    def __str__(self) -> str:
        return self.key


class Round(models.Model):
    """One filling of a form under one ticket of the gate; `plan` is the form's as it was that day.

    With a `frequency` the next period follows by itself; `before` is the period it followed, `keep_own` takes over
    what communities wrote in columns of the form's own.
    """

    class State(models.TextChoices):
        """How far it is."""

        COUNTING = "counting", _("正在预填")
        OPEN = "open", _("填报中")
        FROZEN = "frozen", _("已定版")
        RECALLED = "recalled", _("已收回")

    class Frequency(models.TextChoices):
        """How often it is asked again."""

        ONCE = "", _("只填这一次")
        MONTH = "month", _("每月")
        QUARTER = "quarter", _("每季度")
        HALF = "half", _("每半年")
        YEAR = "year", _("每年")

    form = models.ForeignKey(Form, on_delete=models.PROTECT, related_name="rounds")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+", db_index=False)
    ticket = models.OneToOneField(Ticket, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=120)
    period = models.CharField(max_length=20)
    plan: models.JSONField[Any, Any] = models.JSONField(default=dict)
    file = models.BigIntegerField(null=True)
    state = models.CharField(max_length=12, choices=State.choices, default=State.COUNTING)
    due = models.DateTimeField(null=True)
    frequency = models.CharField(
        max_length=8, blank=True, choices=Frequency.choices, default=Frequency.ONCE
    )
    before = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    keep_own = models.BooleanField(default=True)
    by = models.BigIntegerField()
    made = models.DateTimeField()
    frozen = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["form", "period"],
                condition=~models.Q(state="recalled"),
                name="tables_round_period",
            )
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["unit", "-id"], name="tables_round_unit")
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.period}"


class Sheet(models.Model):
    """A round in one community: how much was known, what is still missing, who confirmed it.

    `cells` are the values asked for, `known` those that stood there before anybody was asked. `handed` is when its
    street handed it on, `opened` when its community first looked, `reminded` when it was last urged. A community that was joined to another leaves its sheet
    `into` the other's; `remark` says in words what became of it.
    """

    class State(models.TextChoices):
        """How far it is."""

        COUNTING = "counting", _("正在预填")
        FILLING = "filling", _("待核对")
        SIGNED = "signed", _("社区已确认")
        RETURNED = "returned", _("退回重核")
        ACCEPTED = "accepted", _("部门已确认")
        MERGED = "merged", _("已并入")

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="sheets")
    demand = models.OneToOneField(Demand, on_delete=models.PROTECT, related_name="+")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+", db_index=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    state = models.CharField(max_length=12, choices=State.choices, default=State.COUNTING)
    rows = models.PositiveIntegerField(default=0)
    cells = models.PositiveIntegerField(default=0)
    known = models.PositiveIntegerField(default=0)
    asked = models.PositiveIntegerField(default=0)
    left = models.CharField(max_length=300, blank=True, default="")
    reason = models.CharField(max_length=300, blank=True, default="")
    remark = models.CharField(max_length=500, blank=True, default="")
    handed = models.DateTimeField(null=True)
    opened = models.DateTimeField(null=True)
    reminded = models.DateTimeField(null=True)
    into = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    signed_by = models.BigIntegerField(null=True)
    signed = models.DateTimeField(null=True)
    accepted_by = models.BigIntegerField(null=True)
    accepted = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["area", "-id"], name="tables_sheet_area"),
            models.Index(fields=["unit", "-id"], name="tables_sheet_unit"),
        ]

    def __str__(self) -> str:
        return f"{self.pk}"

    @property
    def open(self) -> bool:
        """Whether its community may still fill it in."""
        return self.state in (self.State.FILLING, self.State.RETURNED)


class Gap(models.Model):
    """One value that nobody knows: of which record, under which column of which sheet; answered once for all sheets.

    With an `element` the answer lives in the registry alone; what only this form asks (`column`) is kept in `value`.
    `why` says why nobody can tell it; `remark` what the department found wrong (of a whole row where `column` is
    empty); `carried` that nobody typed it here: another table, an earlier period or the registry answered.
    """

    class State(models.TextChoices):
        """How far it is."""

        OPEN = "open", _("待补")
        FILLED = "filled", _("已补")
        NONE = "none", _("确无")
        UNKNOWN = "unknown", _("不清楚")
        DECLINED = "declined", _("拒绝提供")
        GONE = "gone", _("不再需要")

    sheet = models.ForeignKey(Sheet, on_delete=models.CASCADE, related_name="gaps")
    area = models.BigIntegerField()
    column = models.CharField(max_length=80)
    element = models.CharField(max_length=72, blank=True, default="")
    record_set = models.CharField(max_length=32)
    record = models.BigIntegerField()
    household = models.BigIntegerField(null=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    value = models.CharField(max_length=300, blank=True, default="")
    why = models.CharField(max_length=200, blank=True, default="")
    remark = models.CharField(max_length=200, blank=True, default="")
    carried = models.BooleanField(default=False)
    by = models.BigIntegerField(null=True)
    at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["sheet", "column", "record"], name="tables_gap_once")
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["area", "id"], name="tables_gap_open", condition=models.Q(state="open")
            ),
            models.Index(
                fields=["record_set", "record"],
                name="tables_gap_record",
                condition=models.Q(state="open"),
            ),
            models.Index(
                fields=["household"], name="tables_gap_home", condition=models.Q(state="open")
            ),
            models.Index(
                fields=["area"],
                name="tables_gap_told",
                condition=models.Q(state__in=("none", "declined")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.record_set}:{self.record}:{self.column}"


class Edition(models.Model):
    """A round frozen: the file as the department received it, with its digest; nobody changes it."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="editions")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+", db_index=False)
    number = models.PositiveIntegerField()
    file = models.BigIntegerField(null=True)
    digest = models.CharField(max_length=64)
    rows = models.PositiveIntegerField()
    filled = models.PositiveIntegerField()
    blank = models.PositiveIntegerField()
    by = models.BigIntegerField()
    made = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["round", "number"], name="tables_edition_number")
        ]

    def __str__(self) -> str:
        return f"{self.round_id}.{self.number}"
