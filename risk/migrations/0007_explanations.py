"""What lots that are found alike have in common becomes one row, and money a matter of telling.

Findings of engine versions 1 and 2 keep their explanation as they had it, money and all.
"""

import hashlib
import json

import django.db.models.deletion
from django.db import migrations, models

BATCH = 500


def move_explanations(apps, schema_editor):
    """Each finding's own explanation becomes a row of its own."""
    exposures, explanations = (apps.get_model("risk", name) for name in ("Exposure", "Explanation"))
    rows = exposures.objects.order_by("pk").iterator(chunk_size=BATCH)
    for row in rows:
        body = {name: said for name, said in row.old_explanation.items() if name not in ("rests_on", "customs_value")}
        rests_on = row.old_explanation.get("rests_on", {})
        body["maker"] = rests_on.get("maker", {})
        body["doubts"] = [each for each in body.get("doubts", ()) if each["fact"] != "customs_value"]
        text = json.dumps([body], sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        digest = hashlib.sha256(text.encode()).hexdigest()
        explanation, _ = explanations.objects.get_or_create(digest=digest, defaults={"body": body})
        value = rests_on.get("value", {})
        row.explanation = explanation
        row.value_in_fleet_cents = cents(value.get("in_fleet"))
        row.value_ever_cents = cents(value.get("ever"))
        row.units_without_value = value.get("units_without_value", 0)
        row.save(
            update_fields=["explanation", "value_in_fleet_cents", "value_ever_cents", "units_without_value"]
        )


def cents(amount):
    """Cents of an amount as it was kept: {"amount": "1.00"}, or nothing."""
    return None if amount is None else int(amount["amount"].replace(".", ""))


class Migration(migrations.Migration):
    dependencies = [("risk", "0006_screening")]

    operations = [
        migrations.CreateModel(
            name="Explanation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("body", models.JSONField()),
            ],
        ),
        migrations.RenameField("exposure", "explanation", "old_explanation"),
        migrations.AddField(
            "exposure",
            "explanation",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="risk.explanation",
            ),
        ),
        migrations.AddField("exposure", "value_in_fleet_cents", models.BigIntegerField(null=True)),
        migrations.AddField("exposure", "value_ever_cents", models.BigIntegerField(null=True)),
        migrations.AddField("exposure", "units_without_value", models.BigIntegerField(default=0)),
        migrations.RunPython(move_explanations, migrations.RunPython.noop),
        migrations.AlterField(
            "exposure",
            "explanation",
            models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="risk.explanation"
            ),
        ),
        migrations.RemoveField("exposure", "old_explanation"),
    ]
