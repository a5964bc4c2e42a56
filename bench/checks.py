"""The check before a purchase, for a fleet of a million rigs in 2,500 lots: requests of 1 line and of 500 lines."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench.databases import database
from bench.figures import Figure, middle
from bench.options import Options
from bench.processes import in_fresh_process

REQUESTS = {1: 40, 500: 10}
AT_MOST = {1: 0.06, 500: 0.6}


def run(options: Options, folder: Path) -> Iterator[Figure]:
    """The 95th percentile of requests through the whole product but the web server, after the first of a process."""
    for kind in options.on:
        with database(kind, folder) as own:
            in_fresh_process("bench.in_product:make_wide_fleet", environment=own, operator="wide")
            rounds = [
                in_fresh_process("bench.in_product:check_purchases", environment=own, operator="wide").answer
                for _ in range(options.times)
            ]
            yield from _figures(rounds, kind)


def _figures(rounds: list[dict[str, Any]], kind: str) -> Iterator[Figure]:
    told: dict[str, Any] = {"benchmark": "purchase checks", "where": kind, "unit": "s"}
    yield Figure(work="the first of a process", value=middle([each["first"] for each in rounds]), **told)
    for lines, at_most in AT_MOST.items():
        figures = [each[str(lines)] for each in rounds]
        beside = {"bytes": figures[0]["bytes"], "median": middle([each["median"] for each in figures])}
        value = middle([each["p95"] for each in figures])
        yield Figure(work=f"{lines} lines, p95", value=value, at_most=at_most, beside=beside, **told)
