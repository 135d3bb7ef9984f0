"""People, households and their dated ties to places and to each other."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import connection, models
from django.db.models import Q
from django.db.models.functions import Now, Reverse
from django.utils.translation import gettext_lazy as _

from linli.capabilities.registry.models.places import Home
from linli.kernel.access.models import Account
from linli.kernel.files.models import File
from linli.kernel.places.models import Area
from linli.kernel.vault.fields import VaultField, VaultIndex


class Person(models.Model):
    """One person, wherever they live; codes are those of the dictionary's code tables.

    `pinyin` sorts the name; its beginning and its end are found by index.
    """

    name = models.CharField(max_length=60)
    pinyin = models.CharField(max_length=80, blank=True, default="")
    former_name = models.CharField(max_length=60, blank=True, default="")
    sex = models.CharField(max_length=1, blank=True, default="")
    born = models.DateField(null=True)
    document_kind = models.CharField(max_length=3, blank=True, default="")
    document = VaultField(kind="id_number", null=True)
    document_index = VaultIndex("document")
    phone = VaultField(kind="phone", null=True)
    phone_index = VaultIndex("phone")
    ethnic = models.CharField(max_length=2, blank=True, default="")
    native_place = models.CharField(max_length=60, blank=True, default="")
    marital = models.CharField(max_length=2, blank=True, default="")
    education = models.CharField(max_length=2, blank=True, default="")
    political = models.CharField(max_length=2, blank=True, default="")
    employment = models.CharField(max_length=2, blank=True, default="")
    workplace = models.CharField(max_length=120, blank=True, default="")
    died = models.DateField(null=True)
    more: models.JSONField[Any, Any] = models.JSONField(default=dict, db_default={})
    sources: models.JSONField[Any, Any] = models.JSONField(default=dict, db_default={})
    account = models.OneToOneField(
        Account, null=True, on_delete=models.PROTECT, related_name="person"
    )
    changed = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["document_index", "document_kind"],
                condition=Q(document_index__isnull=False),
                name="person_document_once",
                violation_error_message=_("这个证件号码已经登记。"),
            )
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["phone_index"],
                name="person_phone",
                condition=Q(phone_index__isnull=False),
            ),
            models.Index(fields=["name", "id"], name="person_name"),
            models.Index(Reverse("name"), "id", name="person_name_end"),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Draw the id before a first save: RETURNING would ask for sight, which comes with the first residence."""
        if self.pk is None:
            kwargs["force_insert"] = True
            with connection.cursor() as cursor:
                cursor.execute("SELECT nextval('registry_person_id_seq')")
                self.pk = cursor.fetchone()[0]
        super().save(*args, **kwargs)

    def _do_insert(
        self, manager: Any, using: Any, fields: Any, returning_fields: Any, raw: bool
    ) -> list[Any]:
        manager._insert([self], fields=fields, returning_fields=[], using=using, raw=raw)
        return []


class Household(models.Model):
    """A household 户: people who are registered or live together."""

    class Kind(models.TextChoices):
        """Which kind of household."""

        FAMILY = "family", _("家庭户")
        COLLECTIVE = "collective", _("集体户")

    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+", db_index=False)
    home = models.ForeignKey(
        Home, null=True, on_delete=models.PROTECT, related_name="households", db_index=False
    )
    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.FAMILY)
    number = models.CharField(max_length=32, blank=True, default="")
    head = models.ForeignKey(
        Person, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    sources: models.JSONField[Any, Any] = models.JSONField(default=dict, db_default={})
    since = models.DateField(null=True)
    until = models.DateField(null=True)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["area", "number"], name="household_area"),
            models.Index(fields=["home"], name="household_home"),
        ]

    def __str__(self) -> str:
        return self.number or str(self.pk)


class Residence(models.Model):
    """Why and how long a person belongs to a place; open while `until` is null (the last day is not counted)."""

    class Kind(models.TextChoices):
        """On what ground."""

        REGISTERED = "registered", _("户籍")
        PERMANENT = "permanent", _("常住")
        FLOATING = "floating", _("流动")
        LODGING = "lodging", _("寄住")

    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="residences", db_index=False
    )
    # The resident's own account, repeated here so that the wall needs no look at the person.
    account = models.ForeignKey(
        Account, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+", db_index=False)
    home = models.ForeignKey(
        Home, null=True, on_delete=models.PROTECT, related_name="residences", db_index=False
    )
    household = models.ForeignKey(
        Household, null=True, on_delete=models.PROTECT, related_name="members", db_index=False
    )
    kind = models.CharField(max_length=12, choices=Kind.choices)
    lives = models.BooleanField(default=True, db_default=True)
    relation = models.CharField(max_length=2, blank=True, default="")
    since = models.DateField(null=True)
    until = models.DateField(null=True)
    ending = models.CharField(max_length=16, blank=True, default="")
    sources: models.JSONField[Any, Any] = models.JSONField(default=dict, db_default={})

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(until__isnull=True, kind="registered"),
                name="residence_registered_once",
                violation_error_message=_("此人的户籍已登记在别处。"),
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True)
                | Q(since__isnull=True)
                | Q(until__gte=models.F("since")),
                name="residence_days",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["account"],
                name="residence_account",
                condition=Q(account__isnull=False),
            ),
            # What the wall and a count ask for stands in the index, so that the rows are not read for it.
            models.Index(
                fields=["area", "person"],
                include=["account", "kind", "lives", "until"],
                name="residence_area",
            ),
            models.Index(
                fields=["person"], include=["area", "account", "until"], name="residence_person"
            ),
            models.Index(
                fields=["area", "person"],
                name="residence_left",
                condition=Q(until__isnull=False),
            ),
            models.Index(fields=["home"], name="residence_home", condition=Q(home__isnull=False)),
            models.Index(
                fields=["household"],
                name="residence_household",
                condition=Q(household__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.kind}"


class Tie(models.Model):
    """Another dated tie of a person to a home or place: owner 业主, works here 在此工作, liaison 联系人 and the like."""

    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="ties", db_index=False
    )
    account = models.ForeignKey(
        Account, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+", db_index=False)
    home = models.ForeignKey(
        Home, null=True, on_delete=models.PROTECT, related_name="ties", db_index=False
    )
    kind = models.CharField(max_length=24)
    since = models.DateField(null=True)
    until = models.DateField(null=True)
    sources: models.JSONField[Any, Any] = models.JSONField(default=dict, db_default={})

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["account"],
                name="tie_account",
                condition=Q(account__isnull=False),
            ),
            models.Index(fields=["area", "kind"], name="tie_area"),
            models.Index(fields=["person"], name="tie_person"),
            models.Index(fields=["home"], name="tie_home", condition=Q(home__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.kind}"


class Bond(models.Model):
    """A dated bond between two persons: guardian 监护人, spouse 配偶, carer 照料人 (from `person` to `other`)."""

    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="bonds", db_index=False
    )
    other = models.ForeignKey(
        Person, null=True, on_delete=models.PROTECT, related_name="bonds_to", db_index=False
    )
    other_name = models.CharField(max_length=60, blank=True, default="")
    other_phone = VaultField(kind="phone", null=True)
    kind = models.CharField(max_length=24)
    sources: models.JSONField[Any, Any] = models.JSONField(default=dict, db_default={})
    since = models.DateField(null=True)
    until = models.DateField(null=True)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["person"], name="bond_person"),
            models.Index(fields=["other"], name="bond_other"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.kind}"


class Mark(models.Model):
    """A tag 标签 on a person: on what basis, for what purpose, from when to when; sensitive ones have a permission."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="marks")
    account = models.ForeignKey(
        Account, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+", db_index=False)
    code = models.CharField(max_length=40)
    sensitive = models.BooleanField(default=False)
    basis = models.CharField(max_length=200)
    purpose = models.CharField(max_length=200)
    more: models.JSONField[Any, Any] = models.JSONField(default=dict, db_default={})
    sources: models.JSONField[Any, Any] = models.JSONField(default=dict, db_default={})
    since = models.DateField()
    until = models.DateField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["person", "code"],
                condition=Q(until__isnull=True),
                name="mark_once",
                violation_error_message=_("这个标签已经在了。"),
            )
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["code", "area", "person"], name="mark_code"),
        ]

    def __str__(self) -> str:
        return self.code


class Consent(models.Model):
    """What a person agreed to, for which purpose, until withdrawn (PIPL 13–15; guardian below fourteen, 31)."""

    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="consents", db_index=False
    )
    account = models.ForeignKey(
        Account, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+", db_index=False)
    purpose = models.CharField(max_length=200)
    basis = models.CharField(max_length=24)
    by_guardian = models.BooleanField(default=False)
    signature = models.ForeignKey(
        File, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    given = models.DateTimeField()
    withdrawn = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["person"], name="consent_person"),
        ]

    def __str__(self) -> str:
        return self.purpose


class Objection(models.Model):
    """What a resident says is wrong about them, and what was decided (PIPL 44–46)."""

    class State(models.TextChoices):
        """Where it stands."""

        OPEN = "open", _("待核实")
        TAKEN = "taken", _("已更正")
        REFUSED = "refused", _("维持原值")

    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="objections", db_index=False
    )
    account = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+", db_index=False)
    field = models.CharField(max_length=40)
    wish = VaultField(kind="text", null=True)
    words = models.CharField(max_length=500, blank=True, default="")
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    answer = models.CharField(max_length=500, blank=True, default="")
    at = models.DateTimeField()
    decided = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["area", "state", "id"], name="objection_area"),
            models.Index(fields=["person"], name="objection_person"),
        ]

    def __str__(self) -> str:
        return self.field


class Past(models.Model):
    """The former values of a changed or removed row, kept by trigger; sealed columns stay sealed."""

    at = models.DateTimeField(db_default=Now())
    table = models.CharField(max_length=40)
    row = models.BigIntegerField()
    person = models.BigIntegerField(null=True)
    area = models.BigIntegerField(null=True)
    account = models.BigIntegerField(null=True)
    actor = models.BigIntegerField(null=True)
    operation = models.CharField(max_length=6)
    # What was changed by one deed belongs together, so that it can be undone as a whole.
    deed = models.UUIDField(null=True)
    before: models.JSONField[Any, Any] = models.JSONField()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["table", "row", "id"], name="past_row"),
            models.Index(
                fields=["person", "id"], name="past_person", condition=Q(person__isnull=False)
            ),
            models.Index(fields=["deed"], name="past_deed", condition=Q(deed__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.table} {self.row}"
