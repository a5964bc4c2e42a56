"""An index by which a vendor is found by its name or alias, in any case and spacing."""

from django.db import migrations, models
from django.db.models import Value
from django.db.models.functions import Replace, Upper

from ledger.indexes import AddIndexBesideWrites


def by_name(called):
    return models.Index(Upper(Replace("name", Value(" "), Value(""))), name=called)


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("vendors", "0004_one_place_for_each_fact"),
    ]

    operations = [
        AddIndexBesideWrites(model_name="vendor", index=by_name("vendors_by_name")),
        AddIndexBesideWrites(model_name="vendoralias", index=by_name("aliases_by_name")),
    ]
