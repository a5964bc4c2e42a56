"""Views that people saved, edits of many rigs, and the keys by which pages of rigs are found."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('fleet', '0012_updated_at'),
    ]

    operations = [
        migrations.CreateModel(
            name='BulkEdit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('asked_at', models.DateTimeField()),
                ('query', models.TextField(blank=True)),
                ('rig_ids', models.JSONField(default=list)),
                ('rigs', models.PositiveIntegerField(default=0)),
                ('said', models.JSONField(default=dict)),
                ('why', models.CharField(blank=True, max_length=300)),
                ('state', models.CharField(choices=[('waiting', 'being compared'), ('checked', 'checked, nothing written'), ('confirmed', 'being applied'), ('applied', 'applied'), ('undoing', 'being taken back'), ('refused', 'refused, nothing written'), ('discarded', 'discarded, nothing written'), ('undone', 'undone'), ('failed', 'failed by a fault of the product, nothing written')], default='waiting', max_length=10)),
                ('refusal', models.CharField(blank=True, max_length=500)),
                ('problems', models.JSONField(default=list)),
                ('changed', models.PositiveIntegerField(default=0)),
                ('unchanged', models.PositiveIntegerField(default=0)),
                ('plan_digest', models.CharField(blank=True, max_length=64)),
                ('deltas', models.JSONField(default=list)),
                ('groups', models.JSONField(default=list)),
                ('progress', models.JSONField(default=dict)),
                ('checked_at', models.DateTimeField(null=True)),
                ('applied_at', models.DateTimeField(null=True)),
                ('undone_at', models.DateTimeField(null=True)),
                ('undo_report', models.JSONField(default=dict)),
                ('claimed_until', models.DateTimeField(editable=False, null=True)),
            ],
        ),
        migrations.CreateModel(
            name='SavedView',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('list', models.CharField(choices=[('lots', 'lots'), ('rigs', 'rigs')], max_length=4)),
                ('name', models.CharField(max_length=80)),
                ('query', models.TextField(blank=True)),
                ('is_shared', models.BooleanField(default=False)),
                ('made_at', models.DateTimeField()),
                ('removed_at', models.DateTimeField(editable=False, null=True)),
            ],
        ),
        migrations.AlterField(
            model_name='rig',
            name='lot',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='rigs', to='fleet.lot'),
        ),
        migrations.AddIndex(
            model_name='rig',
            index=models.Index(fields=['lot', 'site', 'status', 'id'], name='rigs_of_a_holding'),
        ),
        migrations.AddIndex(
            model_name='rig',
            index=models.Index(fields=['operator', 'rack'], name='rigs_in_a_rack'),
        ),
        migrations.AddIndex(
            model_name='rig',
            index=models.Index(condition=models.Q(('is_missing', True)), fields=['operator', 'id'], name='rigs_missing'),
        ),
        migrations.AddField(
            model_name='bulkedit',
            name='asked_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='bulkedit',
            name='confirmed_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='bulkedit',
            name='operator',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='fleet.operator'),
        ),
        migrations.AddField(
            model_name='bulkedit',
            name='undone_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='rigchange',
            name='edit',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='changes', to='fleet.bulkedit'),
        ),
        migrations.AddField(
            model_name='savedview',
            name='operator',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='fleet.operator'),
        ),
        migrations.AddField(
            model_name='savedview',
            name='person',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddIndex(
            model_name='bulkedit',
            index=models.Index(fields=['operator', '-id'], name='fleet_bulke_operato_20d344_idx'),
        ),
        migrations.AddConstraint(
            model_name='savedview',
            constraint=models.UniqueConstraint(condition=models.Q(('removed_at__isnull', True)), fields=('operator', 'person', 'list', 'name'), name='one_view_of_a_name'),
        ),
    ]
