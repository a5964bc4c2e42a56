"""From a published edition to the last finding: how long, beside one statement that counts every rig."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench.databases import database
from bench.figures import Figure
from bench.options import Options
from bench.processes import in_fresh_process

ON = "2026-11-28"
FLEET = {"rigs": 1_000_000, "lots": 2_500, "operators": 50, "kinds": 2_000}
ONE_OPERATOR = FLEET | {"operators": 1}
MANY_LOTS = {"rigs": 400_000, "lots": 200_000, "operators": 50, "kinds": 2_000}
TEN_TIMES = FLEET | {"rigs": 10_000_000}


def run(options: Options, folder: Path) -> Iterator[Figure]:
    """A million rigs; with --heavy also ten million, and 200,000 lots."""
    for kind in options.on:
        yield from _published(kind, folder / "fleet", FLEET, options)
        yield from _pages(kind, folder / "one")
        if options.heavy:
            yield from _published(kind, folder / "ten", TEN_TIMES, options)
            yield _all_lots(kind, folder / "many")


def _published(kind: str, folder: Path, fleet: dict[str, int], options: Options) -> Iterator[Figure]:
    """An edition that touches every lot, and one that touches a tenth of them, each against the count of all rigs."""
    folder.mkdir(exist_ok=True)
    told: dict[str, Any] = {"benchmark": "rescoring", "where": kind}
    rigs = f"{fleet['rigs']:,} rigs"
    with database(kind, folder) as own:
        made = _asked("make_fleets", own, **fleet)
        _asked("assess_all", own, on=ON)
        counted = _asked("count_rigs", own)["seconds"]
        whole = _asked("publish", own, code="US-BENCH-ALL", origins=[], on=ON)
        part = _asked("publish", own, code="US-BENCH-MY", origins=["MY"], on=ON)
    beside = {"lots": whole["touched"], "count_of_rigs_s": counted, "make_s": made["seconds"]}
    small = fleet is FLEET
    yield Figure(
        work=f"publish, all lots, {rigs}",
        value=whole["seconds"],
        unit="s",
        at_most=3 if small else None,
        beside=beside,
        **told,
    )
    yield Figure(
        work=f"publish, all lots, {rigs}, against one count of the rigs",
        value=round(whole["seconds"] / counted, 2),
        unit="times",
        at_most=4 if small else None,
        **told,
    )
    yield Figure(
        work=f"publish, one origin of ten, {rigs}, against all",
        value=round(part["seconds"] / whole["seconds"], 2),
        unit="times",
        at_most=0.3,
        beside={"lots": part["touched"]},
        **told,
    )


def _pages(kind: str, folder: Path) -> Iterator[Figure]:
    """The front page and the exposed share by API of one operator who has the million rigs alone."""
    folder.mkdir(exist_ok=True)
    with database(kind, folder) as own:
        _asked("make_fleets", own, **ONE_OPERATOR)
        _asked("assess_all", own, on=ON)
        for address, limit in (("/", 0.1), ("/api/v1/exposure/", 0.06)):
            answer = _asked("page", own, address=address)
            work = f"{address} of one operator with {ONE_OPERATOR['rigs']:,} rigs, median"
            told: dict[str, Any] = {"benchmark": "rescoring", "where": kind, "unit": "s"}
            beside = {"after_a_change_s": answer["after_a_change"], "queries": answer["queries"]}
            yield Figure(work=work, value=answer["median"], at_most=limit, beside=beside, **told)


def _all_lots(kind: str, folder: Path) -> Figure:
    folder.mkdir(exist_ok=True)
    with database(kind, folder) as own:
        _asked("make_fleets", own, **MANY_LOTS)
        answer = _asked("assess_all", own, on=ON)
    work = f"assess {MANY_LOTS['lots']:,} lots of {MANY_LOTS['kinds']:,} kinds"
    return Figure(benchmark="rescoring", work=work, value=answer["seconds"], unit="s", where=kind, at_most=20)


def _asked(function: str, own: dict[str, str], **told: Any) -> Any:
    return in_fresh_process(f"bench.fleets:{function}", environment=own, **told).answer
