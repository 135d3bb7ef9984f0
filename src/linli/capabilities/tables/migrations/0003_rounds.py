"""Rounds of forms: what was sent, a sheet for each community, what nobody knows, the frozen result; their walls."""

import django.db.models.deletion
from django.db import migrations, models

from linli.kernel.acts.walls import Wall


class Migration(migrations.Migration):

    dependencies = [
        ('access', '0006_filter_place'),
        ('tables', '0002_walls'),
        ('admission', '0002_walls'),
        ('places', '0002_rezoning'),
    ]

    operations = [
        migrations.CreateModel(
            name='Form',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=120)),
                ('item', models.CharField(blank=True, default='', max_length=40)),
                ('file', models.BigIntegerField(null=True)),
                ('name', models.CharField(max_length=200)),
                ('digest', models.CharField(max_length=64)),
                ('plan', models.JSONField(default=dict)),
                ('state', models.CharField(choices=[('draft', '待确认'), ('confirmed', '已确认'), ('retired', '停用')], default='draft', max_length=12)),
                ('by', models.BigIntegerField()),
                ('made', models.DateTimeField()),
                ('changed', models.DateTimeField()),
                ('area', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.area')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.unit')),
            ],
        ),
        migrations.CreateModel(
            name='Round',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=120)),
                ('period', models.CharField(max_length=20)),
                ('plan', models.JSONField(default=dict)),
                ('file', models.BigIntegerField(null=True)),
                ('state', models.CharField(choices=[('counting', '正在预填'), ('open', '填报中'), ('frozen', '已定版'), ('recalled', '已收回')], default='counting', max_length=12)),
                ('due', models.DateTimeField(null=True)),
                ('by', models.BigIntegerField()),
                ('made', models.DateTimeField()),
                ('frozen', models.DateTimeField(null=True)),
                ('area', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.area')),
                ('form', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rounds', to='tables.form')),
                ('ticket', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='admission.ticket')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.unit')),
            ],
        ),
        migrations.CreateModel(
            name='Edition',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('file', models.BigIntegerField(null=True)),
                ('digest', models.CharField(max_length=64)),
                ('rows', models.PositiveIntegerField()),
                ('filled', models.PositiveIntegerField()),
                ('blank', models.PositiveIntegerField()),
                ('by', models.BigIntegerField()),
                ('made', models.DateTimeField()),
                ('area', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.area')),
                ('unit', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.unit')),
                ('round', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='editions', to='tables.round')),
            ],
        ),
        migrations.CreateModel(
            name='Sheet',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('counting', '正在预填'), ('filling', '待核对'), ('signed', '社区已确认'), ('returned', '退回重核'), ('accepted', '部门已确认')], default='counting', max_length=12)),
                ('rows', models.PositiveIntegerField(default=0)),
                ('cells', models.PositiveIntegerField(default=0)),
                ('known', models.PositiveIntegerField(default=0)),
                ('asked', models.PositiveIntegerField(default=0)),
                ('left', models.CharField(blank=True, default='', max_length=300)),
                ('reason', models.CharField(blank=True, default='', max_length=300)),
                ('signed_by', models.BigIntegerField(null=True)),
                ('signed', models.DateTimeField(null=True)),
                ('accepted_by', models.BigIntegerField(null=True)),
                ('accepted', models.DateTimeField(null=True)),
                ('area', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.area')),
                ('demand', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='admission.demand')),
                ('round', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sheets', to='tables.round')),
                ('unit', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.unit')),
            ],
        ),
        migrations.CreateModel(
            name='Gap',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('area', models.BigIntegerField()),
                ('column', models.CharField(max_length=80)),
                ('element', models.CharField(blank=True, default='', max_length=72)),
                ('record_set', models.CharField(max_length=32)),
                ('record', models.BigIntegerField()),
                ('household', models.BigIntegerField(null=True)),
                ('state', models.CharField(choices=[('open', '待补'), ('filled', '已补'), ('none', '确实没有')], default='open', max_length=8)),
                ('value', models.CharField(blank=True, default='', max_length=300)),
                ('by', models.BigIntegerField(null=True)),
                ('at', models.DateTimeField(null=True)),
                ('sheet', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='gaps', to='tables.sheet')),
            ],
        ),
        migrations.AddIndex(
            model_name='form',
            index=models.Index(fields=['unit', '-id'], name='tables_form_unit'),
        ),
        migrations.AddIndex(
            model_name='round',
            index=models.Index(fields=['unit', '-id'], name='tables_round_unit'),
        ),
        migrations.AddConstraint(
            model_name='round',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'recalled'), _negated=True), fields=('form', 'period'), name='tables_round_period'),
        ),
        migrations.AddConstraint(
            model_name='edition',
            constraint=models.UniqueConstraint(fields=('round', 'number'), name='tables_edition_number'),
        ),
        migrations.AddIndex(
            model_name='sheet',
            index=models.Index(fields=['area', '-id'], name='tables_sheet_area'),
        ),
        migrations.AddIndex(
            model_name='sheet',
            index=models.Index(fields=['unit', '-id'], name='tables_sheet_unit'),
        ),
        migrations.AddIndex(
            model_name='gap',
            index=models.Index(condition=models.Q(('state', 'open')), fields=['area', 'id'], name='tables_gap_open'),
        ),
        migrations.AddIndex(
            model_name='gap',
            index=models.Index(condition=models.Q(('state', 'open')), fields=['record_set', 'record'], name='tables_gap_record'),
        ),
        migrations.AddIndex(
            model_name='gap',
            index=models.Index(condition=models.Q(('state', 'open')), fields=['household'], name='tables_gap_home'),
        ),
        migrations.AddConstraint(
            model_name='gap',
            constraint=models.UniqueConstraint(fields=('sheet', 'column', 'record'), name='tables_gap_once'),
        ),
        Wall("tables_form", area="area_id", unit="unit_id"),
        Wall("tables_sheet", area="area_id", unit="unit_id"),
        Wall(
            "tables_round",
            area="area_id",
            unit="unit_id",
            via="EXISTS (SELECT FROM tables_sheet s WHERE s.round_id = tables_round.id)",
        ),
        Wall("tables_gap", area="area"),
        Wall("tables_edition", area="area_id", unit="unit_id", append_only=True),
    ]
