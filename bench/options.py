"""What the caller of script/bench asks for."""

from __future__ import annotations

import argparse
from dataclasses import dataclass

from bench.databases import POSTGRESQL, SQLITE

NAMES = (
    "upload",
    "peer",
    "export",
    "engine",
    "findings",
    "what_if",
    "checks",
    "screening",
    "ownership",
    "lists",
    "rescoring",
    "promptness",
    "api",
    "load",
    "console",
    "backup",
    "audit",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """Which benchmarks, on which databases, how many rows and how often; `heavy` for what takes minutes."""

    names: tuple[str, ...]
    on: tuple[str, ...]
    rows: int
    times: int
    heavy: bool


def read_options(arguments: list[str]) -> Options:
    """The options of a command line; a wrong one ends the program with a sentence and status 2."""
    parser = argparse.ArgumentParser(prog="script/bench", description="Benchmarks; see docs/benchmarks.md.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(NAMES)}; default: all")
    parser.add_argument("--on", action="append", choices=(SQLITE, POSTGRESQL), help="default: both")
    parser.add_argument("--rows", type=int, default=100_000, help="rows of the uploaded sheet")
    parser.add_argument("--times", type=int, default=3, help="rounds, of which the median is told")
    parser.add_argument("--heavy", action="store_true", help="also 500,000 rows, and the whole export")
    told = parser.parse_args(arguments)
    unknown = [name for name in told.names if name not in NAMES]
    if unknown:
        parser.error(f"there is no benchmark '{unknown[0]}'; there are {', '.join(NAMES)}")
    return Options(
        names=tuple(told.names) or NAMES,
        on=tuple(told.on or (SQLITE, POSTGRESQL)),
        rows=told.rows,
        times=told.times,
        heavy=told.heavy,
    )
