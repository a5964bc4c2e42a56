"""A fleet onto a sheet: when the first byte of CSV comes and how memory grows; a workbook beside its bare writer."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench import sheets
from bench.databases import database
from bench.figures import Figure
from bench.options import Options
from bench.processes import in_fresh_process

OPERATOR = "bench"
WORKBOOK_ROWS = 20_000  # of a workbook, unless it is to be the whole fleet: openpyxl takes a minute for that
FLAT_MB = 10.0


def run(options: Options, folder: Path) -> Iterator[Figure]:
    """The export of `options.rows` rigs as CSV, and of some of them (with `heavy`: all) as a workbook."""
    path = sheets.write(folder / "fleet.xlsx", sheets.rows(options.rows))
    for kind in options.on:
        with database(kind, folder) as own:
            sent = {"path": str(path), "operator": OPERATOR}
            in_fresh_process("bench.in_product:import_fleet", environment=own, **sent)
            yield from _csv(kind, own, options.rows)
            yield from _workbook(kind, own, options.rows if options.heavy else WORKBOOK_ROWS, folder)


def _csv(kind: str, own: dict[str, str], rows: int) -> Iterator[Figure]:
    told: dict[str, Any] = {"benchmark": f"export {rows:,} rigs .csv", "where": kind}
    done = in_fresh_process("bench.in_product:stream_csv", environment=own, operator=OPERATOR)
    beside = {"first_rows_after": done.answer["first_rows"], "bytes": done.answer["bytes"]}
    first = done.answer["first_byte"]
    yield Figure(work="first byte", value=first, unit="s", at_most=0.5, beside=beside, **told)
    yield Figure(work="first rows", value=done.answer["first_rows"], unit="s", **told)
    yield Figure(work="the whole", value=done.answer["seconds"], unit="s", **told)
    growth = done.answer["growth_mb"]
    beside = {"peak_mb": done.peak_mb}
    yield Figure(work="growth of memory", value=growth, unit="MB", at_most=FLAT_MB, beside=beside, **told)


def _workbook(kind: str, own: dict[str, str], rows: int, folder: Path) -> Iterator[Figure]:
    told: dict[str, Any] = {"benchmark": f"export {rows:,} rigs .xlsx", "where": kind}
    asked = {"operator": OPERATOR, "target": str(folder / "out.xlsx"), "rows": rows}
    bare = in_fresh_process("bench.in_product:write_workbook_bare", environment=own, **asked).answer
    done = in_fresh_process("bench.in_product:write_workbook", environment=own, **asked)
    ratio = round(done.answer["seconds"] / bare["seconds"], 2)
    beside = {"seconds": done.answer["seconds"], "bare_seconds": bare["seconds"], "peak_mb": done.peak_mb}
    yield Figure(work="the whole", value=ratio, unit="times bare", at_most=1.3, beside=beside, **told)
