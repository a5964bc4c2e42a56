"""The ownership cascade over a large graph, both bounds, with every finding told."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from bench.figures import Figure, middle
from bench.options import Options
from bench.processes import in_fresh_process
from risk.engine.facts import Holding
from risk.engine.ownership import OFAC_50_PERCENT, ownership_findings

COMPANIES, HOLDINGS, LISTED = 20_000, 60_000, 400
SECONDS = 1.0


def run(options: Options, folder: Path) -> Iterator[Figure]:
    """20,000 companies, 60,000 holdings of which a fifth without a percentage, 400 listed parties."""
    runs = [in_fresh_process("bench.ownership:cascade") for _ in range(options.times)]
    yield Figure(
        benchmark="ownership",
        work=f"{COMPANIES:,} companies, {HOLDINGS:,} holdings, low and high bounds",
        value=middle([each.answer["seconds"] for each in runs]),
        unit="s",
        at_most=SECONDS,
        beside={"found": runs[0].answer["found"], "peak_mb": max(each.peak_mb for each in runs)},
    )


def cascade() -> dict[str, Any]:
    """In a process of its own."""
    holdings, listed = made_graph()
    began = time.perf_counter()
    findings = ownership_findings(holdings, listed, rule=OFAC_50_PERCENT, on=date(2026, 11, 28))
    return {"seconds": round(time.perf_counter() - began, 4), "found": len(findings)}


def made_graph() -> tuple[list[Holding], set[str]]:
    """The same graph every time, with cycles, chains and shares that nobody knows."""
    chance = random.Random(50)  # noqa: S311 (no secret: a graph that is the same every time)
    names = [f"C{number}" for number in range(COMPANIES)]
    holdings = []
    for number in range(HOLDINGS):
        owner, owned = chance.sample(names, 2)
        low = Decimal(chance.randint(1, 100))
        known = {} if number % 5 == 0 else {"low": low, "high": low}
        holdings.append(Holding(owner=owner, owned=owned, **known))
    return holdings, set(chance.sample(names, LISTED))
