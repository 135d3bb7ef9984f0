"""Areas and their dated editions."""

from __future__ import annotations

import secrets
from typing import Any, ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linli.kernel.acts.act import Span

from . import rules
from .rules import Level


class AreaLevel(models.TextChoices):
    """The rungs of the area tree as people name them."""

    PROVINCE = Level.PROVINCE, _("省份")
    CITY = Level.CITY, _("城市")
    DISTRICT = Level.DISTRICT, _("区县")
    STREET = Level.STREET, _("街道")
    COMMUNITY = Level.COMMUNITY, _("社区")
    GRID = Level.GRID, _("网格")
    BUILDING = Level.BUILDING, _("楼栋")


class AreaKind(models.TextChoices):
    """Kinds of committees (by code) and of grids."""

    URBAN = "urban", _("城市社区")
    RURAL = "rural", _("农村社区")
    QUASI = "quasi", _("类似居村委会单位")
    GENERAL = "general", _("综合网格")
    DEDICATED = "dedicated", _("专属网格")


class Datum(models.TextChoices):
    """Reference systems that coordinates are kept in."""

    WGS84 = "WGS-84", "WGS-84"
    CGCS2000 = "CGCS2000", "CGCS2000"
    GCJ02 = "GCJ-02", "GCJ-02"


class Area(models.Model):
    """An area of the tree as it stands today; ``until`` is set when it has ended.

    Open to every actor, without row-level security: divisions are public reference facts, hold no
    person, and guests need them to say where something is.
    """

    id = models.BigIntegerField(primary_key=True)
    hi = models.BigIntegerField()
    level = models.CharField(max_length=10, choices=AreaLevel.choices)
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    code = models.CharField(max_length=32)
    name = models.CharField(max_length=120)
    full_name = models.CharField(max_length=400)
    kind = models.CharField(max_length=10, choices=AreaKind.choices, blank=True, default="")
    since = models.DateField(null=True, blank=True)
    until = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=200, blank=True, default="")
    west = models.FloatField(null=True, blank=True)
    south = models.FloatField(null=True, blank=True)
    east = models.FloatField(null=True, blank=True)
    north = models.FloatField(null=True, blank=True)
    lon = models.FloatField(null=True, blank=True)
    lat = models.FloatField(null=True, blank=True)
    boundary: models.JSONField[Any, Any] = models.JSONField(null=True, blank=True)
    boundary_source = models.CharField(max_length=200, blank=True, default="")
    datum = models.CharField(max_length=10, choices=Datum.choices, blank=True, default="")

    class Meta:
        """An interval is never empty and a code is used once among present areas."""

        verbose_name = _("区域")
        verbose_name_plural = _("区域")
        ordering: ClassVar[list[str]] = ["id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(hi__gt=models.F("id")), name="places_area_interval"
            ),
            models.UniqueConstraint(
                fields=["code"],
                condition=models.Q(until__isnull=True),
                name="places_area_code_once",
                violation_error_message=_("这个区划代码已在使用。"),
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["level", "id"], name="places_area_level"),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep one area by itself (small towns, tests); many go through the services."""
        super().save(*args, **kwargs)
        AreaStamp.renew()

    @property
    def lo(self) -> int:
        """The first number of the interval, which is also the area's id."""
        return self.id

    @property
    def area_id(self) -> int:
        """The area a fact about this area is filed under: itself."""
        return self.id

    @property
    def span(self) -> Span:
        """The interval ``[lo, hi)``."""
        return Span(self.id, self.hi)

    @property
    def short_name(self) -> str:
        """The name as people say it, without the committee's title."""
        return rules.short_name(self.name)

    @property
    def is_current(self) -> bool:
        """Whether the area still exists."""
        return self.until is None

    @property
    def is_synthetic(self) -> bool:
        """Whether its outline was made up for a demonstration, and is no basis for anything."""
        return self.boundary_source == "synthetic"


class AreaEdition(models.Model):
    """What an area was called, coded and bounded between two dates.

    The open edition (``until`` null) repeats the area's present code, name and parent; its boundary
    stays empty until it is closed, when it receives the outline that was valid then.
    Open to every actor for the same reason as areas.
    """

    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="editions")
    code = models.CharField(max_length=32)
    name = models.CharField(max_length=120)
    parent = models.ForeignKey(
        Area, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    boundary: models.JSONField[Any, Any] = models.JSONField(null=True, blank=True)
    since = models.DateField(null=True, blank=True)
    until = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        """One open edition for an area."""

        verbose_name = _("区域版本")
        verbose_name_plural = _("区域版本")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["area"],
                condition=models.Q(until__isnull=True),
                name="places_edition_open_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class AreaStamp(models.Model):
    """One row that changes with every change of areas, so that processes know to read them anew.

    Open to every actor: it says only that something changed.
    """

    id = models.SmallIntegerField(primary_key=True, default=1)
    stamp = models.BigIntegerField()
    changed_at = models.DateTimeField()

    class Meta:
        """A single row."""

        verbose_name = _("区域变更标记")
        verbose_name_plural = _("区域变更标记")

    def __str__(self) -> str:
        return str(self.stamp)

    @classmethod
    def renew(cls) -> None:
        """Say that areas have changed; whoever does so first holds the row until it is kept."""
        stamp, now = secrets.randbits(62), timezone.now()
        cls.objects.update_or_create(id=1, defaults={"stamp": stamp, "changed_at": now})


class Rezoning(models.Model):
    """One ordered change of the map, from the first row moved to the last.

    Open to every actor for the same reason as areas: it names divisions and a document, nobody and nothing in them.
    """

    digest = models.CharField(max_length=64, unique=True)
    on = models.DateField()
    source = models.CharField(max_length=200)
    # What is to be done at the end: codes and names told, areas ended, outlines drawn, parcels by name.
    plan: models.JSONField[Any, Any] = models.JSONField(default=dict)
    counts: models.JSONField[Any, Any] = models.JSONField(default=dict)
    started = models.DateTimeField()
    finished = models.DateTimeField(null=True)

    class Meta:
        """One at a time."""

        verbose_name = _("区划调整")
        verbose_name_plural = _("区划调整")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["finished"],
                condition=models.Q(finished__isnull=True),
                nulls_distinct=False,
                name="places_rezoning_open_once",
            ),
        ]

    def __str__(self) -> str:
        return self.source


class AreaShift(models.Model):
    """Where the numbers of an interval went: by one distance (``whole``), or all to one area.

    Open to every actor for the same reason as areas.
    """

    rezoning = models.ForeignKey(Rezoning, on_delete=models.PROTECT, related_name="shifts")
    before = models.BigIntegerField()
    hi = models.BigIntegerField()
    after = models.BigIntegerField()
    whole = models.BooleanField(default=True)

    class Meta:
        """An interval goes to one place in one rezoning."""

        verbose_name = _("区域编号变动")
        verbose_name_plural = _("区域编号变动")
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["before"], name="places_shift_before")
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["rezoning", "before"], name="places_shift_once"),
        ]

    def __str__(self) -> str:
        return f"{self.before} → {self.after}"
