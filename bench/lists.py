"""Whole government lists into a database without any: read, judged, compared and recorded."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench.databases import database
from bench.figures import Figure, middle
from bench.options import Options
from bench.processes import Measured, in_fresh_process
from bench.screening_cases import REFERENCE

SECONDS, PEAK_MB = 6.0, 300.0
COMPANIONS = {"alt": "alt_2025-12.csv", "add": "add_2025-12.csv", "comments": "sdn_comments_2025-12.csv"}
LISTS: dict[str, dict[str, Any]] = {
    "csl": {"file": "consolidated_2022-04.csv", "as_of": "2022-04-21", "companions": {}},
    "ofac_sdn": {"file": "sdn_2024-07-02.csv", "as_of": "2024-07-02", "companions": COMPANIONS},
}


def run(options: Options, folder: Path) -> Iterator[Figure]:
    """Each list in a process of its own, each round in a database of its own."""
    if not REFERENCE.is_dir():
        return
    for kind in options.on:
        rounds = [_round(kind, folder / f"{kind.lower()}-{number}") for number in range(options.times)]
        for form in LISTS:
            yield from _figures(form, kind, [each[form] for each in rounds])


def _round(kind: str, folder: Path) -> dict[str, Measured]:
    folder.mkdir()
    with database(kind, folder) as own:
        return {
            form: in_fresh_process(
                "bench.in_product:load_one_list", environment=own, form=form, **_told(told)
            )
            for form, told in LISTS.items()
        }


def _told(told: dict[str, Any]) -> dict[str, Any]:
    place = REFERENCE / "lists"
    companions = {part: str(place / name) for part, name in told["companions"].items()}
    return {**told, "file": str(place / told["file"]), "companions": companions}


def _figures(form: str, kind: str, rounds: list[Measured]) -> Iterator[Figure]:
    work, told = f"load_list {form}", {"benchmark": "lists", "where": kind}
    seconds = middle([each.answer["seconds"] for each in rounds])
    beside = {"parties": rounds[0].answer["parties"], "processor": rounds[0].answer["processor"]}
    yield Figure(work=work, value=seconds, unit="s", at_most=SECONDS, beside=beside, **told)
    peak = max(each.peak_mb for each in rounds)
    yield Figure(work=f"{work}, memory", value=peak, unit="MB", at_most=PEAK_MB, **told)
