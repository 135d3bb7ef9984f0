"""Tables of matters: the matter, its messages, its evidence, its extensions, what is counted of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import connection, models
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linli.capabilities.matters.rules import key_of, number_of
from linli.kernel.access.models import Account, Unit
from linli.kernel.files.models import File
from linli.kernel.places.models import Area
from linli.kernel.vault.fields import VaultField, VaultIndex


class Matter(models.Model):
    """One need's whole life.

    `position` is the flow's place (state, round, pauses, stages) as JSON; `state`, `round`, `due`, `next_due` repeat
    it for lists. Coordinates are WGS-84.
    """

    class Kind(models.TextChoices):
        """From which half of the catalogue."""

        ITEM = "item", _("办事")
        EVENT = "event", _("事件")

    policy = models.BigIntegerField()
    kind = models.CharField(max_length=8, choices=Kind.choices)
    code = models.CharField(max_length=40)
    title = models.CharField(max_length=120)
    body = models.TextField(blank=True)
    answers: models.JSONField[Any, Any] = models.JSONField(default=dict)
    channel = models.CharField(max_length=16)
    restricted = models.BooleanField(default=False)
    emergency = models.BooleanField(default=False)

    # Where db_index is off, an index below begins with the column: two of a kind mislead the planner.
    reporter = models.ForeignKey(
        Account, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    reporter_name = VaultField(kind="name", null=True)
    phone = VaultField(kind="phone", null=True)
    phone_index = VaultIndex("phone")
    id_number = VaultField(kind="id_number", null=True)
    id_index = VaultIndex("id_number")
    anonymous = models.BooleanField(default=False)
    visitor = models.UUIDField(null=True)
    agent = models.CharField(max_length=64, blank=True)

    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    community = models.BigIntegerField(null=True)
    street = models.BigIntegerField(null=True)
    address = models.CharField(max_length=200, blank=True)
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)

    state = models.CharField(max_length=16)
    round = models.PositiveSmallIntegerField(default=1)
    position: models.JSONField[Any, Any] = models.JSONField(default=dict)
    unit = models.ForeignKey(
        Unit, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    post = models.CharField(max_length=40, blank=True)
    assignee = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    receiver = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    handler = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    offered_unit = models.ForeignKey(
        Unit, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    offered_post = models.CharField(max_length=40, blank=True)
    offer = models.CharField(max_length=16, blank=True)
    route: models.JSONField[Any, Any] = models.JSONField(default=dict)

    opened = models.DateTimeField()
    accepted = models.DateTimeField(null=True)
    handled = models.DateTimeField(null=True)
    closed = models.DateTimeField(null=True)
    due = models.DateTimeField(null=True)
    next_due = models.DateTimeField(null=True)
    next_stage = models.CharField(max_length=24, blank=True)
    on_time = models.BooleanField(null=True)
    delay_reason = models.CharField(max_length=300, blank=True)
    outcome = models.CharField(max_length=24, blank=True)
    urged = models.PositiveSmallIntegerField(default=0)

    rating = models.PositiveSmallIntegerField(null=True)
    rated = models.DateTimeField(null=True)
    rating_words = models.CharField(max_length=300, blank=True)
    solved = models.BooleanField(null=True)

    external = models.CharField(max_length=40, null=True, unique=True)
    hotline: models.JSONField[Any, Any] = models.JSONField(default=dict)
    duplicate_of = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="duplicates"
    )
    token = models.UUIDField(null=True, unique=True)
    tokens: ArrayField[Any, Any] = ArrayField(models.CharField(max_length=16), default=list)
    changed = models.DateTimeField(default=timezone.now)
    # When the clock has to look at it next, and which warnings were given (stage, round, colour).
    look = models.DateTimeField(default=timezone.now, db_default=Now())
    told: ArrayField[Any, Any] = ArrayField(
        models.CharField(max_length=60), default=list, db_default=[]
    )

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["community", "-id"], name="matter_community"),
            models.Index(fields=["street", "-id"], name="matter_street"),
            models.Index(fields=["unit", "-id"], name="matter_unit"),
            models.Index(
                fields=["reporter", "-id"],
                name="matter_reporter",
                condition=models.Q(reporter__isnull=False),
            ),
            models.Index(
                fields=["community", "next_due"],
                name="matter_open_due",
                condition=models.Q(closed__isnull=True),
            ),
            models.Index(
                fields=["unit", "next_due"],
                name="matter_unit_due",
                condition=models.Q(closed__isnull=True),
            ),
            models.Index(
                fields=["street", "next_due"],
                name="matter_street_due",
                condition=models.Q(closed__isnull=True),
            ),
            models.Index(
                fields=["next_due"], name="matter_due", condition=models.Q(closed__isnull=True)
            ),
            models.Index(
                fields=["offered_unit"],
                name="matter_offered",
                condition=models.Q(offered_unit__isnull=False),
            ),
            models.Index(
                fields=["visitor"],
                name="matter_visitor",
                condition=models.Q(visitor__isnull=False),
            ),
            models.Index(
                fields=["phone_index"],
                name="matter_phone",
                condition=models.Q(phone_index__isnull=False),
            ),
            models.Index(
                fields=["id_index"],
                name="matter_identity",
                condition=models.Q(id_index__isnull=False),
            ),
            models.Index(
                fields=["look", "id"], name="matter_look", condition=models.Q(closed__isnull=True)
            ),
            models.Index(
                fields=["channel", "-id"],
                name="matter_hotline",
                condition=models.Q(channel="hotline"),
            ),
            GinIndex(fields=["tokens"], name="matter_tokens", fastupdate=True),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def number(self) -> str:
        """The number that people read and say."""
        return number_of(self.pk, self.opened)

    @staticmethod
    def key_of_number(number: str) -> int | None:
        """The key behind a number that people read and say; None when its check digit is wrong."""
        return key_of(number)

    @classmethod
    def opened_from(cls, values: Sequence[Any]) -> Matter:
        """The row of all columns as the database gave it, in their order."""
        names, openers = _columns()
        given = list(values)
        for at, opened in openers:
            given[at] = opened(given[at], None, connection)
        return cls.from_db(connection.alias, names, given)

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to do something."""
        return self.closed is None


@lru_cache(maxsize=1)
def _columns() -> tuple[list[str], list[tuple[int, Callable[..., Any]]]]:
    """The columns of a matter, and which of them the mapper opens and how."""
    fields: list[Any] = list(Matter._meta.concrete_fields)
    openers = [(at, f.from_db_value) for at, f in enumerate(fields) if hasattr(f, "from_db_value")]
    return [f.attname for f in fields], openers


class Message(models.Model):
    """A word between the resident and the office, or an internal remark."""

    class Side(models.TextChoices):
        """Who speaks."""

        RESIDENT = "resident", _("居民")
        OFFICE = "office", _("承办人")
        INTERNAL = "internal", _("内部")

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="messages")
    side = models.CharField(max_length=10, choices=Side.choices)
    account = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    body = models.TextField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.body[:40]


class Evidence(models.Model):
    """A file shown for a matter, kept with its round."""

    class Use(models.TextChoices):
        """What the file shows."""

        REPORT = "report", _("反映情况")
        HANDLE = "handle", _("处理结果")
        VERIFY = "verify", _("现场核实")
        MESSAGE = "message", _("补充材料")

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="evidence")
    round = models.PositiveSmallIntegerField()
    use = models.CharField(max_length=10, choices=Use.choices)
    file = models.ForeignKey(File, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return f"{self.matter_id}/{self.round} {self.use}"


class Extension(models.Model):
    """A wish for more time and what was decided of it."""

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="extensions")
    amount = models.PositiveSmallIntegerField()
    measure = models.CharField(max_length=2)
    reason = models.CharField(max_length=300)
    asked_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    asked = models.DateTimeField()
    decided_by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    decided = models.DateTimeField(null=True)
    granted = models.BooleanField(null=True)
    words = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["matter"],
                name="extension_one_open",
                condition=models.Q(decided__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.matter_id}: +{self.amount}{self.measure}"


class Follower(models.Model):
    """A neighbour who says “me too” instead of reporting the same thing again."""

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="followers")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["matter", "account"], name="follower_once")
        ]

    def __str__(self) -> str:
        return f"{self.account_id} → {self.matter_id}"


class PublicMatter(models.Model):
    """What anybody may know of a matter: class, community, state, days; no person, no words, place to 100 m.

    `marks` are hashes of word pairs, good only for telling look-alikes. Written by a listener; never restricted ones.
    """

    matter = models.BigIntegerField(primary_key=True)
    opened = models.DateTimeField()
    closed = models.DateTimeField(null=True)
    kind = models.CharField(max_length=8)
    code = models.CharField(max_length=40)
    state = models.CharField(max_length=16)
    community = models.BigIntegerField(null=True)
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    marks: ArrayField[Any, Any] = ArrayField(models.IntegerField(), default=list)
    on_time = models.BooleanField(null=True)
    rating = models.PositiveSmallIntegerField(null=True)
    followers = models.PositiveIntegerField(default=0)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["community", "code"],
                name="public_open",
                condition=models.Q(closed__isnull=True),
            ),
            models.Index(fields=["opened"], name="public_opened"),
        ]

    def __str__(self) -> str:
        return str(self.matter)


class HotlineFile(models.Model):
    """A 12345 workbook as it was read: rows wait for the import, refused rows stay for download.

    Both are sealed; the rows are dropped once imported.
    """

    name = models.CharField(max_length=120)
    digest = models.CharField(max_length=64)
    area = models.BigIntegerField()
    account = models.BigIntegerField()
    uploaded = models.DateTimeField()
    imported = models.DateTimeField(null=True)
    good = models.PositiveIntegerField(default=0)
    bad = models.PositiveIntegerField(default=0)
    made = models.PositiveIntegerField(default=0)
    known = models.PositiveIntegerField(default=0)
    rows = VaultField(kind="text", null=True)
    refused = VaultField(kind="text", null=True)

    def __str__(self) -> str:
        return self.name


class Tally(models.Model):
    """Matters reported in one month, counted: of a community (or the wider area, where none is known) and a unit.

    What restricted ones come to stands in rows of its own, behind the same wall as they.
    """

    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+", db_index=False)
    month = models.DateField()
    unit = models.ForeignKey(
        Unit, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    restricted = models.BooleanField()
    received = models.PositiveIntegerField()
    judged = models.PositiveIntegerField()
    in_time = models.PositiveIntegerField()
    rated = models.PositiveIntegerField()
    satisfied = models.PositiveIntegerField()
    reopened = models.PositiveIntegerField()
    overdue = models.PositiveIntegerField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["area", "month", "unit", "restricted"],
                nulls_distinct=False,
                name="matters_tally_once",
            )
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["month", "area"], name="matters_tally_month"),
            models.Index(fields=["unit", "month"], name="matters_tally_unit"),
        ]

    def __str__(self) -> str:
        return f"{self.area_id} {self.month:%Y-%m}"


class Uncounted(models.Model):
    """A month of an area in which something moved since it was counted; as often as it moved."""

    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+", db_index=False)
    month = models.DateField()

    def __str__(self) -> str:
        return f"{self.area_id} {self.month:%Y-%m}"
