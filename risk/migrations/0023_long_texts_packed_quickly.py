"""Explanations and kept answers are packed by lz4 where PostgreSQL knows it: a third to half of the time of the older
way, for a seventh more room."""

from django.db import migrations

LONG = (("risk_explanation", "body"), ("risk_purchasecheck", "told"))


def pack_quickly(apps, schema_editor):
    """Of what is written from now on; what is there stays as it is packed."""
    _pack(schema_editor, "lz4")


def pack_as_before(apps, schema_editor):
    _pack(schema_editor, "pglz")


def _pack(schema_editor, method):
    if schema_editor.connection.vendor != "postgresql":
        return
    with schema_editor.connection.cursor() as cursor:
        # Known since PostgreSQL 14, and only where the server was built with it.
        known = "SELECT %s = ANY (enumvals) FROM pg_settings WHERE name = 'default_toast_compression'"
        cursor.execute(known, [method])
        if cursor.fetchone() == (True,):
            for table, column in LONG:
                cursor.execute(f"ALTER TABLE {table} ALTER COLUMN {column} SET COMPRESSION {method}")


class Migration(migrations.Migration):
    dependencies = [("risk", "0022_shares_by_part")]

    operations = [migrations.RunPython(pack_quickly, pack_as_before)]
