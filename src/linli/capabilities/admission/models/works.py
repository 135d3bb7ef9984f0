"""Work on the burden itself: streets' agreements with communities, one appraisal, supervision, documents, campaigns, duties.

One family: a piece of work and its steps. Beside it what hours went to, how systems are used, what was paid.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from linli.capabilities.admission.models.catalogue import Item
from linli.capabilities.admission.models.gate import Agreement
from linli.capabilities.admission.models.registers import Placement
from linli.kernel.access.models import Unit
from linli.kernel.places.models import Area


class Work(models.Model):
    """One piece of work of a place: what kind, by whom, from when, towards what, how it ended."""

    class Kind(models.TextChoices):
        """What it is, and the row it answers."""

        INTERACTION = "interaction", _("政社互动")
        APPRAISAL = "appraisal", _("统一综合考核")
        SUPERVISION = "supervision", _("减负督查")
        DOCUMENT = "document", _("文件登记和法制审查")
        CAMPAIGN = "campaign", _("减负专项行动")
        DUTY = "duty", _("定期工作")

    class State(models.TextChoices):
        """How far it is."""

        OPEN = "open", _("进行中")
        CLOSED = "closed", _("已完成")
        RETURNED = "returned", _("不通过")

    kind = models.CharField(max_length=12, choices=Kind.choices)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+", db_index=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=120)
    basis = models.CharField(max_length=200, blank=True, default="")
    number = models.CharField(max_length=60, blank=True, default="")
    year = models.PositiveSmallIntegerField(null=True)
    start = models.DateField()
    end = models.DateField(null=True)
    every = models.CharField(max_length=8, blank=True, default="")
    adds = models.BooleanField(null=True)
    measure = models.CharField(max_length=12, blank=True, default="")
    baseline = models.DecimalField(max_digits=12, decimal_places=1, null=True)
    target = models.PositiveSmallIntegerField(null=True)
    result = models.CharField(max_length=1000, blank=True, default="")
    state = models.CharField(max_length=12, choices=State.choices, default=State.OPEN)
    by = models.BigIntegerField()
    made = models.DateTimeField()
    closed = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["area", "year"],
                condition=models.Q(kind="appraisal"),
                name="admission_appraisal_once",
            ),
            models.UniqueConstraint(
                fields=["area"],
                condition=models.Q(kind="interaction"),
                name="admission_interaction_once",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["kind", "-id"], name="admission_work_kind")
        ]

    def __str__(self) -> str:
        return self.title


class Step(models.Model):
    """One line of a work: an agreement to sign, an indicator, a community that was looked at, a duty of a month.

    `unit` is whose step it is, `owner` whose work: both see it wherever it lies.
    """

    work = models.ForeignKey(Work, on_delete=models.PROTECT, related_name="steps")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+", db_index=False)
    unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    owner = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=16)
    title = models.CharField(max_length=200)
    due = models.DateField(null=True)
    value = models.DecimalField(max_digits=8, decimal_places=1, null=True)
    words = models.CharField(max_length=500, blank=True, default="")
    done = models.DateTimeField(null=True)
    by = models.BigIntegerField(null=True)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["work", "id"], name="admission_step_work"),
            models.Index(fields=["area", "-id"], name="admission_step_area"),
        ]

    def __str__(self) -> str:
        return self.title


class Hours(models.Model):
    """What a worker's hours of a day went to, by group of the pack (R091)."""

    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+", db_index=False)
    account = models.BigIntegerField()
    day = models.DateField()
    group = models.CharField(max_length=24)
    hours = models.DecimalField(max_digits=4, decimal_places=1)
    words = models.CharField(max_length=100, blank=True, default="")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(hours__gt=0, hours__lte=24), name="admission_hours_of_a_day"
            )
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["area", "day"], name="admission_hours_area"),
            models.Index(fields=["account", "day"], name="admission_hours_account"),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.group}"


class Usage(models.Model):
    """A system in a month: how often it was used, what it found, how much of that became events here (R100)."""

    placement = models.ForeignKey(Placement, on_delete=models.PROTECT, related_name="usages")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+", db_index=False)
    month = models.DateField()
    times = models.PositiveIntegerField(default=0)
    found = models.PositiveIntegerField(default=0)
    handed = models.PositiveIntegerField(default=0)
    by = models.BigIntegerField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["placement", "month"], name="admission_usage_once"),
            models.CheckConstraint(
                condition=models.Q(handed__lte=models.F("found")), name="admission_usage_handed"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["area", "month"], name="admission_usage_area")
        ]

    def __str__(self) -> str:
        return f"{self.placement_id} {self.month:%Y-%m}"


class Payment(models.Model):
    """Money that followed the work to one community: under a funded item, or under an agreement (R073)."""

    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+", db_index=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    item = models.ForeignKey(Item, null=True, on_delete=models.PROTECT, related_name="payments")
    agreement = models.ForeignKey(
        Agreement, null=True, on_delete=models.PROTECT, related_name="payments"
    )
    year = models.PositiveSmallIntegerField()
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    words = models.CharField(max_length=200, blank=True, default="")
    by = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="admission_payment_some"),
            models.CheckConstraint(
                condition=models.Q(item__isnull=False) ^ models.Q(agreement__isnull=False),
                name="admission_payment_for",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["item", "year"], name="admission_payment_item"),
            models.Index(fields=["area", "-id"], name="admission_payment_area"),
        ]

    def __str__(self) -> str:
        return f"{self.area_id} {self.amount}"
