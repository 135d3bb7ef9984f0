"""Work on the burden and its steps, hours, use of systems, payments; their walls."""

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models
from django.db.migrations.operations.base import Operation
from linli.kernel.acts.walls import Wall


class Migration(migrations.Migration):
    """Tables and their walls."""

    dependencies: ClassVar[list[tuple[str, str]]] = [
        ('access', '0006_filter_place'),
        ('admission', '0004_occasions'),
        ('places', '0002_rezoning'),
    ]

    operations: ClassVar[list[Operation]] = [
        migrations.CreateModel(
            name='Work',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('interaction', '政社互动'), ('appraisal', '统一综合考核'), ('supervision', '减负督查'), ('document', '文件登记和法制审查'), ('campaign', '减负专项行动'), ('duty', '定期工作')], max_length=12)),
                ('title', models.CharField(max_length=120)),
                ('basis', models.CharField(blank=True, default='', max_length=200)),
                ('number', models.CharField(blank=True, default='', max_length=60)),
                ('year', models.PositiveSmallIntegerField(null=True)),
                ('start', models.DateField()),
                ('end', models.DateField(null=True)),
                ('every', models.CharField(blank=True, default='', max_length=8)),
                ('adds', models.BooleanField(null=True)),
                ('measure', models.CharField(blank=True, default='', max_length=12)),
                ('baseline', models.DecimalField(decimal_places=1, max_digits=12, null=True)),
                ('target', models.PositiveSmallIntegerField(null=True)),
                ('result', models.CharField(blank=True, default='', max_length=1000)),
                ('state', models.CharField(choices=[('open', '进行中'), ('closed', '已完成'), ('returned', '不通过')], default='open', max_length=12)),
                ('by', models.BigIntegerField()),
                ('made', models.DateTimeField()),
                ('closed', models.DateTimeField(null=True)),
                ('area', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.area')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.unit')),
            ],
        ),
        migrations.CreateModel(
            name='Step',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=16)),
                ('title', models.CharField(max_length=200)),
                ('due', models.DateField(null=True)),
                ('value', models.DecimalField(decimal_places=1, max_digits=8, null=True)),
                ('words', models.CharField(blank=True, default='', max_length=500)),
                ('done', models.DateTimeField(null=True)),
                ('by', models.BigIntegerField(null=True)),
                ('area', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.area')),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.unit')),
                ('unit', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.unit')),
                ('work', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='steps', to='admission.work')),
            ],
        ),
        migrations.CreateModel(
            name='Hours',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('account', models.BigIntegerField()),
                ('day', models.DateField()),
                ('group', models.CharField(max_length=24)),
                ('hours', models.DecimalField(decimal_places=1, max_digits=4)),
                ('words', models.CharField(blank=True, default='', max_length=100)),
                ('area', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.area')),
            ],
            options={
                'indexes': [models.Index(fields=['area', 'day'], name='admission_hours_area'), models.Index(fields=['account', 'day'], name='admission_hours_account')],
                'constraints': [models.CheckConstraint(condition=models.Q(('hours__gt', 0), ('hours__lte', 24)), name='admission_hours_of_a_day')],
            },
        ),
        migrations.CreateModel(
            name='Payment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('year', models.PositiveSmallIntegerField()),
                ('amount', models.DecimalField(decimal_places=2, max_digits=12)),
                ('words', models.CharField(blank=True, default='', max_length=200)),
                ('by', models.BigIntegerField()),
                ('at', models.DateTimeField()),
                ('agreement', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='payments', to='admission.agreement')),
                ('area', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.area')),
                ('item', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='payments', to='admission.item')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.unit')),
            ],
            options={
                'indexes': [models.Index(fields=['item', 'year'], name='admission_payment_item'), models.Index(fields=['area', '-id'], name='admission_payment_area')],
                'constraints': [models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='admission_payment_some'), models.CheckConstraint(condition=models.Q(('item__isnull', False), ('agreement__isnull', False), _connector='XOR'), name='admission_payment_for')],
            },
        ),
        migrations.CreateModel(
            name='Usage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('month', models.DateField()),
                ('times', models.PositiveIntegerField(default=0)),
                ('found', models.PositiveIntegerField(default=0)),
                ('handed', models.PositiveIntegerField(default=0)),
                ('by', models.BigIntegerField()),
                ('area', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.area')),
                ('placement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='usages', to='admission.placement')),
            ],
            options={
                'indexes': [models.Index(fields=['area', 'month'], name='admission_usage_area')],
                'constraints': [models.UniqueConstraint(fields=('placement', 'month'), name='admission_usage_once'), models.CheckConstraint(condition=models.Q(('handed__lte', models.F('found'))), name='admission_usage_handed')],
            },
        ),
        migrations.AddIndex(
            model_name='work',
            index=models.Index(fields=['kind', '-id'], name='admission_work_kind'),
        ),
        migrations.AddConstraint(
            model_name='work',
            constraint=models.UniqueConstraint(condition=models.Q(('kind', 'appraisal')), fields=('area', 'year'), name='admission_appraisal_once'),
        ),
        migrations.AddConstraint(
            model_name='work',
            constraint=models.UniqueConstraint(condition=models.Q(('kind', 'interaction')), fields=('area',), name='admission_interaction_once'),
        ),
        migrations.AddIndex(
            model_name='step',
            index=models.Index(fields=['work', 'id'], name='admission_step_work'),
        ),
        migrations.AddIndex(
            model_name='step',
            index=models.Index(fields=['area', '-id'], name='admission_step_area'),
        ),
        Wall(
            "admission_work",
            area="area_id",
            unit="unit_id",
            via="kind IN ('appraisal', 'campaign') AND nullif(current_setting('linli.unit', true), '') IS NOT NULL OR EXISTS (SELECT 1 FROM admission_step s WHERE s.work_id = admission_work.id)",
        ),
        Wall("admission_step", area="area_id", unit=("unit_id", "owner_id")),
        Wall("admission_hours", area="area_id", account="account"),
        Wall("admission_usage", area="area_id"),
        Wall("admission_payment", area="area_id", unit="unit_id"),
    ]
