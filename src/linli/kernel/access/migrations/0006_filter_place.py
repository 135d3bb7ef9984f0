"""Saved filters stand in an order of one's own."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("access", "0005_own_rows")]

    operations = [
        migrations.AddField(
            "savedfilter", "place", models.PositiveSmallIntegerField(db_default=0)
        ),
    ]
