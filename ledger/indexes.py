"""Indexes that are added to tables in use."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


class AddIndexBesideWrites(AddIndexConcurrently):
    """An index that PostgreSQL makes while others write, in a migration with `atomic = False`; any other database
    makes it as it makes each."""

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, *states: Any
    ) -> None:
        _way_of(schema_editor).database_forwards(self, app_label, schema_editor, *states)

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, *states: Any
    ) -> None:
        _way_of(schema_editor).database_backwards(self, app_label, schema_editor, *states)


def _way_of(schema_editor: BaseDatabaseSchemaEditor) -> type[migrations.AddIndex]:
    is_postgres = schema_editor.connection.vendor == "postgresql"
    return AddIndexConcurrently if is_postgres else migrations.AddIndex
