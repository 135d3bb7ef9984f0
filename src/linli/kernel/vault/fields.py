"""Model fields of protected values: the sealed column and its blind index."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import FieldError
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Q
from django.db.models.expressions import Expression

from linli.kernel.vault.normal import KINDS, Kind, normalise
from linli.kernel.vault.sealed import Sealed, keys

if TYPE_CHECKING:
    _Field = models.Field[Any, Any]
    _Binary = models.BinaryField[Any, Any]
else:  # Django's fields take no parameters at run time
    _Field, _Binary = models.Field, models.BinaryField


class _Wrap:
    """What is assigned to a protected column becomes a `Sealed`, so that it never prints in clear."""

    def __init__(self, field: VaultField) -> None:
        self.field = field

    def __get__(self, instance: models.Model | None, owner: type | None = None) -> Any:
        if instance is None:
            return self
        if self.field.attname not in instance.__dict__:
            instance.refresh_from_db(fields=[self.field.attname])
        return instance.__dict__[self.field.attname]

    def __set__(self, instance: models.Model, value: Any) -> None:
        instance.__dict__[self.field.attname] = self.field.to_python(value)


class VaultField(_Field):
    """A protected text: sealed `bytea` in the table, a `Sealed` in memory; empty is NULL.

    Put a `VaultIndex("<name>")` beside it where equality must be found; `matching` builds the filter.
    """

    def __init__(self, *args: Any, kind: Kind = "text", **kwargs: Any) -> None:
        if kind not in KINDS:
            raise ValueError(f"unknown kind {kind!r}")
        self.kind = kind
        kwargs["null"] = True
        kwargs["blank"] = kwargs.get("blank", True)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        """How a migration writes this field."""
        name, path, args, kwargs = super().deconstruct()
        kwargs["kind"] = self.kind
        return name, path, list(args), kwargs

    def contribute_to_class(
        self, cls: type[models.Model], name: str, private_only: bool = False
    ) -> None:
        """Take the attribute over."""
        super().contribute_to_class(cls, name, private_only)
        setattr(cls, self.attname, _Wrap(self))

    @property
    def place(self) -> str:
        """Table and column: what a sealed value is bound to."""
        return f"{self.model._meta.db_table}.{self.column}"

    def db_type(self, connection: BaseDatabaseWrapper) -> str:
        """The column's type."""
        return "bytea"

    def to_python(self, value: Any) -> Sealed | None:
        """Wrap a clear text."""
        if value is None or isinstance(value, Sealed):
            return value
        text = str(value)
        return Sealed(self.kind, self.place, clear=text) if text else None

    def from_db_value(
        self, value: Any, expression: Expression, connection: BaseDatabaseWrapper
    ) -> Sealed | None:
        """Wrap what the table holds; nothing is opened until somebody asks."""
        return None if value is None else Sealed(self.kind, self.place, sealed=bytes(value))

    def get_prep_value(self, value: Any) -> bytes | None:
        """Seal; a value that came from another column is opened there and sealed for this one."""
        if value is None or isinstance(value, bytes):
            return value
        if isinstance(value, Sealed) and value.place == self.place:
            return value.stored()
        clear = value.open() if isinstance(value, Sealed) else str(value)
        return Sealed(self.kind, self.place, clear=clear).stored() if clear else None

    def get_lookup(self, lookup_name: str) -> Any:
        """Only emptiness can be asked of a sealed column."""
        if lookup_name != "isnull":
            raise FieldError(f"{self.name} is sealed: filter by matching()")
        return super().get_lookup(lookup_name)

    def value_to_string(self, obj: models.Model) -> str:
        """A serialised row shows the masked form."""
        return str(self.value_from_object(obj) or "")


class VaultIndex(_Binary):
    """The blind index of a `VaultField` of the same model, kept in step on every save."""

    def __init__(self, source: str = "", *args: Any, **kwargs: Any) -> None:
        self.source = source
        kwargs["null"] = True
        kwargs["blank"] = True
        kwargs["editable"] = False
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        """How a migration writes this field."""
        name, path, args, kwargs = super().deconstruct()
        for implied in ("null", "blank", "editable"):
            kwargs.pop(implied, None)
        kwargs["source"] = self.source
        return name, path, list(args), kwargs

    def pre_save(self, model_instance: models.Model, add: bool) -> bytes | None:
        """Compute the index of what is being saved; name both columns in `update_fields`."""
        value = getattr(model_instance, self.source)
        index = value.index() if isinstance(value, Sealed) else None
        setattr(model_instance, self.attname, index)
        return index


def vault_field(model: models.Model | type[models.Model], name: str) -> VaultField:
    """The protected field of that name; FieldError when it is none."""
    field = model._meta.get_field(name)
    if not isinstance(field, VaultField):
        raise FieldError(f"{name} is not a protected field")
    return field


def index_field(field: VaultField) -> VaultIndex | None:
    """The blind index that stands beside a protected field, if any."""
    for other in field.model._meta.concrete_fields:
        if isinstance(other, VaultIndex) and other.source == field.name:
            return other
    return None


def matching(model: type[models.Model], name: str, value: str) -> Q:
    """A filter for the rows whose protected field equals a value, spelled in whatever way."""
    field = vault_field(model, name)
    index = index_field(field)
    if index is None:
        raise FieldError(f"{name} has no blind index")
    return Q(**{f"{index.name}__in": lookups(field.kind, value)})


def lookups(kind: str, value: str) -> list[bytes]:
    """Every blind index under which a value may stand, the current one first."""
    return keys().lookups(kind, normalise(kind, value))
