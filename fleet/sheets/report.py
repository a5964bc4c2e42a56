"""The workbook that we hand back: the sender's own sheet, wrong cells marked, with a reason at the end of
each row.

It can be mended and sent again as it is: the columns stand where they stood, and the column of reasons is
ignored.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import zip_longest
from pathlib import Path
from typing import IO, Any

from openpyxl import Workbook
from openpyxl.styles import PatternFill
from openpyxl.utils import get_column_letter

from fleet.sheets.cells.raw import RawCell
from fleet.sheets.files.limits import DEFAULT_LIMITS, Limits
from fleet.sheets.files.sheet_rows import NumberedRow
from fleet.sheets.headings import heading_text, is_secret
from fleet.sheets.reader import open_workbook
from fleet.sheets.reading import RowProblem, SheetReading
from fleet.sheets.written_cells import DOUBTFUL, WRONG, written_cell

REASON_HEADING = "What is wrong"
REASON_WIDTH = 80
LONGEST_TITLE = 31


def write_report(
    path: Path | str,
    reading: SheetReading,
    target: IO[bytes],
    *,
    further: Iterable[RowProblem] = (),
    only_wrong: bool = False,
    limits: Limits = DEFAULT_LIMITS,
) -> None:
    """Write the marked workbook of the file that `reading` came from; the file is read again.

    `further` are problems found after the reading, such as models that the catalogue does not know. With
    `only_wrong` the right rows are left out. Columns of pools and passwords are handed back empty.
    """
    marks = _Marks([*reading.problems, *further], reading.warnings)
    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet((reading.sheet or "Fleet")[:LONGEST_TITLE])
    with open_workbook(path, limits) as book:
        tabs = book.tabs()
        name = next((tab.name for tab in tabs if tab.name == reading.sheet), tabs[0].name)
        for cells in _written_rows(sheet, book.rows(name), reading, marks, only_wrong=only_wrong):
            sheet.append(cells)
    workbook.save(target)


class _Marks:
    """What is to be marked: by row, the sentences, and the fill of the cells under each heading."""

    def __init__(self, problems: Iterable[RowProblem], warnings: Iterable[RowProblem]) -> None:
        self.reasons: dict[int, list[str]] = defaultdict(list)
        self.fills: dict[tuple[int, str], PatternFill] = {}
        self.wrong_rows: set[int] = set()
        for fill, found in ((DOUBTFUL, warnings), (WRONG, problems)):
            for problem in found:
                self.reasons[problem.row].append(f"{problem.column}: {problem.sentence}")
                self.fills[problem.row, problem.column] = fill
        self.wrong_rows.update(row for (row, _), fill in self.fills.items() if fill is WRONG)


def _written_rows(
    sheet: Any, rows: Iterable[NumberedRow], reading: SheetReading, marks: _Marks, *, only_wrong: bool
) -> Iterator[list[Any]]:
    """Every row at the place where it stood, but without gaps where right rows are left out."""
    headings: list[str] = []
    last = 0
    for number, cells in rows:
        if only_wrong and number > reading.heading_row and number not in marks.wrong_rows:
            continue
        if not only_wrong or number <= reading.heading_row:
            yield from ([] for _ in range(number - last - 1))
        last = number
        if number == reading.heading_row:
            headings = [heading_text(cell) for cell in cells]
            yield _heading_row(sheet, cells, marks.reasons[number])
        else:
            yield _data_row(sheet, number, cells, headings, marks)


def _heading_row(sheet: Any, cells: list[RawCell], reasons: list[str]) -> list[Any]:
    sheet.column_dimensions[get_column_letter(len(cells) + 1)].width = REASON_WIDTH
    last = "\n".join([REASON_HEADING, *reasons])
    return [written_cell(sheet, cell, bold=True) for cell in (*cells, last)]


def _data_row(sheet: Any, number: int, cells: list[RawCell], headings: list[str], marks: _Marks) -> list[Any]:
    cells.extend([""] * (len(headings) - len(cells)))
    written = [
        written_cell(
            sheet, "" if heading and is_secret(heading) else cell, fill=marks.fills.get((number, heading))
        )
        for cell, heading in zip_longest(cells, headings, fillvalue="")
    ]
    return [*written, written_cell(sheet, "\n".join(marks.reasons.get(number, [])))]
