from django.db import migrations, models

from ledger.indexes import AddIndexBesideWrites


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("risk", "0020_findings_cost_less"),
    ]

    operations = [
        AddIndexBesideWrites(
            model_name="exposure",
            index=models.Index(
                condition=models.Q(("is_current", True), ("sanction_level", "blocked")),
                fields=["lot"],
                name="blocked_lots",
            ),
        ),
    ]
