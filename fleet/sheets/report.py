"""The workbook that we hand back: the sender's own sheet, wrong cells marked, with a reason at the end of
each row.

It can be mended and sent again as it is: the columns stand where they stood, and the column of reasons is
ignored. A file that was sent again gets new reasons in place of the old.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from pathlib import Path
from typing import IO, Any

from openpyxl import Workbook
from openpyxl.styles import PatternFill
from openpyxl.utils import get_column_letter

from fleet.sheets.cells.raw import RawCell
from fleet.sheets.files.delimited import TextForm
from fleet.sheets.files.limits import DEFAULT_LIMITS, Limits
from fleet.sheets.files.sheet_rows import NumberedRow
from fleet.sheets.headings import folded, heading_text, is_secret
from fleet.sheets.reader import open_workbook
from fleet.sheets.reading import RowProblem, SheetReading
from fleet.sheets.written_cells import DOUBTFUL, WRONG, written_cell

REASON_HEADING = "What is wrong"
REASON_WIDTH = 80
LONGEST_TITLE = 31
WIDEST_COLUMN = 40


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
    with open_workbook(path, limits, TextForm(reading.encoding, reading.delimiter)) as book:
        tabs = book.tabs()
        name = next((tab.name for tab in tabs if tab.name == reading.sheet), tabs[0].name)
        table = _HandedBack(sheet, reading, marks, only_wrong=only_wrong)
        for cells in table.written(book.rows(name)):
            sheet.append(cells)
        sheet.auto_filter.ref = table.filtered
    workbook.save(target)


class _Marks:
    """What is to be marked: by row, the sentences, and the fill of the cells under each heading."""

    def __init__(self, problems: Iterable[RowProblem], warnings: Iterable[RowProblem]) -> None:
        self.reasons: dict[int, list[str]] = defaultdict(list)
        self.fills: dict[int, dict[str, PatternFill]] = defaultdict(dict)
        self.wrong_rows: set[int] = set()
        for fill, found in ((DOUBTFUL, warnings), (WRONG, problems)):
            for problem in found:
                where = f"{problem.column}: " if problem.column else ""
                self.reasons[problem.row].append(f"{where}{problem.sentence}")
                self.fills[problem.row][problem.column] = fill
                if fill is WRONG:
                    self.wrong_rows.add(problem.row)


class _HandedBack:
    """The sheet as it is written: every row where it stood, without gaps where right rows are left out."""

    def __init__(self, sheet: Any, reading: SheetReading, marks: _Marks, *, only_wrong: bool) -> None:
        self._sheet, self._marks, self._only_wrong = sheet, marks, only_wrong
        self._heading_row = self._last = reading.heading_row
        self._headings: list[str] = []
        self._secret: set[int] = set()
        self._old_reason: int | None = None

    @property
    def filtered(self) -> str:
        """The range that the filter goes over: the headings and all rows below them."""
        last_column = get_column_letter(len(self._headings) + 1)
        return f"A{self._heading_row}:{last_column}{max(self._last, self._heading_row)}"

    def written(self, rows: Iterable[NumberedRow]) -> Iterator[list[Any]]:
        """The rows to append, each a list of cells."""
        rows = iter(rows)
        above: list[NumberedRow] = []
        while (row := next(rows))[0] < self._heading_row:
            above.append(row)
        self._read_headings(row[1])
        self._prepare()
        yield from self._above(above)
        yield self._heading_cells(row[1])
        yield from self._data_rows(rows)

    def _read_headings(self, cells: list[RawCell]) -> None:
        self._headings = [heading_text(cell) for cell in cells]
        reason = folded(REASON_HEADING)
        places = [place for place, heading in enumerate(self._headings) if folded(heading) == reason]
        if places and places[-1] == len(self._headings) - 1:
            self._old_reason = places[-1]
            self._headings.pop()
        self._secret = {
            place for place, heading in enumerate(self._headings) if heading and is_secret(heading)
        }

    def _prepare(self) -> None:
        """What must be said before the first row: what stays in sight, and how wide the columns are."""
        self._sheet.freeze_panes = f"A{self._heading_row + 1}"
        widths = [min(max(12, len(heading) + 4), WIDEST_COLUMN) for heading in self._headings]
        for number, width in enumerate([*widths, REASON_WIDTH], start=1):
            self._sheet.column_dimensions[get_column_letter(number)].width = width

    def _above(self, rows: Iterable[NumberedRow]) -> Iterator[list[Any]]:
        """The rows over the headings as they came, blank ones among them."""
        last = 0
        for number, cells in rows:
            yield from ([] for _ in range(number - last - 1))
            yield [written_cell(self._sheet, cell) for cell in cells]
            last = number
        yield from ([] for _ in range(self._heading_row - last - 1))

    def _heading_cells(self, cells: list[RawCell]) -> list[Any]:
        reasons = "\n".join([REASON_HEADING, *self._marks.reasons[self._heading_row]])
        kept = chain(islice(cells, len(self._headings)), [reasons])
        return [written_cell(self._sheet, cell, bold=True) for cell in kept]

    def _data_rows(self, rows: Iterator[NumberedRow]) -> Iterator[list[Any]]:
        for number, cells in rows:
            if self._only_wrong and number not in self._marks.wrong_rows:
                continue
            if not self._only_wrong:
                yield from ([] for _ in range(number - self._last - 1))
            self._last = self._last + 1 if self._only_wrong else number
            yield self._data_cells(number, cells)

    def _data_cells(self, number: int, cells: list[RawCell]) -> list[Any]:
        """The cells of a row, with the reason under its own heading; what stands further right follows it."""
        if self._old_reason is not None and len(cells) > self._old_reason:
            del cells[self._old_reason]
        cells.extend([""] * (len(self._headings) - len(cells)))
        for place in self._secret:
            cells[place] = ""
        written = [written_cell(self._sheet, cell) for cell in cells]
        fills = self._marks.fills.get(number, {})
        for place, heading in enumerate(self._headings):
            if heading in fills:
                written[place] = written_cell(self._sheet, cells[place], fill=fills[heading])
        reason = written_cell(self._sheet, "\n".join(self._marks.reasons.get(number, [])))
        return [*written[: len(self._headings)], reason, *written[len(self._headings) :]]
