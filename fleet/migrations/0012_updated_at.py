"""When sites, lots and rigs were last written; which program changed a rig, and whether it sent rows."""


import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('fleet', '0011_operator_leads'),
    ]

    operations = [
        migrations.AddField(
            model_name='lot',
            name='updated_at',
            field=models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
        ),
        migrations.AddField(
            model_name='rig',
            name='updated_at',
            field=models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
        ),
        migrations.AddField(
            model_name='rigchange',
            name='is_of_rows',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name='rigchange',
            name='through',
            field=models.CharField(blank=True, db_default='', max_length=40),
        ),
        migrations.AddField(
            model_name='site',
            name='updated_at',
            field=models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
        ),
        migrations.AddIndex(
            model_name='lot',
            index=models.Index(fields=['operator', 'id'], name='fleet_lot_operato_5861b0_idx'),
        ),
        migrations.AddIndex(
            model_name='lot',
            index=models.Index(fields=['operator', 'updated_at'], name='fleet_lot_operato_576a14_idx'),
        ),
        migrations.AddIndex(
            model_name='rig',
            index=models.Index(fields=['operator', 'id'], name='fleet_rig_operato_aac3b8_idx'),
        ),
        migrations.AddIndex(
            model_name='rig',
            index=models.Index(fields=['operator', 'updated_at'], name='fleet_rig_operato_3568b8_idx'),
        ),
        migrations.AddIndex(
            model_name='rig',
            index=models.Index(condition=models.Q(('mac_address__isnull', True), ('serial_number__isnull', True)), fields=['operator', 'id'], name='rigs_without_an_identifier'),
        ),
    ]
