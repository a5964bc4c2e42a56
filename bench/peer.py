"""The same rows through django-import-export, which most Django products use for spreadsheets."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench import sheets
from bench.databases import SQLITE, database
from bench.figures import Figure, middle
from bench.options import Options
from bench.processes import ROOT, in_fresh_process

ROWS = 10_000
PACKAGES = ("django-import-export==4.4.3", "django==5.2.19", "openpyxl==3.1.5", "defusedxml==0.7.1")
FIRST, AGAIN = 15.0, 25.0


def run(options: Options, folder: Path) -> Iterator[Figure]:
    """Rows a second as a multiple of the peer's: the first time, and the same rows again."""
    python = _environment()
    path = sheets.write(folder / "first.xlsx", sheets.rows(ROWS))
    again = sheets.write(folder / "again.xlsx", sheets.rows(ROWS), level=1)
    ours: dict[str, list[float]] = {"first": [], "rows again": [], "bytes again": []}
    theirs: dict[str, list[float]] = {"first": [], "rows again": []}
    with database(SQLITE, folder) as own:
        for number in range(options.times):
            told: dict[str, Any] = {"path": str(path), "database": str(folder / f"peer-{number}.sqlite3")}
            done = in_fresh_process("bench.import_export_peer:load", python=python, **told).answer
            theirs["first"].append(done["seconds"][0])
            theirs["rows again"].append(done["seconds"][1])
            for name, sent in (("first", path), ("rows again", again), ("bytes again", again)):
                uploaded = {"path": str(sent), "operator": f"peer-{number}"}
                done = in_fresh_process("bench.in_product:import_fleet", environment=own, **uploaded).answer
                ours[name].append(done["seconds"])
    yield from _figures(ours, theirs)


def _figures(ours: dict[str, list[float]], theirs: dict[str, list[float]]) -> Iterator[Figure]:
    told: dict[str, Any] = {"benchmark": f"peer {ROWS:,} rows", "where": SQLITE, "unit": "times its rows/s"}
    for work, name, of, at_least in (
        ("first time", "first", "first", FIRST),
        ("same rows, other bytes", "rows again", "rows again", None),
        ("same file again", "bytes again", "rows again", AGAIN),
    ):
        peer, own = middle(theirs[of]), middle(ours[name])
        rates = {"peer_rows_a_second": round(ROWS / peer), "own_rows_a_second": round(ROWS / own)}
        beside = {"peer_seconds": peer, "own_seconds": own, **rates}
        yield Figure(work=work, value=round(peer / own, 1), at_least=at_least, beside=beside, **told)


def _environment() -> str:
    """The Python of the peer's own virtual environment, made on the first call."""
    folder = Path(os.environ.get("VAR_DIR") or ROOT / "var").resolve() / "bench" / "import-export"
    python, stamp = folder / "bin" / "python", folder / "packages"
    if not (stamp.is_file() and stamp.read_text() == "\n".join(PACKAGES)):
        install = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *PACKAGES]
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(folder)], check=True)  # noqa: S603 (our own)
        subprocess.run(install, check=True)  # noqa: S603 (fixed words)
        stamp.write_text("\n".join(PACKAGES))
    return str(python)
