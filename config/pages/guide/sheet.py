"""Which sheet of the file, and which row of it holds the headings."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError

from config.pages.guide.columns import UNSETTLED
from config.pages.guide.question import Asking, Step
from config.pages.guide.reading_rules import is_ambiguous
from fleet.sheets.peek import Peek


def _shown(asking: Asking) -> dict[str, Any]:
    peek = asking.peek
    return {"peek": peek, "is_clear": is_clear(asking), "width": range(_width(asking))}


def _chosen(asking: Asking) -> dict[str, Any]:
    """Another sheet has other headings: what was chosen of those before is asked anew."""
    several = len(asking.peek.sheets) > 1
    sheet, row = asking.chosen("sheet") if several else "", asking.chosen("heading_row")
    if sheet and sheet != asking.peek.sheet:
        return {"sheet": sheet, "heading_row": None, "mapping": None}
    if row and not (row.isdecimal() and int(row)):
        raise ValidationError(
            {"heading_row": f"'{row}' is no row; give the number of the row with the headings."}
        )
    is_guess = not row or int(row) == asking.peek.heading_row
    kept = asking.upload.choices.get("heading_row") if is_guess else int(row)
    choices = {"sheet": sheet or None, "heading_row": kept}
    asking.look_again(choices)  # a row without headings is refused here, not on the next page
    return choices


def is_clear(asking: Asking) -> bool:
    """Whether columns and dates leave nothing to ask; words and rigs are the check's."""
    peek = asking.peek
    return not (peek.lacks or peek.refusal or is_ambiguous(asking) or _is_unsettled(peek))


def _is_unsettled(peek: Peek) -> bool:
    return any(column.why in UNSETTLED for column in peek.columns)


def _width(asking: Asking) -> int:
    return max((len(cells) for _, cells in asking.peek.first_rows), default=0)


SHEET = Step(slug="sheet", shown=_shown, chosen=_chosen)
