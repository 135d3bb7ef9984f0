import django.db.models
from django.db import migrations


class Migration(migrations.Migration):
    """Who says that somebody holds a post."""

    dependencies = [("registry", "0014_directory")]

    operations = [
        migrations.AddField(
            model_name="holding",
            name="sources",
            field=django.db.models.JSONField(default=dict, db_default={}),
        ),
    ]
