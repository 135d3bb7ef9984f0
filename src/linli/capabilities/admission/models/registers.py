"""What stands and what happens in communities: signboards, bodies, systems; meetings and inspections; certificates, seals."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from linli.capabilities.admission.models.catalogue import Item
from linli.kernel.access.models import Unit
from linli.kernel.places.models import Area
from linli.kernel.vault.fields import VaultField


class Placement(models.Model):
    """Something set up in a community: a signboard, a body, a post, a system (R077, R078). Without an item: unapproved."""

    class Kind(models.TextChoices):
        """What it is."""

        SIGNBOARD = "signboard", _("标牌")
        BODY = "body", _("工作机构")
        POST = "post", _("派驻人员")
        SYSTEM = "system", _("信息系统")

    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    title = models.CharField(max_length=80)
    item = models.ForeignKey(Item, null=True, on_delete=models.PROTECT, related_name="placements")
    unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    inside = models.BooleanField(null=True)
    basis = models.CharField(max_length=200, blank=True, default="")
    since = models.DateField()
    until = models.DateField(null=True)
    why = models.CharField(max_length=200, blank=True, default="")
    clear_by = models.DateField(null=True)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["area", "kind"], name="admission_placement_area"),
            models.Index(
                fields=["area", "clear_by"],
                name="admission_placement_clearing",
                condition=models.Q(clear_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Occasion(models.Model):
    """A meeting, an inspection or a contest that a community takes part in, with the hours it takes (R080, R081).

    What comes from above bears the ticket of the gate; a committee's own meetings have none.
    """

    class Kind(models.TextChoices):
        """What it is."""

        MEETING = "meeting", _("会议")
        INSPECTION = "inspection", _("检查")
        CONTEST = "contest", _("创建评比")

    class State(models.TextChoices):
        """How far it is."""

        WAITING = "waiting", _("待街道下发")
        PLANNED = "planned", _("已安排")
        HELD = "held", _("已进行")
        MERGED = "merged", _("已合并")
        CANCELLED = "cancelled", _("已取消")

    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+", db_index=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    item = models.ForeignKey(Item, null=True, on_delete=models.PROTECT, related_name="occasions")
    ticket = models.ForeignKey(
        "admission.Ticket", null=True, on_delete=models.PROTECT, related_name="occasions"
    )
    kind = models.CharField(max_length=12, choices=Kind.choices)
    title = models.CharField(max_length=120)
    day = models.DateField()
    place = models.CharField(max_length=80, blank=True, default="")
    host = models.CharField(max_length=60, blank=True, default="")
    hours = models.DecimalField(max_digits=5, decimal_places=1)
    people = models.PositiveSmallIntegerField(default=1)
    attended = models.PositiveSmallIntegerField(null=True)
    state = models.CharField(max_length=12, choices=State.choices, default=State.PLANNED)
    into = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="parts")
    outcome = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["ticket", "area"], name="admission_occasion_ticket"),
            models.Index(fields=["area", "day"], name="admission_occasion_area"),
            models.Index(fields=["unit", "day"], name="admission_occasion_unit"),
        ]

    def __str__(self) -> str:
        return self.title


class Certificate(models.Model):
    """A certificate that a community issued, known by number and code; whom it is about is sealed (R079)."""

    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+", db_index=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="certificates")
    number = models.CharField(max_length=40, unique=True)
    key = models.UUIDField()
    code = VaultField(kind="text", null=True)
    title = models.CharField(max_length=120)
    name = models.CharField(max_length=60)
    document = VaultField(kind="text", null=True)
    body = models.CharField(max_length=1000)
    purpose = models.CharField(max_length=200)
    checked = models.CharField(max_length=300)
    by = models.BigIntegerField()
    at = models.DateTimeField()
    void = models.DateTimeField(null=True)
    why = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["area", "-id"], name="admission_certificate_area")
        ]

    def __str__(self) -> str:
        return self.number


class CertificateRequest(models.Model):
    """A resident asks their community for a certificate of the list, for themselves or somebody they may ask for (R079)."""

    class Relation(models.TextChoices):
        """Whom it is about, seen from who asks."""

        SELF = "self", _("本人")
        WARD = "ward", _("被监护的孩子")
        MEMBER = "member", _("家庭成员")

    class State(models.TextChoices):
        """How far it is."""

        ASKED = "asked", _("待社区办理")
        ISSUED = "issued", _("已出具")
        REFUSED = "refused", _("未予出具")
        WITHDRAWN = "withdrawn", _("已撤回")

    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+", db_index=False)
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="requests")
    title = models.CharField(max_length=120)
    account = models.BigIntegerField()
    person = models.BigIntegerField()
    name = models.CharField(max_length=60)
    relation = models.CharField(max_length=8, choices=Relation.choices)
    purpose = models.CharField(max_length=200)
    words = models.CharField(max_length=500)
    state = models.CharField(max_length=10, choices=State.choices, default=State.ASKED)
    certificate = models.OneToOneField(
        Certificate, null=True, on_delete=models.PROTECT, related_name="request"
    )
    reason = models.CharField(max_length=300, blank=True, default="")
    made = models.DateTimeField()
    due = models.DateTimeField(null=True)
    answered = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["account", "item", "person"],
                condition=models.Q(state="asked"),
                name="admission_certificaterequest_once",
            )
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["area", "-id"], name="admission_certrequest_area"),
            models.Index(fields=["account", "-id"], name="admission_certrequest_account"),
        ]

    def __str__(self) -> str:
        return self.title


class SealUse(models.Model):
    """One use of the seal: on what, on which ground, by whom, with a picture; written once (R079)."""

    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+", db_index=False)
    item = models.ForeignKey(Item, null=True, on_delete=models.PROTECT, related_name="seal_uses")
    certificate = models.ForeignKey(
        Certificate, null=True, on_delete=models.PROTECT, related_name="seal_uses"
    )
    agreement = models.ForeignKey(
        "admission.Agreement", null=True, on_delete=models.PROTECT, related_name="seal_uses"
    )
    reason = models.CharField(max_length=300)
    by = models.BigIntegerField()
    name = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["area", "-id"], name="admission_seal_area")
        ]

    def __str__(self) -> str:
        return f"{self.area_id} {self.at:%F}"
