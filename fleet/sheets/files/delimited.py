"""Text files with delimiters (.csv, .tsv), streamed; every cell is text."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TextIO

from fleet.sheets.files.blocks import Block, blocks_of
from fleet.sheets.files.encodings import encoding_of, proved
from fleet.sheets.files.kinds import LOOKED_AT, refuse_markup
from fleet.sheets.files.limits import Limits
from fleet.sheets.files.sheet_rows import FilledRows, NumberedRow, Oddities, SheetTab
from fleet.sheets.wrecks import UnreadableSheet

_SAMPLE = 65_536
_CHUNK = 1 << 20
DELIMITERS = (",", ";", "\t", "|")


@dataclass(frozen=True, slots=True)
class TextForm:
    """How a text file is to be read, where a person says so: the Python name of its encoding, its delimiter."""

    encoding: str | None = None
    delimiter: str | None = None


GUESSED = TextForm()


class DelimitedFile:
    """A text file read as a workbook of one sheet; `encoding` and `delimiter` are guesses, to be shown to
    people, where `form` does not say them.

    Every method raises UnreadableSheet.
    """

    def __init__(self, path: Path, limits: Limits, form: TextForm = GUESSED) -> None:
        self.oddities = Oddities()
        self._path = path
        self._limits = limits
        _refuse_endless_lines(path, limits)
        self.encoding: str | None = proved(path, form.encoding) if form.encoding else encoding_of(path)
        with self._opened() as stream:
            sample = stream.read(_SAMPLE)
        refuse_markup(sample[:LOOKED_AT])
        self.delimiter: str | None = form.delimiter or _delimiter_of(sample)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Nothing stays open between readings."""

    def tabs(self) -> tuple[SheetTab, ...]:
        """One sheet without a name."""
        return (SheetTab(""),)

    def rows(self, sheet: str, at_most: int | None = None) -> Iterator[NumberedRow]:
        """The filled rows, of the first `at_most` where that is given; a row is a record, however many lines
        it has.
        """
        with self._opened() as stream:
            records: Any = csv.reader(
                stream, delimiter=self.delimiter or ",", skipinitialspace=True, strict=True
            )
            rows = FilledRows(records, self._limits, at_most)
            try:
                yield from rows
            except csv.Error as error:
                raise _broken_off(records.line_num, str(error)) from None
            self.oddities.left_out_from = rows.left_out_from

    def blocks(self, sheet: str, places: Sequence[int], *, below: int, width: int) -> Iterator[Block]:
        """The cells at these places in the rows below row `below`; rows of over `width` cells are noted."""
        self.oddities = Oddities()
        return blocks_of(self._noting_overlong(sheet, below, width), places, below=below)

    def _noting_overlong(self, sheet: str, below: int, width: int) -> Iterator[NumberedRow]:
        for number, cells in self.rows(sheet):
            if len(cells) > width and number > below:
                self.oddities.overlong.append((number, len(cells)))
            yield number, cells

    def row_count(self, sheet: str) -> int:
        """How many rows are filled."""
        return sum(1 for _ in self.rows(sheet))

    def _opened(self) -> TextIO:
        return self._path.open(encoding=self.encoding, newline="")


def _refuse_endless_lines(path: Path, limits: Limits) -> None:
    """Before anything reads line by line: one line of 100 MB would take ten times as much memory."""
    since_end = 0
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            ends = max(chunk.rfind(b"\n"), chunk.rfind(b"\r"))
            since_end = since_end + len(chunk) if ends < 0 else len(chunk) - ends
            if since_end > limits.line_bytes:
                raise UnreadableSheet(
                    "line_too_long",
                    f"The file has a line of over {limits.line_bytes // 10**6} MB, which no sheet has: its line ends "
                    "were lost, or it is no table.",
                )


def _delimiter_of(sample: str) -> str:
    """The delimiter that cuts most rows into equally many cells; Excel's own hint ('sep=;') comes first."""
    hint = sample[:5].casefold()
    if hint.startswith("sep=") and hint[4:] in DELIMITERS:
        return hint[4:]
    return max(DELIMITERS, key=lambda delimiter: _evenness(sample, delimiter))


def _evenness(sample: str, delimiter: str) -> tuple[int, int]:
    """How many rows have the commonest width over one, and that width."""
    rows = csv.reader(StringIO(sample, newline=""), delimiter=delimiter, skipinitialspace=True)
    widths = Counter(len(row) for row in rows if len(row) > 1)
    return max(((count, width) for width, count in widths.items()), default=(0, 0))


def _broken_off(line: int, reason: str) -> UnreadableSheet:
    if "field larger" in reason:
        return UnreadableSheet(
            "cell_too_long",
            f"Line {line} has a cell of over {csv.field_size_limit():,} characters: a quotation mark may be missing "
            "before it, or the file is no table.",
        )
    if "unexpected end" in reason:
        return UnreadableSheet(
            "cut_short",
            f"The file ends inside a quoted cell (line {line}): it was cut short, or a closing quotation "
            "mark is missing.",
        )
    return UnreadableSheet(
        "quotes_unreadable",
        f"Line {line}: text follows a closing quotation mark; one that belongs to the cell is to be doubled.",
    )
