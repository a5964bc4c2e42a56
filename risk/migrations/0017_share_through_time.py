"""What is kept of the exposed share through time: its steps, and how it moved."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('fleet', '0012_updated_at'),
        ('risk', '0016_hears_from'),
    ]

    operations = [
        migrations.CreateModel(
            name='ShareCurve',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('rests_on', models.CharField(max_length=64)),
                ('steps', models.JSONField()),
                ('made_at', models.DateTimeField()),
                ('edition', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='risk.policyedition')),
                ('operator', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='fleet.operator')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('operator', 'edition'), name='one_curve_per_operator_and_edition')],
            },
        ),
        migrations.CreateModel(
            name='ShareMove',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('causes', models.JSONField()),
                ('before', models.JSONField()),
                ('after', models.JSONField()),
                ('points', models.JSONField()),
                ('first_at', models.DateTimeField()),
                ('last_at', models.DateTimeField()),
                ('operator', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='fleet.operator')),
            ],
            options={
                'indexes': [models.Index(fields=['operator', 'day'], name='moves_of_an_operator_by_day')],
            },
        ),
    ]
