"""A backup of a product in use, brought back into a database of the other kind: what was committed at its moment."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from itertools import count

import pytest

from tests.faults.running import ROOT, Product
from tests.sheets import a_csv, a_row


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
def empty_products(mortal_servers, tmp_path) -> Iterator[dict[str, Product]]:
    """New products without tables, on PostgreSQL and on SQLite."""
    urls = {"servers": mortal_servers.database("restored"), "embedded": ""}
    made = {
        kind: Product({"VAR_DIR": str(tmp_path / kind), "DATABASE_URL": url, "REDIS_URL": ""})
        for kind, url in urls.items()
    }
    yield made
    for product in made.values():
        product.end()


def test_a_backup_under_edits_and_an_upload_is_whole_and_fresh_on_the_other_database_and_back(
    make_product, empty_products, tmp_path
):
    product, sheet = make_product("embedded"), a_csv(tmp_path, [a_row(number) for number in range(1_000)])
    with product.worker():
        product.ask("upload", path=str(sheet), operator="operator-1")
        assert edited_while_it_runs(product, ["backup", "--to", str(tmp_path / "one.zip")]) > 0
    product.end()
    on_servers, again_embedded = empty_products["servers"], empty_products["embedded"]
    told = json.loads(on_servers.manage("restore", str(tmp_path / "one.zip"), "--json"))
    assert (told["from"], told["files"], told["rows"] > 0) == ("sqlite", 1, True)
    with on_servers.worker():
        assert on_servers.becomes_fresh()
        assert edited_while_it_runs(on_servers, ["backup", "--to", str(tmp_path / "two.zip")]) > 0
        assert on_servers.becomes_fresh()
    assert on_servers.ask("differences") == []
    told = json.loads(again_embedded.manage("restore", str(tmp_path / "two.zip"), "--json"))
    assert (told["from"], told["files"]) == ("postgresql", 1)
    with again_embedded.worker():
        assert again_embedded.becomes_fresh()
    assert again_embedded.ask("differences") == []
