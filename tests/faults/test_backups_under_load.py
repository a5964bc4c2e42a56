"""A backup of a product in use, brought back into a database of the other kind: what was committed at its moment."""

from __future__ import annotations

import json
import subprocess
import sys
from itertools import count
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.faults.running import ROOT, Product
from tests.sheets import a_csv, a_row

OTHER = {"embedded": "servers", "servers": "embedded"}


def manifest_of(backup: Path) -> dict[str, dict[str, object]]:
    """The rows and digest of each table, and what it tells of the files."""
    with ZipFile(backup) as archive:
        told = json.loads(archive.read("manifest.json"))
    tables = {name: (each["rows"], each["digest"]) for name, each in told["tables"].items()}
    return {"tables": tables, "files": told["files"], "lacking": told["lacking"]}


def edited_while_it_runs(product: Product, command: list[str]) -> int:
    """How many edits were committed while a command ran."""
    rigs, edits = product.ask("rigs_of", operator="operator-0"), count()
    with subprocess.Popen(
        [sys.executable, "manage.py", *command], cwd=ROOT, env=product.environment, stdout=subprocess.DEVNULL
    ) as running:
        while running.poll() is None:
            number = next(edits)
            product.ask("edit", rig=rigs[number % len(rigs)], country_of_origin=("VN", "TH")[number % 2])
        assert running.returncode == 0
    return next(edits)


@pytest.fixture
def empty_other(product, mortal_servers, tmp_path) -> Product:
    """A new product of the other kind, without tables."""
    to = OTHER[product.kind]
    url = mortal_servers.database(f"restored_{tmp_path.name[-1]}_{to}") if to == "servers" else ""
    other = Product({"VAR_DIR": str(tmp_path / "other"), "DATABASE_URL": url, "REDIS_URL": ""})
    yield other
    other.end()


def test_a_backup_under_edits_and_an_upload_is_whole_and_fresh_on_another_database(
    product, empty_other, tmp_path
):
    sheet = a_csv(tmp_path, [a_row(number) for number in range(3_000)])
    backup = tmp_path / "backup.zip"
    with product.worker():
        product.ask("upload", path=str(sheet), operator="operator-1")
        assert edited_while_it_runs(product, ["backup", "--to", str(backup)]) > 0
    product.end()
    told = manifest_of(backup)
    assert (len(told["files"]), told["lacking"]) == (1, [])
    empty_other.manage("restore", str(backup))
    again = tmp_path / "again.zip"
    empty_other.manage("backup", "--to", str(again))
    assert manifest_of(again) == told
    with empty_other.worker():
        assert empty_other.becomes_fresh()
    assert empty_other.ask("differences") == []
    assert empty_other.ask("owed")["uploads"] == 0
