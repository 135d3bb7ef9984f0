"""Visits are read by area and by day: the ledger of visits asks 50 of a community among all facts of a city."""

from typing import ClassVar

from django.db import migrations
from django.db.migrations.operations.base import Operation

INDEX = """
CREATE INDEX fact_visit_area ON acts_fact (area, id DESC) WHERE verb = 'registry.visit';
CREATE INDEX fact_visit ON acts_fact (id DESC) WHERE verb = 'registry.visit';
"""
BACK = "DROP INDEX IF EXISTS fact_visit_area; DROP INDEX IF EXISTS fact_visit;"


class Migration(migrations.Migration):
    """Two narrow indexes."""

    dependencies: ClassVar[list[tuple[str, str]]] = [
        ("tables", "0005_receiving"),
        ("acts", "0003_seal_index"),
    ]

    operations: ClassVar[list[Operation]] = [migrations.RunSQL(INDEX, BACK)]
