"""A backup of a product in use, brought back into a database of the other kind: what was committed at its moment."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys

from tests.faults.running import ROOT, Product
from tests.sheets import a_csv, a_row


def edited_while_it_runs(product: Product, command: list[str]) -> tuple[int, str]:
    """How many edits were committed while a command ran, and what it said."""
    rigs, edits = product.ask("rigs_of", operator="operator-0"), 0
    with subprocess.Popen(
        [sys.executable, "manage.py", *command],
        cwd=ROOT,
        env=product.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as running:
        while running.poll() is None:
            product.ask(
                "edit", rig=rigs[edits % len(rigs)], country_of_origin=("VN", "TH")[edits // len(rigs) % 2]
            )
            edits += 1
        assert running.stdout
        return edits, running.stdout.read()


def is_fresh_and_right(product: Product) -> bool:
    """Whether a worker finds an end, and every finding is what the facts come to."""
    with product.worker():
        is_fresh = product.becomes_fresh()
    return is_fresh and product.ask("differences") == []


def test_a_backup_under_edits_and_an_upload_is_whole_on_the_other_database_and_moves_back_in_one_call(
    make_product, filled_folder, tmp_path
):
    product, sheet = make_product("embedded"), a_csv(tmp_path, [a_row(number) for number in range(500)])
    with product.worker():
        product.ask("upload", path=str(sheet), operator="operator-1")
        edits, said = edited_while_it_runs(product, ["backup", "--to", str(tmp_path / "one.zip")])
    assert edits and "and 1 files" in said
    product.end()

    on_servers = make_product("servers")
    told = json.loads(on_servers.manage("restore", str(tmp_path / "one.zip"), "--overwrite", "--json"))
    assert (told["from"], told["files"], told["rows"] > 0) == ("sqlite", 1, True)
    assert is_fresh_and_right(on_servers)

    back = shutil.copy(filled_folder / "fleet.sqlite3", tmp_path / "back.sqlite3")
    moved = on_servers.manage("move_database", "--to", f"sqlite:///{back}", "--overwrite")
    assert "every digest the same" in moved
    on_servers.end()
    product.environment["DATABASE_URL"] = f"sqlite:///{back}"
    assert product.is_fresh() and product.ask("differences") == []
