"""Latin words are kept whole, so that they can be searched; what was cut at four letters is told anew."""

from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models
from django.db.migrations.operations.base import Operation

from linli.capabilities.matters.suggest import tokens

BATCH = 1000


def _tell_anew(apps: Any, editor: Any) -> None:
    """Only rows with a Latin word in them, a batch at a time."""
    matter = apps.get_model("matters", "Matter")
    rows = matter.objects.filter(
        models.Q(title__regex="[A-Za-z]{2}") | models.Q(body__regex="[A-Za-z]{2}")
    )
    batch = []
    for row in rows.only("title", "body").iterator(BATCH):
        row.tokens = tokens(f"{row.title} {row.body}")
        batch.append(row)
        if len(batch) == BATCH:
            matter.objects.bulk_update(batch, ["tokens"])
            batch = []
    matter.objects.bulk_update(batch, ["tokens"])


class Migration(migrations.Migration):
    """Longer tokens."""

    dependencies: ClassVar[list[tuple[str, str]]] = [("matters", "0007_one_index_each")]

    operations: ClassVar[list[Operation]] = [
        migrations.AlterField(
            "matter", "tokens", ArrayField(models.CharField(max_length=16), default=list)
        ),
        migrations.RunPython(_tell_anew, migrations.RunPython.noop),
    ]
