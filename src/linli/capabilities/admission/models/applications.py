"""Applications of departments, and what people say to them."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from linli.capabilities.admission.models.catalogue import Item
from linli.kernel.access.models import Unit
from linli.kernel.places.models import Area


class Application(models.Model):
    """One application: a new item, or another version of one. `content` is what the version is to say.

    Seen by the unit that applies, the one that reviews and the one that decides; by others only as a public notice.
    """

    class Kind(models.TextChoices):
        """What is applied for."""

        ADMIT = "admit", _("新事项准入")
        CHANGE = "change", _("事项变更")

    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.ADMIT)
    item = models.ForeignKey(Item, null=True, on_delete=models.PROTECT, related_name="applications")
    catalogue = models.CharField(max_length=40)
    title = models.CharField(max_length=120)
    content: models.JSONField[Any, Any] = models.JSONField(default=dict)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+", db_index=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    reviewer = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    decider = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    by = models.BigIntegerField()
    policy = models.BigIntegerField()
    state = models.CharField(max_length=12)
    position: models.JSONField[Any, Any] = models.JSONField(default=dict)
    due = models.DateTimeField(null=True)
    submitted = models.DateTimeField(null=True)
    opinion = models.CharField(max_length=1000, blank=True, default="")
    reason = models.CharField(max_length=1000, blank=True, default="")
    notice_until = models.DateTimeField(null=True)
    minute = models.CharField(max_length=60, blank=True, default="")
    decided = models.DateTimeField(null=True)
    number = models.CharField(max_length=40, blank=True, default="")
    changed = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["number"], condition=~models.Q(number=""), name="admission_notice_number"
            )
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["state", "-id"], name="admission_application_state")
        ]

    def __str__(self) -> str:
        return self.title


class Comment(models.Model):
    """What somebody says to an application under notice, and the answer; public once answered, without a name."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="comments")
    account = models.BigIntegerField(null=True)
    words = models.CharField(max_length=500)
    at = models.DateTimeField()
    reply = models.CharField(max_length=500, blank=True, default="")
    replied = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.pk}"
