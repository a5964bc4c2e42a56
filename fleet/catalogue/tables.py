"""Rows of a shipped CSV file, read cell by cell; what is wrong is told with file and line."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import NoReturn


class BadRow(ValueError):
    """A row that cannot be read; the text names file, line and column, and what would be right."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a file. `line` is the line of the file on which the row ends."""

    file: str
    line: int
    cells: dict[str, str]

    def text(self, column: str) -> str:
        """The cell without surrounding space; empty if there is nothing in it."""
        return self._cell(column).strip()

    def name(self, column: str) -> str:
        """A cell that must not be empty."""
        return self.text(column) or self.fail(column, "it is empty and must not be")

    def verbatim(self, column: str) -> str:
        """A cell that must not be empty, with the spaces that belong to it."""
        self.name(column)
        return self._cell(column)

    def one_of(self, column: str, allowed: tuple[str, ...]) -> str:
        """A cell that holds one of the allowed words."""
        found = self.text(column)
        return found if found in allowed else self.fail(column, f"write one of: {', '.join(allowed)}")

    def decimal(self, column: str) -> Decimal | None:
        """A number over 0, or None for an empty cell."""
        if not (text := self.text(column)):
            return None
        try:
            number = Decimal(text)
        except InvalidOperation:
            self.fail(column, "write a number such as 104 or 13.5")
        return number if number.is_finite() and number > 0 else self.fail(column, "write a number over 0")

    def whole(self, column: str) -> int | None:
        """A whole number over 0, or None for an empty cell."""
        number = self.decimal(column)
        if number is None or number == number.to_integral_value():
            return None if number is None else int(number)
        return self.fail(column, "write a whole number")

    def fail(self, column: str, why: str) -> NoReturn:
        """Refuse the row with a sentence."""
        raise BadRow(
            f"{self.file}, line {self.line}, column {column}: '{self.cells.get(column, '')}': {why}."
        )

    def _cell(self, column: str) -> str:
        if column not in self.cells:
            raise BadRow(f"{self.file}: there is no column '{column}'; the first line names the columns.")
        return self.cells[column]


def rows_of(path: Path) -> Iterator[Row]:
    """Every row of a CSV file in UTF-8 whose first line names the columns. Raises BadRow."""
    with path.open(encoding="utf-8", newline="") as stream:
        reader = csv.reader(stream, strict=True)
        columns = next(reader, [])
        for cells in reader:
            if len(cells) != len(columns):
                raise BadRow(
                    f"{path.name}, line {reader.line_num}: {len(cells)} cells where the first line names "
                    f"{len(columns)} columns."
                )
            yield Row(path.name, reader.line_num, dict(zip(columns, cells, strict=True)))
