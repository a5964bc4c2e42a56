"""What if, for a fleet of a million rigs in 2,500 lots: the first answer, and those after it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from bench.databases import database
from bench.figures import Figure, middle
from bench.options import Options
from bench.processes import in_fresh_process

AFTER_THE_FIRST_SECONDS = 0.3
SCENARIOS: Mapping[str, Mapping[str, Any]] = {
    "a duty on five origins, 500 rigs bought": {
        "measures": {
            "added": [
                {
                    "code": "BENCH-1",
                    "rate": "0.25",
                    "effective_from": "2026-11-01",
                    "countries_of_origin": ["MY", "TH", "ID", "VN", "LA"],
                    "hts_prefixes": ["8543.70"],
                }
            ]
        },
        "rigs": {"bought": [{"model": "Antminer S21 XP", "units": 500, "unit_value": "3900.00"}]},
    },
    "a maker listed": {"vendors": {"listed": [{"vendor": "Bitmain"}]}},
    "an origin contested": {"origins": {"contested": [{"maker": "Bitmain", "country": "VN"}]}},
    "a site sold": {"rigs": {"sold": [{"site": "site 0"}]}},
}


def run(options: Options, folder: Path) -> Iterator[Figure]:
    """Each scenario in a process that has answered one before, and the very first answer of a process."""
    for kind in options.on:
        with database(kind, folder) as own:
            in_fresh_process("bench.in_product:make_wide_fleet", environment=own, operator="wide")
            rounds = [
                in_fresh_process("bench.in_product:suppose", environment=own, operator="wide").answer
                for _ in range(options.times)
            ]
            yield from _figures(rounds, kind)


def _figures(rounds: list[dict[str, float]], kind: str) -> Iterator[Figure]:
    told: dict[str, Any] = {"benchmark": "what if", "where": kind, "unit": "s"}
    yield Figure(work="the first of a process", value=middle([each["first"] for each in rounds]), **told)
    for name in SCENARIOS:
        seconds = middle([each[name] for each in rounds])
        yield Figure(work=name, value=seconds, at_most=AFTER_THE_FIRST_SECONDS, **told)
