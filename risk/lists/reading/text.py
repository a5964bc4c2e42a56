"""Bytes of a list into clean text and rows of one width; a cut or foreign file is one sentence."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import BinaryIO

from risk.lists.reading.format import ListUnreadable

OFAC_NULL = "-0-"
SUBSTITUTE = "\x1a"
_FOLDED = re.compile(r"[^\w]+")


def lines_of(stream: BinaryIO) -> Iterator[str]:
    """The lines of a UTF-8 file (a byte order mark is passed over). Raises ListUnreadable for other bytes."""
    stream.seek(0)
    for number, line in enumerate(stream, start=1):
        try:
            text = line.decode("utf-8")
        except UnicodeDecodeError:
            raise ListUnreadable(f"The file is not UTF-8 text: line {number} cannot be read.") from None
        yield text.removeprefix("\ufeff") if number == 1 else text


def rows_of(
    stream: BinaryIO, *, width: int, delimiter: str = ",", header: Sequence[str] | None = None
) -> Iterator[list[str]]:
    """The rows of a table with `width` columns, without its heading row, wherever that stands.

    One 0x1A byte after the last row (the end mark of OFAC's files) is no row. Raises ListUnreadable where
    the heading is another, a row has another width (a cut file, or another format), or a quote stays open.
    """
    rows = csv.reader(lines_of(stream), delimiter=delimiter, strict=True)
    expected = None if header is None else list(header)
    try:
        if expected and next(rows, None) != expected:
            raise ListUnreadable(
                f"The file does not begin with the heading row '{expected[0]}, {expected[1]}, …'."
            )
        for row in rows:
            if not row or row in ([SUBSTITUTE], expected):
                continue
            if len(row) != width:
                raise ListUnreadable(_cut(rows.line_num, len(row), width))
            yield row
    except csv.Error:
        raise ListUnreadable(
            f"The file is cut or damaged: line {rows.line_num} has an open quote, or a field of over "
            f"{csv.field_size_limit():,} characters."
        ) from None


def records_of(stream: BinaryIO, header: Sequence[str], *, delimiter: str = ",") -> Iterator[dict[str, str]]:
    """The rows under a heading row that is known beforehand, as column → text without outer spaces."""
    for row in rows_of(stream, width=len(header), delimiter=delimiter, header=header):
        yield {column: cell.strip() for column, cell in zip(header, row, strict=True)}


def without_null(cell: str) -> str:
    """A field of OFAC's legacy files: `-0- ` alone is nothing; inside a text (a tax number) it stays."""
    text = cell.strip()
    return "" if text == OFAC_NULL else text


def one_line(*parts: str) -> str:
    """The parts that say something, with commas between and single spaces."""
    return ", ".join(clean for part in parts if (clean := spaced(part)))


def spaced(text: str) -> str:
    """The text with single spaces and without outer spaces, commas and semicolons."""
    return " ".join(text.split()).strip(" ,;")


def folded(text: str) -> str:
    """The text for comparing keys over editions: letters and digits in one case."""
    return _FOLDED.sub(" ", text.casefold()).strip()


def several(text: str, separator: str = ";") -> tuple[str, ...]:
    """The parts of a field that holds several, without empty ones; a final "; and X" is X."""
    parts = (spaced(part) for part in text.split(separator))
    return tuple(without_and(part) for part in parts if part)


def without_and(part: str) -> str:
    """An alias of a list in prose: "A; B; and C" ends with C."""
    return part[4:].lstrip() if part.lower().startswith("and ") else part


def distinct(parts: Iterable[str]) -> tuple[str, ...]:
    """Each part once, in the order of the source."""
    return tuple(dict.fromkeys(parts))


def _cut(line: int, found: int, width: int) -> str:
    return f"The file is cut or of another format: line {line} has {found} columns instead of {width}."
