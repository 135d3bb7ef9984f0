"""The burden of each month and community; how much of a table was known before anybody was asked."""

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models
from django.db.migrations.operations.base import Operation
from linli.kernel.acts.walls import Wall


class Migration(migrations.Migration):
    """Tables and their walls."""

    dependencies: ClassVar[list[tuple[str, str]]] = [
        ('access', '0006_filter_place'),
        ('admission', '0002_walls'),
        ('places', '0002_rezoning'),
    ]

    operations: ClassVar[list[Operation]] = [
        migrations.AddField(
            model_name='demand',
            name='cells',
            field=models.PositiveIntegerField(null=True),
        ),
        migrations.AddField(
            model_name='demand',
            name='known',
            field=models.PositiveIntegerField(null=True),
        ),
        migrations.CreateModel(
            name='Weight',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('month', models.DateField()),
                ('times', models.PositiveIntegerField(default=0)),
                ('tables', models.PositiveIntegerField(default=0)),
                ('fields', models.PositiveIntegerField(default=0)),
                ('by_hand', models.PositiveIntegerField(default=0)),
                ('cells', models.PositiveIntegerField(default=0)),
                ('known', models.PositiveIntegerField(default=0)),
                ('hours', models.DecimalField(decimal_places=1, default=0, max_digits=12)),
                ('duplicates', models.PositiveIntegerField(default=0)),
                ('meetings', models.PositiveIntegerField(default=0)),
                ('inspections', models.PositiveIntegerField(default=0)),
                ('contests', models.PositiveIntegerField(default=0)),
                ('declined', models.PositiveIntegerField(default=0)),
                ('area', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.area')),
                ('unit', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.unit')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('unit__isnull', True)), fields=['month', 'area'], name='admission_weight_month')],
                'constraints': [models.UniqueConstraint(fields=('area', 'month', 'unit'), name='admission_weight_once', nulls_distinct=False)],
            },
        ),
        Wall("admission_weight", area="area_id", unit="unit_id"),
    ]
