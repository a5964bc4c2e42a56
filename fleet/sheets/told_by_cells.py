"""Where headings leave a doubt the first cells decide: a condition is no status, and a lacking model is found."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from fleet.sheets.cells.raw import RawCell, is_blank, shown, width_folded
from fleet.sheets.cells.words import STATUS_WORDS
from fleet.sheets.columns import COLUMNS_BY_NAME
from fleet.sheets.files.sheet_rows import NumberedRow
from fleet.sheets.headings import HeadingMatch
from fleet.sheets.shapes import shape_of

OWN_HEADINGS = len(COLUMNS_BY_NAME["status"].headings)
GUESSED = 3_000  # the rank of a heading that says nothing, over cells that do


def cells_under(place: int, rows: Iterable[NumberedRow]) -> list[RawCell]:
    """The filled cells of a column in these rows."""
    return [cells[place] for _, cells in rows if place < len(cells) and not is_blank(cells[place])]


def is_no_status(match: HeadingMatch, cells: Sequence[RawCell]) -> bool:
    """Whether a heading that can mean a status, such as 'Состояние' or 'Estado', stands over something else:
    'used', 'Texas'. What is headed 'Status' is always one, so that a wrong word in it is complained of.
    """
    if match.column.name != "status" or match.rank <= OWN_HEADINGS or not cells:
        return False
    return all(width_folded(shown(cell)).casefold() not in STATUS_WORDS for cell in cells)


def place_that_looks_like(
    name: str, places: Iterable[int], cells: Callable[[int], list[RawCell]]
) -> int | None:
    """The one of these places whose cells have the shape of that column; None where none or several have."""
    alike = [place for place in places if (shape := shape_of(cells(place))) and shape.column == name]
    return alike[0] if len(alike) == 1 else None
