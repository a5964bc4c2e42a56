"""Some columns of a sheet, a few thousand rows at a time, each distinct cell once: most cells repeat."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from itertools import count, islice
from typing import NamedTuple, TypeAlias

from fleet.sheets.cells.raw import RawCell
from fleet.sheets.files.sheet_rows import NumberedRow

ROWS_A_BLOCK = 4_000

Coded: TypeAlias = "tuple[list[RawCell], Sequence[int]]"
"""The distinct cells of a column, and for each row the place of its cell among them."""


class Block(NamedTuple):
    """The numbers of some rows, and their cells, coded, for each column that was asked for."""

    numbers: list[int]
    columns: list[Coded]


def blocks_of(rows: Iterable[NumberedRow], places: Sequence[int], *, below: int) -> Iterator[Block]:
    """The rows below row `below` that have any cell at these places, block by block.

    A row too short for a place has a blank cell there.
    """
    wanted = ((number, cells) for number, cells in rows if number > below)
    width = max(places, default=-1) + 1
    while batch := list(islice(wanted, ROWS_A_BLOCK)):
        for _, cells in batch:
            if len(cells) < width:
                cells.extend([""] * (width - len(cells)))
        across: list[tuple[RawCell, ...]] = list(zip(*(cells for _, cells in batch), strict=False))
        numbers, columns = _without_blank_rows([number for number, _ in batch], [across[at] for at in places])
        if numbers:
            yield Block(numbers, [coded(column) for column in columns])


def coded(cells: Sequence[RawCell]) -> Coded:
    """Each distinct cell once; to Python 1, 1.0 and True are equal, to a sheet they are not."""
    keys = key_of_each(cells)
    first = dict(zip(keys, cells, strict=True))
    if len(first) == len(cells):
        return list(cells), range(len(cells))
    place = dict(zip(first, count(), strict=False))
    return list(first.values()), list(map(place.__getitem__, keys))


def key_of_each(cells: Sequence[RawCell]) -> Sequence[Hashable]:
    """What tells cells apart."""
    if set(map(type, cells)) <= {str}:
        return cells
    return [cell if isinstance(cell, str) else (type(cell), cell) for cell in cells]


def _without_blank_rows(
    numbers: list[int], columns: list[tuple[RawCell, ...]]
) -> tuple[list[int], list[tuple[RawCell, ...]]]:
    if not all("" in column for column in columns):
        return numbers, columns
    kept = [row for row, cells in enumerate(zip(*columns, strict=True)) if cells.count("") < len(cells)]
    if len(kept) == len(numbers):
        return numbers, columns
    return [numbers[row] for row in kept], [tuple(column[row] for row in kept) for column in columns]
