"""What hangs on a matter is seen with it only: facts, files and tasks of a restricted one stay with it."""

from typing import ClassVar

from django.db import migrations
from django.db.migrations.operations.base import Operation

from linli.kernel.acts.walls import Arm

OPEN = "coalesce(current_setting('linli.sensitive', true), '') = 'on'"
SEEN = "EXISTS (SELECT 1 FROM matters_matter m WHERE m.id = {key})"
MINE = "coalesce({column} = nullif(current_setting('linli.account', true), '')::bigint, false)"


GUEST = "coalesce(visitor = nullif(current_setting('linli.key', true), '')::uuid, false)"


def _narrowed(table: str, type_column: str, key: str, mine: str, more: str = "") -> Arm:
    own = MINE.format(column=mine) + (f" OR {more}" if more else "")
    using = f"{OPEN} OR {type_column} <> 'matters.matter' OR {own} OR {SEEN.format(key=key)}"
    return Arm(table, "with_its_matter", using, narrows=True)


class Migration(migrations.Migration):
    """Narrow what the area alone would open."""

    dependencies: ClassVar[list[tuple[str, str]]] = [
        ("matters", "0003_clock_and_hotline"),
        ("tasks", "0001_initial"),
        ("files", "0001_initial"),
    ]

    operations: ClassVar[list[Operation]] = [
        _narrowed("acts_fact", "subject_type", "subject_id", "actor"),
        _narrowed("files_file", "owner_type", "owner_id", "by", GUEST),
        _narrowed("tasks_task", "subject_type", "subject_id", "account"),
    ]
