"""Which sheet of the file, and which row of it holds the headings."""

from __future__ import annotations

from typing import Any

from config.pages.guide.question import Asking, Step
from fleet.sheets.peek import Why

UNSETTLED = (Why.UNKNOWN, Why.CONTENT)


def _shown(asking: Asking) -> dict[str, Any]:
    peek = asking.peek
    return {"peek": peek, "is_clear": is_clear(asking), "width": range(_width(asking))}


def _chosen(asking: Asking) -> dict[str, Any]:
    """Another sheet has other headings: what was chosen of those before is asked anew."""
    sheet, row = asking.chosen("sheet"), asking.chosen("heading_row")
    if sheet and sheet != asking.peek.sheet:
        return {"sheet": sheet, "heading_row": None, "mapping": None}
    if row and not row.isdecimal():
        raise ValueError(f"'{row}' is no row; give the number of the row with the headings.")
    is_guess = not row or int(row) == asking.peek.heading_row
    kept = asking.upload.choices.get("heading_row") if is_guess else int(row)
    return {"sheet": sheet or None, "heading_row": kept}


def is_clear(asking: Asking) -> bool:
    """Whether the file leaves nothing to ask: all columns known, all dates settled, nothing lacking."""
    peek = asking.peek
    unsettled = any(column.why in UNSETTLED or _is_ambiguous(asking, column) for column in peek.columns)
    return not (peek.lacks or peek.refusal or unsettled)


def _is_ambiguous(asking: Asking, column: Any) -> bool:
    return bool(column.ambiguous_days) and not asking.upload.choices.get("day_order")


def _width(asking: Asking) -> int:
    return max((len(cells) for _, cells in asking.peek.first_rows), default=0)


SHEET = Step(slug="sheet", shown=_shown, chosen=_chosen)
