"""Alerts take the place of notices; each operator has a rule of what is told, and what was told of its fleet."""

from decimal import Decimal

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import risk.models.outbound


class Migration(migrations.Migration):

    dependencies = [
        ('fleet', '0010_liquidation'),
        ('risk', '0010_runs'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(model_name='notice', name='one_notice_a_run_and_operator'),
        migrations.RemoveConstraint(model_name='notice', name='one_notice_a_run_for_the_register'),
        migrations.RemoveConstraint(model_name='notice', name='told_of_the_same_once'),
        migrations.RenameModel(old_name='Notice', new_name='Alert'),
        migrations.CreateModel(
            name='AlertRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kinds', models.JSONField(blank=True, default=risk.models.outbound.every_kind)),
                ('measure', models.CharField(choices=[('units', 'units'), ('hashrate', 'hashrate'), ('power', 'power'), ('value', 'value')], default='units', max_length=10)),
                ('tariff_percent', models.DecimalField(blank=True, decimal_places=2, default=Decimal('25'), max_digits=5, null=True)),
                ('sanction_percent', models.DecimalField(blank=True, decimal_places=2, default=Decimal('0'), max_digits=5, null=True)),
                ('points', models.DecimalField(decimal_places=2, default=Decimal('5'), max_digits=5)),
                ('time_zone', models.CharField(default='America/New_York', max_length=60)),
                ('quiet_from', models.TimeField(blank=True, null=True)),
                ('quiet_until', models.TimeField(blank=True, null=True)),
                ('digest_hour', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('blocked_goes_through', models.BooleanField(default=True)),
                ('tells_managers', models.BooleanField(default=True)),
                ('tells_viewers', models.BooleanField(default=False)),
                ('addresses', models.JSONField(blank=True, default=list)),
            ],
        ),
        migrations.CreateModel(
            name='FleetTold',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('figures', models.JSONField(default=dict)),
                ('threshold_percent', models.DecimalField(decimal_places=2, max_digits=6, null=True)),
                ('blocked', models.JSONField(default=list)),
                ('set_aside', models.JSONField(default=list)),
                ('causes', models.JSONField(default=dict)),
                ('changes', models.PositiveBigIntegerField(default=0)),
                ('looked_ahead', models.CharField(blank=True, max_length=64)),
            ],
        ),
        migrations.AddField(
            model_name='alert',
            name='cause',
            field=models.CharField(blank=True, max_length=300),
        ),
        migrations.AddField(
            model_name='alert',
            name='claim',
            field=models.CharField(blank=True, editable=False, max_length=32),
        ),
        migrations.AddField(
            model_name='alert',
            name='counts',
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name='alert',
            name='seen_by',
            field=models.ManyToManyField(blank=True, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='alert',
            name='kind',
            field=models.CharField(choices=[('lot.blocked', 'lots become blocked'), ('exposure.threshold_crossed', 'a share crosses a threshold'), ('exposure.changed', 'the exposed share moves by more than the set points'), ('measure.coming', 'a coming measure will move the exposed share by more than the set points'), ('evidence.expiring', 'evidence of origin expires in 30, 7 and 1 days'), ('lot.set_aside', 'lots cannot be assessed'), ('screening.hit_opened', 'screening hits of private vendors wait for a decision'), ('webhook.stopped', 'a webhook was switched off'), ('webhook.given_up', 'a webhook did not take an event'), ('policy.stale', 'the law has not been checked for long'), ('list.stale', 'a government list is stale')], max_length=40),
        ),
        migrations.AlterField(
            model_name='alert',
            name='run',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='alerts', to='risk.screeningrun'),
        ),
        migrations.AddIndex(
            model_name='alert',
            index=models.Index(fields=['operator', '-id'], name='risk_alert_operato_ac0b62_idx'),
        ),
        migrations.AddIndex(
            model_name='alert',
            index=models.Index(condition=models.Q(('sent_at__isnull', True)), fields=['operator', 'id'], name='alert_to_be_sent'),
        ),
        migrations.AddConstraint(
            model_name='alert',
            constraint=models.UniqueConstraint(fields=('run', 'kind', 'operator'), name='one_alert_a_run_and_operator'),
        ),
        migrations.AddConstraint(
            model_name='alert',
            constraint=models.UniqueConstraint(condition=models.Q(('operator__isnull', True)), fields=('run', 'kind'), name='one_alert_a_run_for_the_register'),
        ),
        migrations.AddConstraint(
            model_name='alert',
            constraint=models.UniqueConstraint(condition=models.Q(('about', ''), _negated=True), fields=('operator', 'kind', 'about'), name='told_of_the_same_once'),
        ),
        migrations.AddConstraint(
            model_name='alert',
            constraint=models.UniqueConstraint(condition=models.Q(models.Q(('about', ''), _negated=True), ('operator__isnull', True)), fields=('kind', 'about'), name='told_the_register_of_the_same_once'),
        ),
        migrations.AddField(
            model_name='alertrule',
            name='operator',
            field=models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='alert_rule', to='fleet.operator'),
        ),
        migrations.AddField(
            model_name='fleettold',
            name='operator',
            field=models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='fleet.operator'),
        ),
        migrations.AddConstraint(
            model_name='alertrule',
            constraint=models.CheckConstraint(condition=models.Q(('tariff_percent__isnull', True), models.Q(('tariff_percent__gte', 0), ('tariff_percent__lte', 100)), _connector='OR'), name='tariff_share_threshold_between_0_and_100'),
        ),
        migrations.AddConstraint(
            model_name='alertrule',
            constraint=models.CheckConstraint(condition=models.Q(('sanction_percent__isnull', True), models.Q(('sanction_percent__gte', 0), ('sanction_percent__lte', 100)), _connector='OR'), name='sanction_share_threshold_between_0_and_100'),
        ),
        migrations.AddConstraint(
            model_name='alertrule',
            constraint=models.CheckConstraint(condition=models.Q(('points__gte', 0), ('points__lte', 100)), name='points_between_0_and_100'),
        ),
        migrations.AddConstraint(
            model_name='alertrule',
            constraint=models.CheckConstraint(condition=models.Q(('digest_hour__isnull', True), ('digest_hour__lte', 23), _connector='OR'), name='digest_at_an_hour'),
        ),
        migrations.AddConstraint(
            model_name='alertrule',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('quiet_from__isnull', True), ('quiet_until__isnull', True)), models.Q(('quiet_from__isnull', False), ('quiet_until__isnull', False)), _connector='OR'), name='quiet_hours_begin_and_end'),
        ),
    ]
