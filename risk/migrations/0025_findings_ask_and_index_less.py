"""Lots are never deleted, and who writes an owed row or a finding has read its lot: the database need not look it up
for each row a second time. Nothing asks for the findings of an edition, so that no index need be kept of them."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("risk", "0024_one_current_finding_again"),
    ]

    operations = [
        migrations.AlterField(
            model_name="assessment",
            name="lot",
            field=models.OneToOneField(
                db_constraint=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="owed_assessment",
                to="fleet.lot",
            ),
        ),
        migrations.AlterField(
            model_name="exposure",
            name="lot",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="exposures",
                to="fleet.lot",
            ),
        ),
        migrations.AlterField(
            model_name="exposure",
            name="edition",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="risk.policyedition",
            ),
        ),
    ]
