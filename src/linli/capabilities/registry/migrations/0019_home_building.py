"""The homes of a building are found by it: an estate counts its homes without reading every home of the city."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('places', '0002_rezoning'),
        ('registry', '0018_erase_ended'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='home',
            index=models.Index(fields=['building'], name='home_building'),
        ),
    ]
