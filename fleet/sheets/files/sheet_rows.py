"""The rows of a sheet that say something, numbered as a person sees them, up to the limits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from fleet.sheets.cells.raw import RawCell
from fleet.sheets.files.limits import Limits
from fleet.sheets.wrecks import UnreadableSheet

NumberedRow: TypeAlias = tuple[int, list[RawCell]]

ROWS_NAMED = 5


@dataclass(frozen=True, slots=True)
class SheetTab:
    """One sheet of a workbook, by its name."""

    name: str
    is_hidden: bool = False


@dataclass(slots=True, kw_only=True)
class Oddities:
    """What is odd about a sheet and stays unseen in its cells; complete once its rows were read to the end.

    `left_out_from` is the first row beyond a gap at which reading stopped; `hidden_rows` counts the rows that
    are hidden or filtered away, `first_hidden` names some; `merged` are ranges like B3:B7; `overlong` are the
    rows of a text file, with their number of cells, that have more cells than there are headings.
    """

    left_out_from: int | None = None
    hidden_rows: int = 0
    first_hidden: list[int] = field(default_factory=list)
    merged: list[str] = field(default_factory=list)
    formulas: int = 0
    overlong: list[tuple[int, int]] = field(default_factory=list)


class FilledRows:
    """Rows without the blank ones and without blank cells at their ends.

    Reading stops at a gap of more than `limits.blank_rows`; `left_out_from` is then the first row beyond it.
    A sheet's stated size is never asked: only what it really holds counts.
    """

    def __init__(self, rows: Iterable[list[RawCell]], limits: Limits, at_most: int | None = None) -> None:
        self._rows = rows
        self._limits = limits
        self._at_most = at_most
        self.left_out_from: int | None = None

    def __iter__(self) -> Iterator[NumberedRow]:
        """Raises UnreadableSheet (`too_many_cells`, `too_many_rows`) as soon as the limit is passed."""
        last = cells = filled = 0
        for number, row in enumerate(self._rows, start=1):
            if self._at_most is not None and number > self._at_most:
                return
            if (not row or row[-1] == "") and not _filled(row):
                continue
            if number - last > self._limits.blank_rows + 1:
                self.left_out_from = number
                return
            last, cells, filled = number, cells + len(row), filled + 1
            if filled > self._limits.rows:
                raise _too_many_rows(self._limits)
            if cells > self._limits.cells or len(row) > self._limits.columns:
                raise _too_many_cells(self._limits)
            yield number, row


def _filled(row: list[RawCell]) -> bool:
    while row and row[-1] == "":
        row.pop()
    return bool(row)


def _too_many_rows(limits: Limits) -> UnreadableSheet:
    return UnreadableSheet(
        "too_many_rows", f"The sheet has more than {limits.rows:,} filled rows; send it in parts."
    )


def _too_many_cells(limits: Limits) -> UnreadableSheet:
    return UnreadableSheet(
        "too_many_cells",
        f"The sheet has more than {limits.cells:,} filled cells or {limits.columns:,} columns; send it in parts, "
        "or without needless columns.",
    )
