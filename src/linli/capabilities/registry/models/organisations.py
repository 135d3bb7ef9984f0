"""Organisations, where they are at work, who holds which post, and what became of them."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from linli.capabilities.registry.models.people import Person
from linli.kernel.places.models import Area
from linli.kernel.vault.fields import VaultField


class Organisation(models.Model):
    """An organisation 法人 or branch; `kind` is a code of the pack's table of organisation kinds."""

    class State(models.TextChoices):
        """Whether it is at work."""

        ACTIVE = "active", _("存续")
        ABNORMAL = "abnormal", _("异常")
        ENDED = "ended", _("已终止")

    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=40)
    labels: ArrayField[Any, Any] = ArrayField(
        models.CharField(max_length=40), default=list, db_default=[]
    )
    name = models.CharField(max_length=120)
    short_name = models.CharField(max_length=60, blank=True, default="")
    uscc = models.CharField(max_length=18, blank=True, default="")
    number = models.CharField(max_length=40, blank=True, default="")
    registered = models.CharField(max_length=12, blank=True, default="")
    state = models.CharField(max_length=10, choices=State.choices, default=State.ACTIVE)
    parent = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="branches", db_index=False
    )
    competent = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    place = models.CharField(max_length=200, blank=True, default="")
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    head_name = models.CharField(max_length=60, blank=True, default="")
    phone = VaultField(kind="phone", null=True)
    public_phone = models.CharField(max_length=40, blank=True, default="")
    headcount = models.PositiveIntegerField(null=True)
    since = models.DateField(null=True)
    until = models.DateField(null=True)
    valid_until = models.DateField(null=True)
    more: models.JSONField[Any, Any] = models.JSONField(default=dict, db_default={})
    sources: models.JSONField[Any, Any] = models.JSONField(default=dict, db_default={})

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["uscc"],
                condition=~Q(uscc="") & Q(until__isnull=True),
                name="organisation_uscc_once",
                violation_error_message=_("这个统一社会信用代码已经登记。"),
            )
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["area", "kind", "id"], name="organisation_area"),
            # All that the directory asks for, so that a place is read without its rows.
            models.Index(
                fields=["area", "id"],
                include=[
                    "kind",
                    "state",
                    "until",
                    "registered",
                    "uscc",
                    "number",
                    "name",
                    "short_name",
                ],
                name="organisation_directory",
            ),
            models.Index(fields=["parent"], name="organisation_parent"),
            models.Index(fields=["name"], name="organisation_name"),
            models.Index(fields=["uscc"], name="organisation_uscc", condition=~Q(uscc="")),
            models.Index(fields=["number"], name="organisation_number", condition=~Q(number="")),
        ]

    def __str__(self) -> str:
        return self.name


class Station(models.Model):
    """Where else an organisation is at work: a unit stationed in a community 驻区单位, a branch attached to a grid."""

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="stations", db_index=False
    )
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+", db_index=False)
    building = models.ForeignKey(
        "registry.Building", null=True, on_delete=models.PROTECT, related_name="stations"
    )
    estate = models.ForeignKey(
        "registry.Estate", null=True, on_delete=models.PROTECT, related_name="stations"
    )
    # In whose house: an incubator that takes in, a federation that is joined.
    host = models.ForeignKey(
        Organisation, null=True, on_delete=models.PROTECT, related_name="guests", db_index=False
    )
    kind = models.CharField(max_length=24)
    since = models.DateField(null=True)
    until = models.DateField(null=True)
    more: models.JSONField[Any, Any] = models.JSONField(default=dict, db_default={})

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["area", "kind"], name="station_area"),
            models.Index(fields=["organisation"], name="station_organisation"),
            models.Index(fields=["host"], name="station_host", condition=Q(host__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.kind}"


class Holding(models.Model):
    """Who holds a post 职务 in an organisation, for which term; the person may be unknown to the registry."""

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="holdings", db_index=False
    )
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+", db_index=False)
    person = models.ForeignKey(
        Person, null=True, on_delete=models.PROTECT, related_name="holdings", db_index=False
    )
    name = models.CharField(max_length=60)
    sex = models.CharField(max_length=1, blank=True, default="")
    political = models.CharField(max_length=2, blank=True, default="")
    post = models.CharField(max_length=40)
    delegate_of = models.ForeignKey(
        Organisation, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    part_time = models.BooleanField(default=False)
    term = models.PositiveSmallIntegerField(null=True)
    since = models.DateField(null=True)
    until = models.DateField(null=True)
    more: models.JSONField[Any, Any] = models.JSONField(default=dict, db_default={})
    sources: models.JSONField[Any, Any] = models.JSONField(default=dict, db_default={})

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["organisation", "post"], name="holding_organisation"),
            models.Index(fields=["area", "post"], name="holding_area"),
            models.Index(
                fields=["person"], name="holding_person", condition=Q(person__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.post}"


class Filing(models.Model):
    """What the level above is told of who holds a post and records 备案: appointed, changed, ended; one open at a time."""

    class About(models.TextChoices):
        """What is to be recorded."""

        APPOINTED = "appointed", _("新任职")
        CHANGED = "changed", _("资料变动")
        ENDED = "ended", _("离任")

    class State(models.TextChoices):
        """How far it has come."""

        WAITING = "waiting", _("待备案")
        FILED = "filed", _("已备案")
        RETURNED = "returned", _("已退回")

    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+", db_index=False)
    holding = models.ForeignKey(Holding, on_delete=models.PROTECT, related_name="filings")
    about = models.CharField(max_length=10, choices=About.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    by = models.BigIntegerField(null=True)
    at = models.DateTimeField()
    number = models.CharField(max_length=60, blank=True, default="")
    on = models.DateField(null=True)
    reason = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["holding"], condition=~Q(state="filed"), name="filing_open_once"
            )
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["area", "state", "id"], name="filing_area"),
            models.Index(fields=["state", "id"], name="filing_state"),
        ]

    def __str__(self) -> str:
        return f"{self.holding_id} {self.about}"


class Succession(models.Model):
    """What became of an organisation: renamed, merged into, split into, re-registered as another, on a day."""

    class Kind(models.TextChoices):
        """How one followed the other."""

        RENAME = "rename", _("更名")
        MERGE = "merge", _("合并")
        SPLIT = "split", _("分立")
        REPLACE = "replace", _("职能划转")

    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+", db_index=False)
    before = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="successors")
    after = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="predecessors")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    on = models.DateField()
    basis = models.CharField(max_length=200, blank=True, default="")

    def __str__(self) -> str:
        return f"{self.before_id} → {self.after_id}"


class Assessment(models.Model):
    """Which items of a checklist were met in a year: by who holds a post, a stationed unit, a body, or in a grid (none of them)."""

    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+", db_index=False)
    holding = models.ForeignKey(
        Holding, null=True, on_delete=models.PROTECT, related_name="assessments"
    )
    station = models.ForeignKey(
        Station, null=True, on_delete=models.PROTECT, related_name="assessments"
    )
    organisation = models.ForeignKey(
        Organisation, null=True, on_delete=models.PROTECT, related_name="assessments"
    )
    checklist = models.CharField(max_length=40)
    year = models.PositiveSmallIntegerField()
    met: ArrayField[Any, Any] = ArrayField(models.CharField(max_length=40), default=list)
    note = models.CharField(max_length=200, blank=True, default="")
    on = models.DateField()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["area", "checklist", "year"], name="assessment_area"),
        ]

    def __str__(self) -> str:
        return f"{self.checklist} {self.year}"
