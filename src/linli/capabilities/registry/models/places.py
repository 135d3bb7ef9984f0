"""Estates, buildings, homes and facilities: where people live and what stands there."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from linli.kernel.places.models import Area


class Estate(models.Model):
    """An estate 小区, village or other compound; `area` is its grid, or its community while no grid is drawn."""

    class Kind(models.TextChoices):
        """What sort of compound."""

        COMMODITY = "commodity", _("商品房小区")
        OLD = "old", _("老旧小区")
        RESETTLEMENT = "resettlement", _("农民集中安置区")
        UNIT = "unit", _("单位宿舍")
        VILLAGE = "village", _("自然村")
        GROUP = "group", _("村民小组")
        COURTYARD = "courtyard", _("院落")
        OTHER = "other", _("其他")

    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+", db_index=False)
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=16, choices=Kind.choices, default=Kind.OTHER)
    address = models.CharField(max_length=200, blank=True, default="")
    built = models.PositiveSmallIntegerField(null=True)
    fringe = models.BooleanField(default=False, db_default=False)
    property_company = models.ForeignKey(
        "registry.Organisation",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    owners_committee = models.ForeignKey(
        "registry.Organisation",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    authority = models.ForeignKey(
        "registry.Organisation",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    more: models.JSONField[Any, Any] = models.JSONField(default=dict, db_default={})
    sources: models.JSONField[Any, Any] = models.JSONField(default=dict, db_default={})
    since = models.DateField(null=True)
    until = models.DateField(null=True)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["area", "name"], name="estate_area"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_three_without(self) -> bool:
        """Whether it has no owners' committee, no property company and no competent authority (三无小区)."""
        return not (self.property_company_id or self.owners_committee_id or self.authority_id)


class Building(models.Model):
    """A building 楼栋, a courtyard 院落 or a row of village houses: the unit of which grids are built."""

    class Kind(models.TextChoices):
        """What sort of building."""

        BLOCK = "block", _("楼栋")
        COURTYARD = "courtyard", _("院落")
        HOUSE = "house", _("独立房屋")
        OFFICE = "office", _("商务楼宇")
        PUBLIC = "public", _("公共建筑")

    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+", db_index=False)
    estate = models.ForeignKey(
        Estate, null=True, on_delete=models.PROTECT, related_name="buildings", db_index=False
    )
    name = models.CharField(max_length=60)
    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.BLOCK)
    address = models.CharField(max_length=200)
    # One spelling of the address, by which rows from outside are matched (rules.address_key).
    address_key = models.CharField(max_length=200)
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    floors = models.PositiveSmallIntegerField(null=True)
    units = models.PositiveSmallIntegerField(null=True)
    sources: models.JSONField[Any, Any] = models.JSONField(default=dict, db_default={})
    since = models.DateField(null=True)
    until = models.DateField(null=True)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["area", "id"], name="building_area"),
            models.Index(fields=["estate"], name="building_estate"),
            models.Index(fields=["address_key"], name="building_key"),
        ]

    def __str__(self) -> str:
        return self.address or self.name


class Home(models.Model):
    """A home 房屋: one door that people live behind."""

    class Use(models.TextChoices):
        """How it is used."""

        OWN = "own", _("自住")
        LET = "let", _("出租")
        LENT = "lent", _("借住")
        EMPTY = "empty", _("空置")
        BUSINESS = "business", _("经营")
        UNKNOWN = "", _("未采集")

    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+", db_index=False)
    building = models.ForeignKey(
        Building, on_delete=models.PROTECT, related_name="homes", db_index=False
    )
    unit_no = models.CharField(max_length=12, blank=True, default="")
    floor = models.SmallIntegerField(null=True)
    room = models.CharField(max_length=20)
    use = models.CharField(max_length=10, choices=Use.choices, blank=True, default="")
    size = models.DecimalField(max_digits=7, decimal_places=2, null=True)
    sources: models.JSONField[Any, Any] = models.JSONField(default=dict, db_default={})
    since = models.DateField(null=True)
    until = models.DateField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["building", "unit_no", "room"],
                condition=Q(until__isnull=True),
                name="home_once",
                violation_error_message=_("这一户已经登记。"),
            )
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["area", "id"], name="home_area"),
            models.Index(fields=["building"], name="home_building"),
        ]

    def __str__(self) -> str:
        unit = gettext("%(unit)s单元") % {"unit": self.unit_no} if self.unit_no else ""
        return f"{unit}{self.room}"


class Facility(models.Model):
    """A facility 部件: a lamp, a manhole, a camera, a fitness ground; classes come from the pack."""

    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+", db_index=False)
    code = models.CharField(max_length=16)
    name = models.CharField(max_length=80)
    number = models.CharField(max_length=40, blank=True, default="")
    address = models.CharField(max_length=200, blank=True, default="")
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    state = models.CharField(max_length=16, blank=True, default="")
    steward = models.ForeignKey(
        "registry.Organisation",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    sources: models.JSONField[Any, Any] = models.JSONField(default=dict, db_default={})
    since = models.DateField(null=True)
    until = models.DateField(null=True)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["area", "code"], name="facility_area"),
        ]

    def __str__(self) -> str:
        return self.name
