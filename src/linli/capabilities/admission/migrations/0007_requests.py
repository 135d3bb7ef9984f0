"""Residents ask for certificates; whoever asked reads the paper and the picture of its seal."""

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models
from django.db.migrations.operations.base import Operation
from linli.kernel.acts.walls import Arm, Wall, is_account

ASKED = "EXISTS (SELECT 1 FROM admission_certificaterequest q WHERE q.certificate_id = {} AND {})"
OWN = is_account("q.account")


class Migration(migrations.Migration):
    """One table, its wall, three arms."""

    dependencies: ClassVar[list[tuple[str, str]]] = [
        ("admission", "0006_attachments"),
        ("files", "0001_initial"),
        ("places", "0002_rezoning"),
    ]

    operations: ClassVar[list[Operation]] = [
        migrations.CreateModel(
            name='CertificateRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=120)),
                ('account', models.BigIntegerField()),
                ('person', models.BigIntegerField()),
                ('name', models.CharField(max_length=60)),
                ('relation', models.CharField(choices=[('self', '本人'), ('ward', '被监护的孩子'), ('member', '家庭成员')], max_length=8)),
                ('purpose', models.CharField(max_length=200)),
                ('words', models.CharField(max_length=500)),
                ('state', models.CharField(choices=[('asked', '待社区办理'), ('issued', '已出具'), ('refused', '未予出具'), ('withdrawn', '已撤回')], default='asked', max_length=10)),
                ('reason', models.CharField(blank=True, default='', max_length=300)),
                ('made', models.DateTimeField()),
                ('due', models.DateTimeField(null=True)),
                ('answered', models.DateTimeField(null=True)),
                ('area', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.area')),
                ('certificate', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='request', to='admission.certificate')),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='requests', to='admission.item')),
            ],
            options={
                'indexes': [models.Index(fields=['area', '-id'], name='admission_certrequest_area'), models.Index(fields=['account', '-id'], name='admission_certrequest_account')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'asked')), fields=('account', 'item', 'person'), name='admission_certificaterequest_once')],
            },
        ),
        Wall("admission_certificaterequest", area="area_id", account="account"),
        Arm(
            "admission_certificate",
            "admission_certificaterequest",
            ASKED.format("admission_certificate.id", OWN),
        ),
        Arm(
            "admission_sealuse",
            "admission_certificaterequest",
            ASKED.format("admission_sealuse.certificate_id", OWN),
        ),
        Arm(
            "files_file",
            "admission_sealuse",
            "owner_type = 'admission.sealuse' AND EXISTS (SELECT 1 FROM admission_sealuse s WHERE s.id = owner_id)",
        ),
    ]
