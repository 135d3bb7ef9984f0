"""What came to the gate, what went through it, and the agreements that stand for money."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from linli.capabilities.admission.models.catalogue import Item
from linli.kernel.access.models import Unit
from linli.kernel.places.models import Area


class Agreement(models.Model):
    """A purchase or commission of one community's work: parties, item, fee, term, acceptance (R070–R073)."""

    class State(models.TextChoices):
        """How far it is."""

        OPEN = "open", _("履行中")
        SETTLED = "settled", _("已验收付款")
        ENDED = "ended", _("已终止")

    number = models.CharField(max_length=40, unique=True)
    item = models.ForeignKey(Item, null=True, on_delete=models.PROTECT, related_name="agreements")
    title = models.CharField(max_length=120)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    fee = models.DecimalField(max_digits=12, decimal_places=2)
    budget = models.CharField(max_length=120)
    start = models.DateField()
    end = models.DateField()
    acceptance = models.CharField(max_length=400)
    state = models.CharField(max_length=12, choices=State.choices, default=State.OPEN)
    paid = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    settled = models.DateTimeField(null=True)
    finding = models.CharField(max_length=400, blank=True, default="")
    made = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(fee__gt=0), name="admission_agreement_fee"),
            models.CheckConstraint(
                condition=models.Q(end__gte=models.F("start")), name="admission_agreement_term"
            ),
        ]

    def __str__(self) -> str:
        return self.number


class Ticket(models.Model):
    """One arrival at the gate, passed or refused: who asked what of how many communities, and which clause answered."""

    at = models.DateTimeField()
    by = models.BigIntegerField()
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=12)
    title = models.CharField(max_length=120)
    item = models.ForeignKey(Item, null=True, on_delete=models.PROTECT, related_name="tickets")
    version = models.PositiveIntegerField(default=0)
    agreement = models.ForeignKey(
        Agreement, null=True, on_delete=models.PROTECT, related_name="tickets"
    )
    leads = ArrayField(models.CharField(max_length=40), default=list)
    fields = ArrayField(models.CharField(max_length=60), default=list)
    responsible = models.CharField(max_length=12, default="unit")
    communities = models.PositiveIntegerField(default=0)
    hours = models.DecimalField(max_digits=6, decimal_places=1, default=0)
    due = models.DateTimeField(null=True)
    passed = models.BooleanField()
    clause = models.CharField(max_length=40, blank=True, default="")
    what = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["unit", "-id"], name="admission_ticket_unit"),
            models.Index(fields=["passed", "-id"], name="admission_ticket_passed"),
        ]

    def __str__(self) -> str:
        return self.title


class Demand(models.Model):
    """What one community is asked under a ticket: waits at its street, comes down, is taken on or declined, delivered.

    `protected`: the refusal counts for the community in appraisal, never against it (R069). Where the table was filled
    from what is known, `cells` are the values it asks for, `known` those nobody had to be asked for, and `by_hand` the
    values that were typed; elsewhere `by_hand` counts fields.
    """

    class State(models.TextChoices):
        """How far it is."""

        AT_STREET = "at_street", _("待街道下发")
        HELD = "held", _("街道未下发")
        RECEIVED = "received", _("待承接")
        ACCEPTED = "accepted", _("办理中")
        DECLINED = "declined", _("不予承接")
        DELIVERED = "delivered", _("已完成")
        RECALLED = "recalled", _("已收回")

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="demands")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+", db_index=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12)
    title = models.CharField(max_length=120)
    words = models.CharField(max_length=500, blank=True, default="")
    fields = ArrayField(models.CharField(max_length=60), default=list)
    by_hand = models.PositiveIntegerField(null=True)
    cells = models.PositiveIntegerField(null=True)
    known = models.PositiveIntegerField(null=True)
    hours = models.DecimalField(max_digits=6, decimal_places=1, default=0)
    state = models.CharField(max_length=12, choices=State.choices)
    made = models.DateTimeField()
    issued = models.DateTimeField(null=True)
    due = models.DateTimeField(null=True)
    answered = models.DateTimeField(null=True)
    delivered = models.DateTimeField(null=True)
    reason = models.CharField(max_length=500, blank=True, default="")
    protected = models.BooleanField(default=False)
    upheld = models.BooleanField(null=True)
    finding = models.CharField(max_length=500, blank=True, default="")

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["area", "issued"], name="admission_demand_area"),
            models.Index(fields=["unit", "-id"], name="admission_demand_unit"),
            models.Index(fields=["state", "-id"], name="admission_demand_state"),
        ]

    def __str__(self) -> str:
        return self.title
