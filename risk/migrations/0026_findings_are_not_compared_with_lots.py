"""Who writes a finding holds the owed row of its lot; the database need not look for the lot once more.

Apart from the owed rows (0025): each of the two holds the table of lots for a moment, and no table beside it.
"""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("risk", "0025_owed_rows_are_not_compared_with_lots"),
    ]

    operations = [
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
    ]
