"""What is wrong with an upload, equal faults together: one line for 412 rows that say the same."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from django.db.models import Count

from fleet.flows.upload_report import KEPT_OF_A_KIND
from fleet.models import Upload, UploadProblem
from risk.dashboard.words import counted, whole

FAULTS_SHOWN = 12
ROWS_NAMED = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """The same thing wrong in some rows: where, what stands there, and what would be right."""

    column: str
    value: str
    sentence: str
    rows: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultGroup:
    """All faults of one code. `more` counts the different ones that are not shown."""

    code: str
    is_warning: bool
    rows: str
    faults: tuple[Fault, ...]
    more: int


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadReport:
    """Problems first, then what was noticed. `only` is the code that the address asks for."""

    problems: tuple[FaultGroup, ...]
    warnings: tuple[FaultGroup, ...]
    only: str
    in_short: str


def report_of(upload: Upload, only: str = "") -> UploadReport:
    """The faults of an upload by code, the most frequent first; with `only` all of one code."""
    kept = upload.problems.filter(code=only) if only else upload.problems.all()
    counts = dict(kept.values_list("code").annotate(count=Count("pk")))
    rows = sorted(kept, key=lambda each: (-counts[each.code], each.code, each.is_warning))
    groups = [
        _group(code, is_warning, list(some), limit=None if only else FAULTS_SHOWN)
        for (code, is_warning), some in groupby(rows, key=lambda each: (each.code, each.is_warning))
    ]
    return UploadReport(
        in_short=_in_short(upload, groups),
        problems=tuple(group for group in groups if not group.is_warning),
        warnings=tuple(group for group in groups if group.is_warning),
        only=only,
    )


def _in_short(upload: Upload, groups: Iterable[FaultGroup]) -> str:
    """ "18,240 right, 412 with the same fault, 9 others": whether one correction mends most of it."""
    same = max((fault.count for group in groups if not group.is_warning for fault in group.faults), default=0)
    right = f"{whole(upload.rows - upload.wrong)} right"
    if same < 2:
        return f"{right}, {whole(upload.wrong)} wrong"
    others = upload.wrong - same
    told = [right, f"{whole(same)} with the same fault", *([counted(others, "other")] if others > 0 else [])]
    return ", ".join(told)


def _group(code: str, is_warning: bool, rows: list[UploadProblem], limit: int | None) -> FaultGroup:
    faults = sorted(_faults(rows), key=lambda fault: -fault.count)
    at_least = "at least " if len(rows) >= KEPT_OF_A_KIND else ""
    return FaultGroup(
        code=code,
        is_warning=is_warning,
        rows=at_least + counted(len({row.row for row in rows}), "row"),
        faults=tuple(faults[:limit]),
        more=len(faults[limit:]) if limit else 0,
    )


def _faults(rows: Iterable[UploadProblem]) -> Iterator[Fault]:
    same: dict[tuple[str, str, str], list[int]] = {}
    for row in rows:
        same.setdefault((row.column, row.value, row.sentence), []).append(row.row)
    for (column, value, sentence), numbers in same.items():
        yield Fault(
            column=column, value=value, sentence=sentence, rows=rows_in_words(numbers), count=len(numbers)
        )


def rows_in_words(numbers: Iterable[int]) -> str:
    """Row numbers as spans: [3, 4, 5, 9] is "rows 3–5, 9"; a long list says how many others there are."""
    ordered = sorted(set(numbers))
    spans = list(_spans(ordered))
    told = ", ".join(str(first) if first == last else f"{first}–{last}" for first, last in spans[:ROWS_NAMED])
    others = sum(last - first + 1 for first, last in spans[ROWS_NAMED:])
    return f"{'row' if len(ordered) == 1 else 'rows'} {told}" + (
        f" and {whole(others)} others" if others else ""
    )


def _spans(ordered: list[int]) -> Iterator[tuple[int, int]]:
    """Runs of numbers that follow one another."""
    for _, run in groupby(enumerate(ordered), key=lambda pair: pair[1] - pair[0]):
        numbers = [number for _, number in run]
        yield numbers[0], numbers[-1]
