"""A fleet into a backup, out of it into the other kind of database, and moved from SQLite to PostgreSQL."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench.figures import Figure
from bench.options import Options
from tests.faults.running import Product
from tests.servers import fresh_database, private_postgres

LOTS, OPERATORS = 2_500, 4


def run(options: Options, folder: Path) -> Iterator[Figure]:
    """Each step of a fleet of `options.rows` rigs, starting of the process and migrations included."""
    source = _product(folder / "source", "")
    source.manage("migrate", "--verbosity", "0")
    source.manage("load_catalogue")
    source.manage("load_policies", "--publish")
    source.ask("make_fleet", rigs=options.rows, lots=LOTS, operators=OPERATORS)
    source.end()
    kept = folder / "backup.zip"
    told: dict[str, Any] = {"benchmark": f"backup of {options.rows:,} rigs", "unit": "s"}
    # A folder of its own at the top: the server may run as nobody, who must be able to get there.
    with TemporaryDirectory(prefix="bench-") as data, private_postgres(Path(data)) as server:
        seconds = _seconds(source, "backup", "--to", str(kept))
        beside = {"mb": round(kept.stat().st_size / 1024**2, 1)}
        yield Figure(work="written", where="SQLite", value=seconds, at_most=20, beside=beside, **told)
        with fresh_database(server) as url:
            target = _product(folder / "restored", url)
            value = _seconds(target, "restore", str(kept))
            yield Figure(work="restored", where="into PostgreSQL", value=value, at_most=60, **told)
            value = _seconds(target, "backup", "--to", str(kept))
            yield Figure(work="written", where="PostgreSQL", value=value, at_most=20, **told)
        value = _seconds(_product(folder / "again", ""), "restore", str(kept))
        yield Figure(work="restored", where="into SQLite", value=value, at_most=60, **told)
        with fresh_database(server) as url:
            value = _seconds(source, "move_database", "--to", url)
            yield Figure(work="moved", where="SQLite to PostgreSQL", value=value, at_most=90, **told)


def _product(folder: Path, url: str) -> Product:
    return Product({"VAR_DIR": str(folder), "DATABASE_URL": url, "REDIS_URL": ""})


def _seconds(product: Product, *command: str) -> float:
    began = time.perf_counter()
    product.manage(*command)
    return round(time.perf_counter() - began, 1)
