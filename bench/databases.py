"""The databases that a benchmark runs on: made for it, filled with what ships, gone afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.processes import in_fresh_process
from tests.servers import private_postgres, program

SQLITE, POSTGRESQL = "SQLite", "PostgreSQL"


@contextmanager
def database(kind: str, folder: Path) -> Iterator[dict[str, str]]:
    """An empty product on a database of that kind; gives the environment that processes need to use it."""
    place = folder / kind.lower()
    place.mkdir()
    own = {"VAR_DIR": str(place / "var"), "DJANGO_SETTINGS_MODULE": "config.settings", "DATABASE_URL": ""}
    if kind == SQLITE:
        in_fresh_process("bench.in_product:set_up", environment=own)
        yield own
        return
    if not program("initdb"):
        raise SystemExit(
            "PostgreSQL is not here; install it: apt-get install postgresql. Or give --on SQLite."
        )
    # A folder of its own at the top: the server may run as nobody, who must be able to get there.
    with TemporaryDirectory(prefix="bench-") as data, private_postgres(Path(data)) as url:
        own["DATABASE_URL"] = url
        in_fresh_process("bench.in_product:set_up", environment=own)
        yield own
