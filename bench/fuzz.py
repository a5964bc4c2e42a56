"""Changed files for every reader, for as long as one likes: what raised anything but its own refusal, and the memory.

The same seed makes the same changes in the same order; how many of them are tried is up to the machine. A file that
raised is kept, with the change that made it, in the folder that is named at the end.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
import traceback
import zipfile
from io import BytesIO
from pathlib import Path
from random import Random, SystemRandom
from typing import Any

from bench.databases import SQLITE, database
from bench.processes import Measured, in_fresh_process
from tests.fuzz.mangling import changed, changed_inside, some_changes
from tests.fuzz.readers import READERS, Reader

LONGEST_SECONDS = 20
"""That one file may take: more is a fault, too."""
PARTS = 40
API = "API"
OF_THE_API = {"ALLOWED_HOSTS": "testserver", "API_REQUESTS_A_MINUTE": "1000000", "LOG_LEVEL": "CRITICAL"}


def main(arguments: list[str]) -> int:
    """The command line; 0 where nothing but refusals was raised."""
    parser = argparse.ArgumentParser(prog="script/bench fuzz", description=__doc__)
    parser.add_argument("--minutes", type=float, default=5, help="for all readers together")
    parser.add_argument("--reader", action="append", choices=[*READERS, API], help="default: all")
    parser.add_argument("--seed", type=int, default=SystemRandom().randrange(10**6))
    told = parser.parse_args(arguments)
    names = told.reader or [*READERS, API]
    kept = tempfile.mkdtemp(prefix="fuzz-")
    sys.stdout.write(f"Seed {told.seed}, {told.minutes:g} minutes.\n")
    faults = 0
    for name in names:
        done = _done(name, seed=told.seed, seconds=told.minutes * 60 / len(names), kept=kept)
        found = done.answer
        faults += found["faults"]
        sys.stdout.write(
            f"{name}: {found['files']:,} files, {found['read']:,} read, {found['refused']:,} refused, "
            f"{found['faults']} faults; slowest {found['slowest']:.2f} s; at most {done.peak_mb:.0f} MB.\n"
        )
        sys.stdout.flush()
    if faults:
        sys.stdout.write(f"The files that raised are in {kept}.\n")
    return 1 if faults else 0


def _done(name: str, **asked: Any) -> Measured:
    if name != API:
        return in_fresh_process("bench.fuzz:tried", name=name, **asked)
    with tempfile.TemporaryDirectory(prefix="fuzz-api-") as folder, database(SQLITE, Path(folder)) as own:
        return in_fresh_process("bench.fuzz_api:tried", environment=own | OF_THE_API, **asked)


def tried(*, name: str, seed: int, seconds: float, kept: str) -> dict[str, Any]:
    """Try changed files on one reader for so many seconds."""
    reader, chance, ends = READERS[name], Random(seed), time.monotonic() + seconds  # noqa: S311 - chance, not a secret
    counted: dict[str, Any] = {"files": 0, "read": 0, "refused": 0, "faults": 0, "slowest": 0.0}
    while time.monotonic() < ends:
        file, content = _made(reader, chance)
        began = time.monotonic()
        counted[_outcome(reader, file, content, Path(kept))] += 1
        counted["files"] += 1
        counted["slowest"] = max(counted["slowest"], time.monotonic() - began)
    return counted


def _made(reader: Reader, chance: Random) -> tuple[str, bytes]:
    file = chance.choice(sorted(reader.good))
    content, changes = reader.good[file], some_changes(chance)
    if (
        zipfile.is_zipfile(BytesIO(content)) and chance.random() < 0.7
    ):  # most of what lies outside is refused at once
        return file, changed_inside(content, chance.randrange(PARTS), changes)
    return file, changed(content, changes)


def _outcome(reader: Reader, file: str, content: bytes, kept: Path) -> str:
    began = time.monotonic()
    try:
        reader.read(file, content)
    except reader.refusals:
        outcome = "refused"
    except Exception:
        _keep(kept, reader, file, content, traceback.format_exc())
        return "faults"
    else:
        outcome = "read"
    if time.monotonic() - began > LONGEST_SECONDS:
        _keep(kept, reader, file, content, f"It took {time.monotonic() - began:.0f} seconds.")
        return "faults"
    return outcome


def _keep(kept: Path, reader: Reader, file: str, content: bytes, told: str) -> None:
    name = f"{reader.name}-{len(list(kept.iterdir()))}-{Path(file).name}".replace(" ", "-")
    (kept / name).write_bytes(content)
    (kept / f"{name}.txt").write_text(told, encoding="utf-8")
