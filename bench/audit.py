"""Many deeds on the audit: written as sets, sealed into the chain, the chain verified, each in a fresh process."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench.databases import database
from bench.figures import Figure
from bench.options import Options
from bench.processes import in_fresh_process

ENTRIES_A_ROW = 10  # a million where other benchmarks have 100,000 rows
STEPS = (("write", "written as sets"), ("seal", "sealed"), ("verify", "verified"))
MOST_MB = 300


def run(options: Options, folder: Path) -> Iterator[Figure]:
    """Seconds of each step for ten times `options.rows` entries, with processor time and memory beside it."""
    entries = options.rows * ENTRIES_A_ROW
    for kind in options.on:
        with database(kind, folder) as own:
            told: dict[str, Any] = {"benchmark": f"audit of {entries:,} entries", "where": kind}
            most = 0.0
            for step, work in STEPS:
                done = in_fresh_process(f"bench.audit_in_product:{step}", environment=own, entries=entries)
                beside = {**done.answer, "peak_mb": done.peak_mb}
                seconds, most = beside.pop("seconds"), max(most, done.peak_mb)
                yield Figure(work=work, value=seconds, unit="s", beside=beside, **told)
            yield Figure(work="most memory", value=most, unit="MB", at_most=MOST_MB, **told)
