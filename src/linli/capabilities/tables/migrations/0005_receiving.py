"""What became of a sheet on its way, and what a gap was told."""

import django.db.models.deletion
from django.db import migrations, models

from linli.kernel.acts.walls import Arm

_LO = "nullif(current_setting('linli.lo1', true), '')::bigint"
_HI = "nullif(current_setting('linli.hi1', true), '')::bigint"
# Whoever stands on a grid asks there for the sheet of the community around it.
AROUND = (
    "EXISTS (SELECT 1 FROM places_area a WHERE a.id = tables_sheet.area_id"
    f" AND a.id <= {_LO} AND a.hi >= {_HI})"
)

class Migration(migrations.Migration):

    dependencies = [
        ('tables', '0004_forms'),
    ]

    operations = [
        migrations.AddField(
            model_name='gap',
            name='carried',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='gap',
            name='remark',
            field=models.CharField(blank=True, default='', max_length=200),
        ),
        migrations.AddField(
            model_name='gap',
            name='why',
            field=models.CharField(blank=True, default='', max_length=200),
        ),
        migrations.AddField(
            model_name='round',
            name='before',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tables.round'),
        ),
        migrations.AddField(
            model_name='round',
            name='frequency',
            field=models.CharField(blank=True, choices=[('', '只填这一次'), ('month', '每月'), ('quarter', '每季度'), ('half', '每半年'), ('year', '每年')], default='', max_length=8),
        ),
        migrations.AddField(
            model_name='round',
            name='keep_own',
            field=models.BooleanField(default=True),
        ),
        migrations.AddField(
            model_name='sheet',
            name='into',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tables.sheet'),
        ),
        migrations.AddField(
            model_name='sheet',
            name='handed',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='sheet',
            name='opened',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='sheet',
            name='remark',
            field=models.CharField(blank=True, default='', max_length=500),
        ),
        migrations.AddField(
            model_name='sheet',
            name='reminded',
            field=models.DateTimeField(null=True),
        ),
        migrations.AlterField(
            model_name='gap',
            name='state',
            field=models.CharField(choices=[('open', '待补'), ('filled', '已补'), ('none', '确无'), ('unknown', '不清楚'), ('declined', '拒绝提供'), ('gone', '不再需要')], default='open', max_length=8),
        ),
        migrations.AlterField(
            model_name='sheet',
            name='state',
            field=models.CharField(choices=[('counting', '正在预填'), ('filling', '待核对'), ('signed', '社区已确认'), ('returned', '退回重核'), ('accepted', '部门已确认'), ('merged', '已并入')], default='counting', max_length=12),
        ),
        migrations.AddIndex(
            model_name='gap',
            index=models.Index(condition=models.Q(('state__in', ('none', 'declined'))), fields=['area'], name='tables_gap_told'),
        ),
        Arm("tables_sheet", "around", AROUND),
    ]
