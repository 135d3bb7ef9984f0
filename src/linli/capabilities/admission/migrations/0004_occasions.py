"""Occasions bear the ticket of the gate, and say where, who chaired and how many came."""

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models
from django.db.migrations.operations.base import Operation


class Migration(migrations.Migration):
    """Columns."""

    dependencies: ClassVar[list[tuple[str, str]]] = [
        ('access', '0006_filter_place'),
        ('admission', '0003_burden'),
        ('places', '0002_rezoning'),
    ]

    operations: ClassVar[list[Operation]] = [
        migrations.AddField(
            model_name='occasion',
            name='attended',
            field=models.PositiveSmallIntegerField(null=True),
        ),
        migrations.AddField(
            model_name='occasion',
            name='host',
            field=models.CharField(blank=True, default='', max_length=60),
        ),
        migrations.AddField(
            model_name='occasion',
            name='place',
            field=models.CharField(blank=True, default='', max_length=80),
        ),
        migrations.AddField(
            model_name='occasion',
            name='ticket',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='occasions', to='admission.ticket'),
        ),
        migrations.AlterField(
            model_name='occasion',
            name='state',
            field=models.CharField(choices=[('waiting', '待街道下发'), ('planned', '已安排'), ('held', '已进行'), ('merged', '已合并'), ('cancelled', '已取消')], default='planned', max_length=12),
        ),
        migrations.AddConstraint(
            model_name='occasion',
            constraint=models.UniqueConstraint(fields=('ticket', 'area'), name='admission_occasion_once'),
        ),
    ]
