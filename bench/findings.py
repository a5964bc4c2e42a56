"""Findings on record: one explained as the command answers it, and all of them decided anew as proof."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench import sheets
from bench.databases import database
from bench.figures import Figure, middle
from bench.options import Options
from bench.processes import in_fresh_process

OPERATOR = "bench"
ROWS = 1_000
EXPLAIN_SECONDS, VERIFY_SECONDS = 0.02, 5.0


def run(options: Options, folder: Path) -> Iterator[Figure]:
    """A small fleet of the sheet's 250 lots, explained lot by lot, and verified."""
    path = sheets.write(folder / "fleet.xlsx", sheets.rows(ROWS))
    for kind in options.on:
        with database(kind, folder) as own:
            sent = {"path": str(path), "operator": OPERATOR}
            in_fresh_process("bench.in_product:import_fleet", environment=own, **sent)
            rounds = [_round(own) for _ in range(options.times)]
            yield from _figures(rounds, kind)


def _round(own: dict[str, str]) -> dict[str, Any]:
    answer: dict[str, Any] = in_fresh_process(
        "bench.in_product:explain_and_verify", environment=own, operator=OPERATOR
    ).answer
    return answer


def _figures(rounds: list[dict[str, Any]], kind: str) -> Iterator[Figure]:
    told: dict[str, Any] = {"benchmark": "findings on record", "where": kind, "unit": "s"}
    beside = {"findings": rounds[0]["findings"]}
    for work, name, at_most in (
        ("explain one lot", "explain", EXPLAIN_SECONDS),
        ("verify 1,000 findings", "verify", VERIFY_SECONDS),
    ):
        seconds = middle([each[name] for each in rounds])
        yield Figure(work=work, value=seconds, at_most=at_most, beside=beside, **told)
