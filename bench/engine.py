"""The engine alone: many lots of few kinds decided, and the explanation of one lot, without a database."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from itertools import cycle, islice, product
from pathlib import Path
from typing import Any

from bench.figures import Figure, middle
from bench.options import Options
from bench.processes import ROOT, in_fresh_process
from risk.engine.amounts import LotValue
from risk.engine.exposure import assess
from risk.engine.facts import LotFacts, VendorFacts
from risk.engine.outcomes import Considered
from risk.engine.sittings import Sitting
from risk.engine.terms.countries import CountryCode
from risk.engine.terms.hts import HtsCode
from risk.engine.terms.money import Money
from risk.engine.terms.rigs import TransportMode
from risk.policy_files import read_folder

LOTS, KINDS, BATCH = 100_000, 2_000, 400
DECIDE_SECONDS, KINDS_SECONDS, EXPLAIN_SECONDS = 1.5, 1.0, 0.02
ON = date(2026, 11, 22)
MAKER = VendorFacts(name="Bitmain")
VALUE = LotValue(in_fleet=Money.parse("5000"), ever=Money.parse("5000"))


def run(options: Options, folder: Path) -> Iterator[Figure]:
    """Decide only: what policy says of each lot, from facts that are at hand."""
    runs = [in_fresh_process("bench.engine:decide") for _ in range(options.times)]
    beside = {"peak_mb": max(each.peak_mb for each in runs)}
    for name, work, at_most in (
        ("lots", f"decide {LOTS:,} lots of {KINDS:,} kinds, {BATCH} at a time", DECIDE_SECONDS),
        ("kinds", f"decide {KINDS:,} kinds, nothing decided before", KINDS_SECONDS),
        ("cold", "explain one lot, nothing decided before", EXPLAIN_SECONDS),
        ("silent", "explain one lot of unknown code and origin, nothing decided before", EXPLAIN_SECONDS),
        ("warm", "explain one lot, its like decided before", EXPLAIN_SECONDS),
    ):
        seconds = middle([each.answer[name] for each in runs])
        yield Figure(benchmark="engine", work=work, value=seconds, unit="s", at_most=at_most, beside=beside)


def decide() -> dict[str, Any]:
    """In a process of its own, under the law as it ships: seconds for each piece of work."""
    book = read_folder(ROOT / "risk" / "policies").book
    some = kinds()
    _explained(Considered(book), some[0])  # what is made once a process
    silent = replace(some[1], hts_code=None, country_of_origin=None)
    answer = {
        "cold": _timed(lambda: _explained(Considered(_unread(book)), some[1])),
        "silent": _timed(lambda: _explained(Considered(_unread(book)), silent)),
    }
    considered, sitting = Considered(_unread(book)), Sitting(Considered(_unread(book)), ON)
    answer["kinds"] = _timed(
        lambda: [assess(lot, MAKER, VALUE, considered=considered, on=ON) for lot in some]
    )
    answer["warm"] = _timed(lambda: _explained(considered, some[1]))
    fleet = list(zip(lots(), values(), strict=True))
    return answer | {"lots": _timed(lambda: _decided(fleet, sitting))}


def _decided(fleet: list[tuple[LotFacts, LotValue]], sitting: Sitting) -> None:
    """Every lot decided, and its finding held until its batch is done, as when it is written."""
    for first in range(0, len(fleet), BATCH):
        _ = [sitting.assess(lot, MAKER, value) for lot, value in fleet[first : first + BATCH]]


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


def lots() -> list[LotFacts]:
    """Lots of these kinds as a database gives them: each made of its own cells, equal and not the same."""
    return [
        replace(
            lot, hts_code=lot.hts_code and HtsCode(lot.hts_code.digits), entry_date=_again(lot.entry_date)
        )
        for lot in islice(cycle(kinds()), LOTS)
    ]


def values() -> list[LotValue]:
    """A customs value for each lot, no two alike."""
    worth = [Money.of_cents(500_000 + 7 * number) for number in range(LOTS)]
    return [LotValue(in_fleet=each, ever=each) for each in worth]


def _again(day: date | None) -> date | None:
    return day and date(day.year, day.month, day.day)


def _unread(book: Any) -> Any:
    """The same book, as on its first day in a process: what it remembers of its measures is not there yet."""
    return replace(book)


def _explained(considered: Considered, lot: LotFacts) -> list[str]:
    """Every line and every reason of a finding, in words."""
    found = assess(lot, MAKER, VALUE, considered=considered, on=ON)
    lines = [str(line) for question in found.questions for line in found.lines_of(question.name)]
    return [*lines, *map(str, (*found.doubts, *found.findings, *found.sanction.reasons))]


def _timed(work: Any) -> float:
    began = time.perf_counter()
    work()
    return round(time.perf_counter() - began, 5)
