"""Rows of a shipped CSV file, read cell by cell; what is wrong is told with file and line."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import NoReturn

from risk.engine.terms.countries import CountryCode
from vendors.catalogue.periods import Period


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
        if column not in self.cells:
            raise BadRow(f"{self.file}: there is no column '{column}'; the first line names the columns.")
        return self.cells[column].strip()

    def name(self, column: str) -> str:
        """A cell that must not be empty."""
        return self.text(column) or self.fail(column, "it is empty and must not be")

    def one_of(self, column: str, allowed: tuple[str, ...]) -> str:
        """A cell that holds one of the allowed words."""
        found = self.text(column)
        return found if found in allowed else self.fail(column, f"write one of: {', '.join(allowed)}")

    def country(self, column: str) -> CountryCode | None:
        """An ISO 3166-1 code, or None for an empty cell."""
        try:
            return CountryCode(text) if (text := self.text(column)) else None
        except ValueError:
            self.fail(column, "write an ISO 3166-1 country code such as CN or MY")

    def period(self, column: str) -> Period | None:
        """A year, a month or a day, or None for an empty cell."""
        try:
            return Period.parse(text) if (text := self.text(column)) else None
        except ValueError:
            self.fail(column, "write a year, a month or a day: 2024, 2024-12 or 2024-12-09")

    def day(self, column: str) -> date | None:
        """An ISO day, or None for an empty cell."""
        try:
            return date.fromisoformat(text) if (text := self.text(column)) else None
        except ValueError:
            self.fail(column, "write a day such as 2025-05-15")

    def percents(self, column: str) -> tuple[Decimal, Decimal] | tuple[None, None]:
        """A share over 0 and up to 100, alone or from low to high (30-50); twice None for an empty cell."""
        if not (text := self.text(column)):
            return None, None
        low, dash, high = text.partition("-")
        try:
            shares = Decimal(low), Decimal(high if dash else low)
        except InvalidOperation:
            self.fail(column, "write a number such as 64.9, or a range such as 30-50")
        if not 0 < shares[0] <= shares[1] <= 100:
            self.fail(column, "write a share over 0 and up to 100, the lower bound first")
        return shares

    def fail(self, column: str, why: str) -> NoReturn:
        """Refuse the row with a sentence."""
        raise BadRow(
            f"{self.file}, line {self.line}, column {column}: '{self.cells.get(column, '')}': {why}."
        )


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
