"""A fleet sheet into the fleet, beside the bare reading of the same file by python-calamine.

The clock runs from the call of import_fleet to its answer, without the assessment, which is another
benchmark's; starting Python and Django is not in it.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench import sheets
from bench.databases import database
from bench.figures import Figure, middle
from bench.options import Options
from bench.processes import Measured, in_fresh_process

HEAVY_ROWS = 500_000
JUDGED_ROWS = 100_000  # a smaller file pays mostly what does not depend on rows; the targets are not for it
PEAK_MB, HEAVY_PEAK_MB = 450, 1_400
# What is sent, the same file by another name or not, and the target as a multiple of the bare reading.
WORKS = (
    ("new fleet", "first", 6.0),
    ("same rows, other bytes", "again", 3.0),
    ("5 % changed", "changed", 3.5),
)


def run(options: Options, folder: Path) -> Iterator[Figure]:
    """The upload of `options.rows` rows; with `heavy` also of 500,000."""
    files = made_files(folder, options.rows)
    for kind in options.on:
        with database(kind, folder) as own:
            rounds = [_round(files, own, number) for number in range(options.times)]
            yield from _figures(rounds, kind, options.rows)
            yield _history(own, kind, options.rows)
            if options.heavy:
                yield from _heavy(folder, own, kind, middle([_seconds(each["first"]) for each in rounds]))


def made_files(folder: Path, rows: int) -> dict[str, Path]:
    """The sheet, the same rows in other bytes, and the sheet with every twentieth row changed."""
    return {
        "first": sheets.write(folder / f"first-{rows}.xlsx", sheets.rows(rows)),
        "again": sheets.write(folder / f"again-{rows}.xlsx", sheets.rows(rows), level=1),
        "changed": sheets.write(folder / f"changed-{rows}.xlsx", sheets.rows(rows, changed=True)),
    }


def _round(files: dict[str, Path], own: dict[str, str], number: int) -> dict[str, Measured]:
    """One operator: three uploads, each between two bare readings, then the last file once more."""
    done = {"bare": _read_bare(files["first"])}
    for name in ("first", "again", "changed"):
        done[name] = _uploaded(files[name], own, f"bench-{number}")
        done[f"bare after {name}"] = _read_bare(files["first"])
    done["same"] = _uploaded(files["changed"], own, f"bench-{number}")
    return done


def _read_bare(path: Path) -> Measured:
    return in_fresh_process("bench.bare:read_workbook", path=str(path))


def _uploaded(path: Path, own: dict[str, str], slug: str) -> Measured:
    return in_fresh_process("bench.in_product:import_fleet", environment=own, path=str(path), operator=slug)


def _figures(rounds: list[dict[str, Measured]], kind: str, rows: int) -> Iterator[Figure]:
    told: dict[str, Any] = {"where": kind, "benchmark": f"upload {rows:,} rows"}
    bare = [_seconds(done) for each in rounds for name, done in each.items() if name.startswith("bare")]
    yield Figure(
        work="bare reading", value=middle(bare), unit="s", beside={"from": min(bare), "to": max(bare)}, **told
    )
    before = "bare"
    for work, name, at_most in WORKS:
        yield Figure(
            work=work,
            value=middle([_ratio(each, name, before) for each in rounds]),
            unit="times bare",
            at_most=at_most if rows >= JUDGED_ROWS else None,
            beside={
                "seconds": middle([_seconds(each[name]) for each in rounds]),
                "processor_seconds": middle([each[name].answer["processor"] for each in rounds]),
                "stages": rounds[-1][name].answer["stages"],
            },
            **told,
        )
        before = f"bare after {name}"
    yield Figure(
        work="same bytes", value=middle([_seconds(each["same"]) for each in rounds]), unit="s", **told
    )
    peaks = [each[name].peak_mb for each in rounds for name in ("first", "again", "changed")]
    yield Figure(work="most memory", value=max(peaks), unit="MB", at_most=PEAK_MB, **told)


def _history(own: dict[str, str], kind: str, rows: int) -> Figure:
    """What the history costs where every row of the sheet changed its rig."""
    called = {"operator": "bench-0", "rows": rows}
    done = in_fresh_process("bench.in_product:write_history", environment=own, **called).answer
    return Figure(
        work="history of all rows, with its digest on the audit",
        value=round(done["with"], 3),
        unit="s",
        where=kind,
        benchmark=f"upload {rows:,} rows",
        beside={"without the digest": round(done["without"], 3)},
    )


def _ratio(done: dict[str, Measured], name: str, before: str) -> float:
    """The seconds of an upload over those of the bare readings before and after it, on average."""
    beside = (done[before], done[f"bare after {name}"])
    return _seconds(done[name]) * 2 / sum(map(_seconds, beside))


def _heavy(folder: Path, own: dict[str, str], kind: str, small_seconds: float) -> Iterator[Figure]:
    path = sheets.write(folder / f"heavy-{kind}.xlsx", sheets.rows(HEAVY_ROWS))
    done = _uploaded(path, own, "bench-heavy")
    told: dict[str, Any] = {"where": kind, "benchmark": f"upload {HEAVY_ROWS:,} rows"}
    beside = {"seconds": _seconds(done), "stages": done.answer["stages"]}
    ratio = round(_seconds(done) / small_seconds, 2)
    yield Figure(
        work="new fleet", value=ratio, unit="times the small one", at_most=6.0, beside=beside, **told
    )
    yield Figure(work="most memory", value=done.peak_mb, unit="MB", at_most=HEAVY_PEAK_MB, **told)
    path.unlink()


def _seconds(done: Measured) -> float:
    return float(done.answer["seconds"])
