"""Row-level security as a migration operation: the wall around every table that carries an area."""

from __future__ import annotations

from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

from linli.kernel.acts.scope import SLOTS


def _setting(name: str, kind: str) -> str:
    # Inline and not inside (SELECT …): measured 0.3 ms against 685 ms on 2,000,000 rows.
    return f"nullif(current_setting('linli.{name}', true), '')::{kind}"


def in_area(column: str) -> str:
    """The condition that a column lies in one of the actor's area slots."""
    arms = [
        f"({column} >= {_setting(f'lo{slot}', 'bigint')}"
        f" AND {column} < {_setting(f'hi{slot}', 'bigint')})"
        for slot in range(1, SLOTS + 1)
    ]
    return " OR ".join(arms)


def is_account(column: str) -> str:
    """The condition that a column names the actor."""
    return f"{column} = {_setting('account', 'bigint')}"


def is_unit(column: str) -> str:
    """The condition that a column names the actor's unit."""
    return f"{column} = {_setting('unit', 'bigint')}"


def is_key(column: str) -> str:
    """The condition that a column equals the guest's query key."""
    return f"{column} = {_setting('key', 'uuid')}"


class Wall(Operation):
    """Enable row-level security on a table, with OR-ed arms.

    `area`, `account`, `unit` (one column or several), `key` name columns; `via` is SQL for one more arm (such as
    EXISTS on the owning row); `sensitive` names a boolean column whose rows only sensitive roles see by area or unit; `insert` replaces the check for new rows; `append_only` takes UPDATE and DELETE from
    the application's role; `erasable` leaves DELETE.
    """

    reversible = True

    def __init__(
        self,
        table: str,
        *,
        area: str | None = None,
        account: str | tuple[str, ...] = (),
        unit: str | tuple[str, ...] = (),
        key: str | None = None,
        via: str | None = None,
        sensitive: str | None = None,
        insert: str | None = None,
        append_only: bool = False,
        erasable: bool = False,
    ) -> None:
        self.table = table
        self.area = area
        self.account = (account,) if isinstance(account, str) else account
        self.unit = (unit,) if isinstance(unit, str) else unit
        self.key = key
        self.via = via
        self.sensitive = sensitive
        self.insert = insert
        self.append_only = append_only
        self.erasable = erasable

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        """How a migration file writes this operation."""
        names = (
            "area",
            "account",
            "unit",
            "key",
            "via",
            "sensitive",
            "insert",
            "append_only",
            "erasable",
        )
        return (type(self).__name__, [self.table], {name: getattr(self, name) for name in names})

    def condition(self) -> str:
        """The OR-ed arms as SQL."""
        office = [in_area(self.area)] if self.area else []
        office += [is_unit(column) for column in self.unit]
        own = [is_account(column) for column in self.account]
        own += [is_key(self.key)] if self.key else []
        own += [self.via] if self.via else []
        if office and self.sensitive:
            opened = f"NOT {self.sensitive} OR current_setting('linli.sensitive', true) = 'on'"
            office = [f"({' OR '.join(f'({arm})' for arm in office)}) AND ({opened})"]
        return " OR ".join(f"({arm})" for arm in (*office, *own))

    def statements(self) -> list[str]:
        """The SQL that raises the wall."""
        arms = self.condition()
        sql = [f"ALTER TABLE {self.table} ENABLE ROW LEVEL SECURITY"]
        if self.append_only:
            kept = "UPDATE" if self.erasable else "UPDATE, DELETE"
            sql.append(f"REVOKE {kept}, TRUNCATE ON {self.table} FROM linli_app")
        sql += [
            f"CREATE POLICY sight ON {self.table} FOR SELECT USING ({arms})",
            f"CREATE POLICY entry ON {self.table} FOR INSERT WITH CHECK ({self.insert or arms})",
            f"CREATE POLICY change ON {self.table} FOR UPDATE USING ({arms}) WITH CHECK ({arms})",
            f"CREATE POLICY removal ON {self.table} FOR DELETE USING ({arms})",
        ]
        return sql

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Nothing changes in the models."""

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Raise the wall."""
        for statement in self.statements():
            schema_editor.execute(statement)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Take the wall down again."""
        for name in ("sight", "entry", "change", "removal"):
            schema_editor.execute(f"DROP POLICY IF EXISTS {name} ON {self.table}")
        schema_editor.execute(f"ALTER TABLE {self.table} DISABLE ROW LEVEL SECURITY")

    def describe(self) -> str:
        """One line for the migration log."""
        return f"Raise the row-level wall around {self.table}"


class Arm(Operation):
    """One more arm for reading a table that a lower floor owns (policies are OR-ed by PostgreSQL).

    `narrows` turns it round: rows must also meet this condition, whatever other arms open.
    """

    reversible = True

    def __init__(self, table: str, name: str, using: str, *, narrows: bool = False) -> None:
        self.table = table
        self.name = name
        self.using = using
        self.narrows = narrows

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        """How a migration file writes this operation."""
        return (
            type(self).__name__,
            [self.table, self.name, self.using],
            {"narrows": True} if self.narrows else {},
        )

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Nothing changes in the models."""

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Add the policy."""
        kind = "RESTRICTIVE" if self.narrows else "PERMISSIVE"
        schema_editor.execute(
            f"CREATE POLICY {self.name} ON {self.table} AS {kind} FOR SELECT USING ({self.using})"
        )

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Drop the policy."""
        schema_editor.execute(f"DROP POLICY IF EXISTS {self.name} ON {self.table}")

    def describe(self) -> str:
        """One line for the migration log."""
        return f"{'Narrow' if self.narrows else 'Let'} {self.name} read {self.table}"
