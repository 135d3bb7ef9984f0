"""Forms are uploaded and confirmed on a page: their picture, their fingerprint, what headings were confirmed to mean."""

import django.db.models.deletion
from django.db import migrations, models

from linli.kernel.acts.walls import Wall


class Migration(migrations.Migration):

    dependencies = [
        ('access', '0006_filter_place'),
        ('places', '0002_rezoning'),
        ('tables', '0006_entries'),
    ]

    operations = [
        migrations.AddField(
            model_name='form',
            name='fingerprint',
            field=models.CharField(blank=True, default='', max_length=64),
        ),
        migrations.AddField(
            model_name='form',
            name='picture',
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name='form',
            name='trouble',
            field=models.CharField(blank=True, default='', max_length=300),
        ),
        migrations.AddField(
            model_name='form',
            name='undo',
            field=models.JSONField(default=list),
        ),
        migrations.AlterField(
            model_name='form',
            name='state',
            field=models.CharField(choices=[('reading', '正在读取'), ('broken', '读不了'), ('draft', '待确认'), ('confirmed', '已确认'), ('shared', '改用共享'), ('retired', '停用')], default='draft', max_length=12),
        ),
        migrations.CreateModel(
            name='Memory',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=160)),
                ('column', models.JSONField(default=dict)),
                ('form', models.BigIntegerField()),
                ('by', models.BigIntegerField()),
                ('at', models.DateTimeField()),
                ('area', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.area')),
                ('unit', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.unit')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('unit', 'key'), name='tables_memory_once')],
            },
        ),
        Wall("tables_memory", area="area_id", unit="unit_id"),
    ]
