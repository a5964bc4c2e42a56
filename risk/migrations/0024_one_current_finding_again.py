"""On PostgreSQL the index that keeps a lot from having two current findings is made again.

When the lot of a finding lost its own index (0019), Django took this one of the same column with it: what is unique
only under a condition looks to it like an index of the column.
"""

from django.db import migrations
from django.db.models import Count, F

NAME = "one_current_finding_per_lot"


def keep_the_last(apps, schema_editor):
    """Of two current findings on a lot, should there be any, that of the later run stands, or of one run the later."""
    exposures, versions = apps.get_model("risk", "Exposure"), apps.get_model("risk", "FindingsVersion")
    lots, current = apps.get_model("fleet", "Lot"), exposures.objects.filter(is_current=True)
    doubled = current.order_by().values("lot").annotate(found=Count("pk")).filter(found__gt=1)
    for lot_id in list(doubled.values_list("lot", flat=True)):
        last = current.filter(lot=lot_id).order_by(F("run").desc(nulls_last=True), "-pk").first()
        current.filter(lot=lot_id).exclude(pk=last.pk).update(is_current=False)
        whose = lots.objects.filter(pk=lot_id).values("operator")
        versions.objects.filter(operator__in=whose).update(version=F("version") + 1)


def make_it_again(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        # One that was left half made by an attempt before is in the way.
        schema_editor.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {NAME}")
        schema_editor.execute(
            f"CREATE UNIQUE INDEX CONCURRENTLY {NAME} ON risk_exposure (lot_id) WHERE is_current"
        )


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("risk", "0023_long_texts_packed_quickly")]

    operations = [
        migrations.RunPython(keep_the_last, migrations.RunPython.noop),
        migrations.RunPython(make_it_again, migrations.RunPython.noop),
    ]
