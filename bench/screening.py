"""Vendor screening: how many listed parties are found, how many innocents are troubled, how long it takes."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from bench.databases import database
from bench.figures import Figure, middle
from bench.options import Options
from bench.processes import in_fresh_process
from bench.screening_cases import REFERENCE, cases, listed_organisations, measured, without_held_out
from risk.engine.screening import ScreenedParty, Screener, VendorSide
from risk.lists import FORMATS
from risk.lists.editions import difference

VENDORS = 5_000
F1, RECALL, INNOCENTS, CHINESE = 0.93, 0.975, 0.016, 8
ONE_MS, HUNDRED_SECONDS, DELTA_SECONDS = 5.0, 0.4, 0.3


def run(options: Options, folder: Path) -> Iterator[Figure]:
    """The cases of the reference, then times: one name, a hundred vendors, a real difference between two editions."""
    if not REFERENCE.is_dir():
        return
    told = in_fresh_process("bench.screening:quality").answer
    where = "cases.csv, 451 names"
    for work, value, target in (
        ("F1 at the threshold of review", told["f1"], {"at_least": F1}),
        ("recall", told["recall"], {}),
        ("recall without held-out aliases and Chinese", told["recall_without_hard"], {"at_least": RECALL}),
        ("precision", told["precision"], {}),
        ("innocent companies alerted", told["innocents_alerted"], {"at_most": INNOCENTS}),
    ):
        yield Figure(benchmark="screening", where=where, work=work, value=value, unit="share", **target)
    for work, key in (
        ("Chinese names found, of 14", "chinese"),
        ("… with the native names that OFAC itself gives", "chinese_with_native"),
    ):
        yield Figure(
            benchmark="screening", where=where, work=work, value=told[key], unit="names", at_least=CHINESE
        )
    yield from _times(options)
    for kind in options.on:
        with database(kind, folder) as environment:
            yield from _in_product(kind, environment)


def _in_product(kind: str, environment: Mapping[str, str]) -> Iterator[Figure]:
    """The same difference as the product takes it: vendors and hits in the database, a run on record."""
    named = "bench.screening_in_product"
    first = in_fresh_process(f"{named}:first_edition", environment=environment, vendors=VENDORS)
    delta = in_fresh_process(f"{named}:next_edition", environment=environment)
    changed = in_fresh_process(f"{named}:changed_vendors", environment=environment, vendors=100)
    told, many = delta.answer, f"{VENDORS:,} vendors on file"
    for work, value, target, beside in (
        (
            f"every vendor against the SDN list, {many}",
            first.answer["full"],
            None,
            {"peak_mb": first.peak_mb},
        ),
        (
            f"the delta on record, {many}, vendors at hand",
            told["warm"],
            DELTA_SECONDS,
            {"raised": told["raised"]},
        ),
        ("the same in a process that has just begun", told["cold"], None, {"peak_mb": delta.peak_mb}),
        ("100 changed vendors on record, lists at hand", changed.answer["warm"], HUNDRED_SECONDS, {}),
        (
            "the same in a process that has just begun",
            changed.answer["cold"],
            None,
            {"peak_mb": changed.peak_mb},
        ),
    ):
        yield Figure(
            benchmark="screening", where=kind, work=work, value=value, unit="s", at_most=target, beside=beside
        )


def _times(options: Options) -> Iterator[Figure]:
    runs = [in_fresh_process("bench.screening:times") for _ in range(options.times)]
    for work, key, unit, target in (
        ("one name against all, warm, median", "one", "ms", ONE_MS),
        ("100 vendors against all", "hundred", "s", HUNDRED_SECONDS),
        (f"a real delta of 70 rows against {VENDORS:,} vendors", "delta", "s", DELTA_SECONDS),
        ("all names made ready", "ready", "s", None),
    ):
        value = middle([each.answer[key] for each in runs])
        beside = {"names": runs[0].answer["names"], "peak_mb": max(each.peak_mb for each in runs)}
        yield Figure(benchmark="screening", work=work, value=value, unit=unit, at_most=target, beside=beside)


def quality() -> dict[str, Any]:
    """The cases, on the lists as published, and once more with OFAC's native names."""
    plain = measured(Screener(without_held_out(listed_organisations())))
    native = measured(Screener(without_held_out(listed_organisations(with_native_names=True))))
    return {
        "f1": round(plain.f1, 3),
        "recall": round(plain.recall, 3),
        "recall_without_hard": round(plain.recall_without_hard, 3),
        "precision": round(plain.precision, 3),
        "innocents_alerted": round(plain.innocents_alerted, 4),
        "chinese": plain.found["cjk_name"][0],
        "chinese_with_native": native.found["cjk_name"][0],
    }


def times() -> dict[str, Any]:
    """In a process of its own: names made ready once, then asked about."""
    entities = listed_organisations()
    ready, screener = _timed(lambda: Screener(entities))
    asked = [ScreenedParty(names=(case["query"],)) for case in cases()]
    hundred = asked[-100:]
    for party in asked[:50]:
        screener.screen(party)
    single = [_timed(lambda party=party: screener.screen(party))[0] for party in asked]
    all_hundred, _ = _timed(lambda: [screener.screen(party) for party in hundred])
    delta, _ = _timed(_delta_question(screener))
    return {
        "ready": ready,
        "one": middle([each * 1000 for each in single]),
        "hundred": all_hundred,
        "delta": delta,
        "names": sum(len(entity.names) for entity in screener.entities),
    }


def _delta_question(screener: Screener) -> Any:
    """The parties that came between 2022-04-15 and 2022-04-21, asked of vendors that are at hand."""
    added = april_difference().to_screen
    side = VendorSide(made_vendors(VENDORS), screener.rarity)
    return lambda: side.touched_by(added)


def april_difference() -> Any:
    """What the SDN list of 2022-04-21 says differently from that of 2022-04-15."""
    lists = []
    for day in (date(2022, 4, 15), date(2022, 4, 21)):
        with (REFERENCE / "lists" / f"sdn_{day}.csv").open("rb") as stream:
            lists.append(tuple(FORMATS["ofac_sdn"].read(stream, {})))
    return difference(*lists)


def made_vendors(count: int) -> list[ScreenedParty]:
    """Vendors of made-up names, every one another, and two real companies of the BitRiver group."""
    first = (
        "Nor",
        "Vel",
        "Quan",
        "Bryx",
        "Tor",
        "Mil",
        "Zen",
        "Kal",
        "Oph",
        "Dru",
        "Sor",
        "Wex",
        "Lum",
        "Pir",
        "Gav",
    )
    middle_part = (
        "ado",
        "ibe",
        "ento",
        "ula",
        "orix",
        "ame",
        "ilon",
        "uska",
        "ethi",
        "ondo",
        "arco",
        "ivex",
        "usto",
    )
    last = (
        "Mining Supply",
        "Electronics",
        "Hosting",
        "Power Systems",
        "Logistics",
        "Cooling",
        "Hardware",
        "Energy",
    )
    names = (f"{a}{b}{c.lower()} {d} LLC" for d in last for a in first for b in middle_part for c in first)
    made = [ScreenedParty(names=(name,)) for name, _ in zip(names, range(count - 2), strict=False)]
    return [*made, ScreenedParty(names=("BitRiver Rus LLC",)), ScreenedParty(names=("Bitriver AG",))]


def _timed(work: Any) -> tuple[float, Any]:
    began = time.perf_counter()
    answer = work()
    return round(time.perf_counter() - began, 5), answer
