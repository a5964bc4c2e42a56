"""What the models declare stands in the database, also where a migration of Django's took it away unasked."""

from __future__ import annotations

from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.db.utils import IntegrityError

from risk.models import Exposure, FindingsVersion
from tests.console.visitors import a_fleet, an_operator
from tests.sheets import a_row

ONE_CURRENT = "one_current_finding_per_lot"


def is_found_by(field, there):
    """Whether rows are found by the column: one that is unique alone, another first among others."""
    alone = [each for each in there if each["unique"] or each["primary_key"]]
    if field.unique:
        return any(each["columns"] == [field.column] for each in alone)
    return any(each["columns"][:1] == [field.column] for each in there if each["index"] or each in alone)


@pytest.mark.django_db
def test_every_index_and_constraint_of_a_model_is_in_the_database():
    missing = []
    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            there = connection.introspection.get_constraints(cursor, model._meta.db_table)
            declared = [each.name for each in (*model._meta.indexes, *model._meta.constraints)]
            missing += [f"{model.__name__}: {name}" for name in declared if name not in there]
            missing += [
                f"{model.__name__}.{each.name}"
                for each in model._meta.local_concrete_fields
                if (each.db_index or each.unique) and not is_found_by(each, there.values())
            ]
    assert not missing


@pytest.mark.usefixtures("shipped")
def test_of_two_current_findings_on_a_lot_the_migration_keeps_the_later(tmp_path):
    operator = an_operator()
    a_fleet(tmp_path, operator, [a_row(1), a_row(2, country_of_origin="MY")])
    first, other = Exposure.objects.current().order_by("pk")
    counted = FindingsVersion.objects.get(operator=operator).version
    with connection.cursor() as cursor:
        cursor.execute(f"DROP INDEX {ONE_CURRENT}")
    later = Exposure.objects.get(pk=first.pk)
    later.pk, later.basis = None, "another"
    later.save()

    import_module("risk.migrations.0024_one_current_finding_again").keep_the_last(apps, None)

    assert set(Exposure.objects.current()) == {later, other}
    assert FindingsVersion.objects.get(operator=operator).version == counted + 1


@pytest.mark.usefixtures("shipped")
def test_a_lot_has_no_two_current_findings(tmp_path):
    a_fleet(tmp_path, an_operator(), [a_row(1)])
    found = Exposure.objects.get()
    found.pk, found.basis = None, "another"
    with pytest.raises(IntegrityError), transaction.atomic():
        found.save()
