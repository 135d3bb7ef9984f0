"""What is entered in ledgers themselves, with its editions; the walls around both."""

import django.db.models.deletion
from django.db import migrations, models

from linli.kernel.acts.walls import Wall


class Migration(migrations.Migration):

    dependencies = [
        ('access', '0006_filter_place'),
        ('places', '0002_rezoning'),
        ('tables', '0003_rounds'),
    ]

    operations = [
        migrations.CreateModel(
            name='Entry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=32)),
                ('day', models.DateField()),
                ('body', models.JSONField(default=dict)),
                ('version', models.PositiveIntegerField(default=1)),
                ('made', models.DateTimeField()),
                ('changed', models.DateTimeField()),
                ('struck', models.BooleanField(default=False)),
                ('area', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.area')),
                ('maker', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.account')),
            ],
        ),
        migrations.CreateModel(
            name='EntryEdition',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField()),
                ('what', models.CharField(choices=[('enter', '登记'), ('correct', '更正'), ('strike', '作废'), ('restore', '恢复')], default='enter', max_length=8)),
                ('day', models.DateField()),
                ('body', models.JSONField(default=dict)),
                ('reason', models.CharField(blank=True, default='', max_length=200)),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.account')),
                ('entry', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='editions', to='tables.entry')),
            ],
        ),
        migrations.AddIndex(
            model_name='entry',
            index=models.Index(fields=['area', 'kind'], name='tables_entry_area'),
        ),
        migrations.AddIndex(
            model_name='entry',
            index=models.Index(fields=['kind', '-day', '-id'], name='tables_entry_day'),
        ),
        migrations.AddConstraint(
            model_name='entryedition',
            constraint=models.UniqueConstraint(fields=('entry', 'version'), name='tables_entry_edition_once'),
        ),
        Wall("tables_entry", area="area_id"),
        Wall(
            "tables_entryedition",
            via="EXISTS (SELECT FROM tables_entry e WHERE e.id = entry_id)",
            append_only=True,
        ),
    ]
