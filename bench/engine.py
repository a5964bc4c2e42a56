"""The engine alone: many lots of few kinds decided, and the explanation of one lot, without a database."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import cycle, islice, product
from pathlib import Path
from typing import Any

from bench.figures import Figure, middle
from bench.options import Options
from bench.processes import ROOT, in_fresh_process
from risk.engine.exposure import LotValue, assess
from risk.engine.facts import LotFacts, VendorFacts
from risk.engine.outcomes import Considered
from risk.engine.terms.countries import CountryCode
from risk.engine.terms.hts import HtsCode
from risk.engine.terms.money import Money
from risk.engine.terms.rigs import TransportMode
from risk.policy_files import read_folder

LOTS, KINDS = 100_000, 2_000
DECIDE_SECONDS, EXPLAIN_SECONDS = 1.5, 0.02
ON = date(2026, 11, 22)


def run(options: Options, folder: Path) -> Iterator[Figure]:
    """Decide only: what policy says of each lot, from facts that are at hand."""
    runs = [in_fresh_process("bench.engine:decide") for _ in range(options.times)]
    told: dict[str, Any] = {"benchmark": "engine", "unit": "s"}
    seconds = middle([each.answer["decide"] for each in runs])
    beside = {"peak_mb": max(each.peak_mb for each in runs)}
    work = f"decide {LOTS:,} lots of {KINDS:,} kinds"
    yield Figure(work=work, value=seconds, at_most=DECIDE_SECONDS, beside=beside, **told)
    for name, work in (
        ("cold", "one lot, nothing decided before"),
        ("warm", "one lot, its like decided before"),
    ):
        seconds = middle([each.answer[name] for each in runs])
        yield Figure(work=work, value=seconds, at_most=EXPLAIN_SECONDS, **told)


def decide() -> dict[str, Any]:
    """In a process of its own, under the law as it ships."""
    book = read_folder(ROOT / "risk" / "policies").book
    lots = list(islice(cycle(kinds()), LOTS))
    maker, value = (
        VendorFacts(name="Bitmain"),
        LotValue(in_fleet=Money.parse("5000"), ever=Money.parse("5000")),
    )
    _explained(Considered(book), lots[0], maker, value)  # what is made once a process
    cold_book = Considered(book)
    cold = _timed(lambda: _explained(cold_book, lots[1], maker, value))
    warm = _timed(lambda: _explained(cold_book, lots[1], maker, value))
    considered = Considered(book)
    seconds = _timed(lambda: [assess(lot, maker, value, considered=considered, on=ON) for lot in lots])
    return {"decide": seconds, "cold": cold, "warm": warm}


def kinds() -> list[LotFacts]:
    """Two thousand sets of facts: entry days, origins, codes and ways of transport."""
    days = [date(2023, 1, 2) + timedelta(days=7 * week) for week in range(100)]
    said = product(days, ("CN", "MY", "ID", "TH", "TW"), ("8543709860", "8471500150"), ("air", "vessel"))
    return [
        LotFacts(
            maker="Bitmain",
            model="Antminer S21",
            country_of_origin=CountryCode(origin),
            import_country=CountryCode("US"),
            hts_code=HtsCode(code),
            entry_date=day,
            transport_mode=TransportMode(mode),
        )
        for day, origin, code, mode in said
    ][:KINDS]


def count_kinds() -> int:
    """How many sets of facts there are, no two alike."""
    return len(set(kinds()))


def _explained(considered: Considered, lot: LotFacts, maker: VendorFacts, value: LotValue) -> list[str]:
    """Every line and every reason of a finding, in words."""
    found = assess(lot, maker, value, considered=considered, on=ON)
    lines = [str(line) for question in found.questions for line in found.lines_of(question.name)]
    return [*lines, *map(str, (*found.doubts, *found.findings, *found.sanction.reasons))]


def _timed(work: Any) -> float:
    began = time.perf_counter()
    work()
    return round(time.perf_counter() - began, 5)
