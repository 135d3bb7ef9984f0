"""Notices, their deliveries, and what each person prefers."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from linli.kernel.notices.kinds import Kind, filled, kind_of
from linli.kernel.vault.fields import VaultField


class Notice(models.Model):
    """One message to one person; its words are made when it is read."""

    account = models.BigIntegerField()
    area = models.BigIntegerField(default=0)
    kind = models.CharField(max_length=64)
    subject_type = models.CharField(max_length=64, blank=True)
    subject_id = models.BigIntegerField(default=0)
    params: models.JSONField[Any, Any] = models.JSONField(default=dict)
    urgent = models.BooleanField(default=False)
    robot = models.BooleanField(default=False)
    created = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    planned = models.BooleanField(default=False)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["account", "-id"], name="notice_inbox"),
            models.Index(
                fields=["account"], name="notice_unread", condition=models.Q(read_at__isnull=True)
            ),
            models.Index(fields=["id"], name="notice_unplanned", condition=models.Q(planned=False)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} → {self.account}"

    @property
    def spec(self) -> Kind:
        """The kind with its words."""
        return kind_of(self.kind)

    @property
    def title(self) -> str:
        """The headline in the reader's language."""
        return filled(self.spec.title, self.params)

    @property
    def body(self) -> str:
        """The text in the reader's language."""
        return filled(self.spec.body, self.params)


class Delivery(models.Model):
    """One notice on its way by one channel."""

    class Channel(models.TextChoices):
        """Ways out of the house."""

        SMS = "sms", _("短信")
        EMAIL = "email", _("邮件")
        ROBOT = "robot", _("工作群")

    class State(models.TextChoices):
        """How far it came."""

        WAITING = "waiting", _("待发")
        SENT = "sent", _("已发")
        SKIPPED = "skipped", _("未发")
        FAILED = "failed", _("失败")

    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="deliveries")
    channel = models.CharField(max_length=8, choices=Channel.choices)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    due = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["notice", "channel"], name="delivery_once")
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["due"], name="delivery_due", condition=models.Q(state="waiting"))
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.state}"


class Preference(models.Model):
    """By which channels a person wants one kind of notice; kind empty means all others."""

    account = models.BigIntegerField()
    kind = models.CharField(max_length=64, blank=True)
    sms = models.BooleanField(default=True)
    email = models.BooleanField(default=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["account", "kind"], name="preference_once")
        ]

    def __str__(self) -> str:
        return f"{self.account} {self.kind}"


class Mailbox(models.Model):
    """Where a person wants e-mail; nobody must give one."""

    account = models.BigIntegerField(primary_key=True)
    address = VaultField(kind="text")
    since = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return str(self.account)
