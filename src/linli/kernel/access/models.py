"""Accounts, units and appointments: read at sign-in, before a scope exists."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from linli.kernel.access.sessions import Session as Session
from linli.kernel.places.models import Area
from linli.kernel.vault.fields import VaultField, VaultIndex


class Account(models.Model):
    """Somebody who signs in: a resident by phone and code, staff by password and second factor."""

    class Kind(models.TextChoices):
        """Which door the account uses."""

        RESIDENT = "resident", _("居民")
        STAFF = "staff", _("工作人员")
        SYSTEM = "system", _("系统")

    kind = models.CharField(max_length=12, choices=Kind.choices)
    login = models.CharField(max_length=64, unique=True, null=True, blank=True)
    name = models.CharField(max_length=64)
    phone = VaultField(kind="phone", null=True)
    phone_index = VaultIndex("phone", unique=True)
    password = models.CharField(max_length=256, blank=True)
    second_secret = VaultField(kind="text", null=True)
    second_used = models.BigIntegerField(default=0)
    home = models.ForeignKey(Area, null=True, on_delete=models.PROTECT, related_name="+")
    failed = models.PositiveSmallIntegerField(default=0)
    locked_until = models.DateTimeField(null=True)
    active = models.BooleanField(default=True)
    demo = models.CharField(max_length=24, blank=True)
    created = models.DateTimeField(db_default=Now())

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["demo"], name="account_demo", condition=~models.Q(demo=""))
        ]

    def __str__(self) -> str:
        return self.name


class Unit(models.Model):
    """A body that handles matters: a committee, a street office, a department, a company."""

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=24)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    phone = models.CharField(max_length=32, blank=True)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["area"], name="unit_area")]

    def __str__(self) -> str:
        return self.name


class Appointment(models.Model):
    """A hat: who holds which post, in which unit, over which area, from when to when."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="appointments")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="appointments")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    post = models.CharField(max_length=40)
    since = models.DateField()
    until = models.DateField(null=True)
    full_time = models.BooleanField(default=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(until__isnull=True) | models.Q(until__gte=models.F("since")),
                name="appointment_in_order",
            )
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["unit", "post"], name="appointment_unit_post"),
            models.Index(fields=["area", "post"], name="appointment_area_post"),
        ]

    def __str__(self) -> str:
        return f"{self.account} {self.post}"


class LoginCode(models.Model):
    """A code sent to a phone; its digest only, few tries, short life."""

    phone_index = models.BinaryField(db_index=True)
    digest = models.CharField(max_length=64)
    sent = models.DateTimeField(db_default=Now())
    expires = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    used = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"{self.sent:%F %T}"


class DemoMessage(models.Model):
    """What a text message would have said; written in demo mode only, where it is shown on the page."""

    phone_index = models.BinaryField(db_index=True)
    body = models.CharField(max_length=200)
    sent = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return self.body


class Throttle(models.Model):
    """Counted tries of one key (a phone, an address, a query number) within a window."""

    key = models.CharField(max_length=120, primary_key=True)
    count = models.PositiveIntegerField(default=0)
    until = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.key}: {self.count}"


class SavedFilter(models.Model):
    """A list's filter that somebody keeps under a name."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="filters")
    page = models.CharField(max_length=40)
    name = models.CharField(max_length=40)
    query = models.CharField(max_length=600)
    place = models.PositiveSmallIntegerField(db_default=0)
    created = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["account", "page", "name"], name="filter_name")
        ]

    def __str__(self) -> str:
        return self.name


class ApiToken(models.Model):
    """A key for a machine client: acts as an account under one hat; its digest only."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="tokens")
    hat = models.ForeignKey(Appointment, null=True, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=60)
    digest = models.CharField(max_length=64, unique=True)
    created = models.DateTimeField()
    expires = models.DateTimeField()
    revoked = models.DateTimeField(null=True)
    used = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name


class Once(models.Model):
    """What was answered to a request that carried a key, so that sending it again does nothing twice."""

    account = models.BigIntegerField()
    key = models.UUIDField()
    digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    body: models.JSONField[Any, Any] = models.JSONField(default=dict)
    at = models.DateTimeField(db_index=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["account", "key"], name="once_key")
        ]

    def __str__(self) -> str:
        return f"{self.account} {self.key}"
