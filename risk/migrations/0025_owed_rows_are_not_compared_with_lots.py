"""An owed row is written by a statement that reads its lot; the database need not look for it a second time."""

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
    ]
