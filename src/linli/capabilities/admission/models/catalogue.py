"""Items of the lists and their versions; the public notice that anybody may read."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from linli.kernel.places.models import Area


class Item(models.Model):
    """One item of a list of a place; what it says lies in its versions, which nobody changes."""

    class State(models.TextChoices):
        """Whether it may be used."""

        OPEN = "open", _("有效")
        SUSPENDED = "suspended", _("暂停")
        REVOKED = "revoked", _("已撤销")
        EXPIRED = "expired", _("已到期")

    code = models.CharField(max_length=40)
    catalogue = models.CharField(max_length=40)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+", db_index=False)
    state = models.CharField(max_length=12, choices=State.choices, default=State.OPEN)
    version = models.PositiveIntegerField(default=1)
    reason = models.CharField(max_length=300, blank=True, default="")
    minute = models.CharField(max_length=60, blank=True, default="")
    changed = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["area", "code"], name="admission_item_code")
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["catalogue", "code"], name="admission_item_list")
        ]

    def __str__(self) -> str:
        return self.code


class ItemVersion(models.Model):
    """What an item says from a day on; written once. `lead` is the unit code of its department."""

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=120)
    owner = models.CharField(max_length=80, blank=True, default="")
    lead = models.CharField(max_length=40, blank=True, default="")
    basis = models.CharField(max_length=300)
    frequency = models.CharField(max_length=60, blank=True, default="")
    fields = ArrayField(models.CharField(max_length=60), default=list)
    affair = models.CharField(max_length=12, default="gov")
    yearly = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    funding = models.CharField(max_length=120, blank=True, default="")
    hours = models.DecimalField(max_digits=6, decimal_places=1, default=0)
    inside = models.BooleanField(null=True)
    form = models.CharField(max_length=400, blank=True, default="")
    document = models.CharField(max_length=200, blank=True, default="")
    status = models.CharField(max_length=8, default="found")
    start = models.DateField(null=True)
    end = models.DateField(null=True)
    notice = models.CharField(max_length=40, blank=True, default="")
    made = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["item", "number"], name="admission_version_number"),
            models.CheckConstraint(
                condition=models.Q(yearly=0) | ~models.Q(funding=""), name="admission_money_source"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class PublicNotice(models.Model):
    """What everybody may read of an application under notice: no name of anybody."""

    application = models.BigIntegerField(primary_key=True)
    title = models.CharField(max_length=120)
    catalogue = models.CharField(max_length=40)
    kind = models.CharField(max_length=12)
    unit = models.CharField(max_length=80)
    content: models.JSONField[Any, Any] = models.JSONField(default=dict)
    opinion = models.CharField(max_length=1000)
    opened = models.DateTimeField()
    until = models.DateTimeField()
    open = models.BooleanField(default=True)
    outcome = models.CharField(max_length=12, blank=True, default="")
    number = models.CharField(max_length=40, blank=True, default="")
    replies: models.JSONField[Any, Any] = models.JSONField(default=list)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["-opened"], name="admission_notice_opened")
        ]

    def __str__(self) -> str:
        return self.title
