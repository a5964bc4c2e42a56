"""Settings come from the environment, and secrets from the files that it names."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest
from django.core.exceptions import ImproperlyConfigured

from config import environment
from tests.house.tree import ROOT


def database_under(tmp_path, *names: str, **said: str) -> dict[str, object]:
    """What the settings make of an environment."""
    told = {"VAR_DIR": str(tmp_path), "DATABASE_URL": "postgresql://rigs@db/rigs", **said}
    code = (
        "import json; from config.settings import DATABASES\n"
        f"print(json.dumps({{name: DATABASES['default'].get(name) for name in {names!r}}}))"
    )
    call = [sys.executable, "-c", code]
    said_back = subprocess.run(call, cwd=ROOT, env=os.environ | told, capture_output=True, check=True)
    return json.loads(said_back.stdout)


def test_a_secret_is_read_from_the_file_that_the_environment_names(tmp_path, monkeypatch):
    (tmp_path / "secret").write_text("of the file\n")
    monkeypatch.setenv("EXAMPLE_FILE", str(tmp_path / "secret"))
    assert environment.read("EXAMPLE", "none", str) == "of the file"
    monkeypatch.setenv("EXAMPLE", "of the environment")
    assert environment.read("EXAMPLE", "none", str) == "of the environment"


def test_a_secret_whose_file_is_not_there_stops_the_start_with_a_sentence(tmp_path, monkeypatch):
    monkeypatch.setenv("EXAMPLE_FILE", str(tmp_path / "nowhere"))
    with pytest.raises(ImproperlyConfigured, match=r"EXAMPLE_FILE is .*nowhere', which cannot be read"):
        environment.read("EXAMPLE", "none", str)


def test_the_password_of_the_database_may_be_a_secret_of_its_own(tmp_path):
    (tmp_path / "password").write_text("from a file")
    said = {"DATABASE_PASSWORD_FILE": str(tmp_path / "password")}
    assert database_under(tmp_path, "PASSWORD", **said) == {"PASSWORD": "from a file"}


def test_a_pooled_database_keeps_no_cursor_and_no_connection(tmp_path):
    kept = database_under(tmp_path, "DISABLE_SERVER_SIDE_CURSORS", "CONN_MAX_AGE", DATABASE_POOLED="1")
    assert kept == {"DISABLE_SERVER_SIDE_CURSORS": True, "CONN_MAX_AGE": 0}


def test_an_sqlite_that_is_too_old_stops_the_start_where_it_is_used(tmp_path):
    embedded = environment.sqlite(tmp_path / "fleet.sqlite3")
    with pytest.raises(ImproperlyConfigured, match=r"SQLite 3\.35 or newer .* has 3\.34\.1"):
        environment.refuse_old_sqlite(embedded, (3, 34, 1))
    environment.refuse_old_sqlite(embedded, (3, 35, 0))
    environment.refuse_old_sqlite(environment.database("postgresql://rigs@db/rigs"), (3, 34, 1))
