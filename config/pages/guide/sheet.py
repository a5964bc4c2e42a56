"""Which sheet of the file, how its text is read, and which row of it holds the headings."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError

from config.pages.guide.columns import UNSETTLED
from config.pages.guide.question import Asking, Step
from config.pages.guide.reading_rules import is_ambiguous
from fleet.sheets.files.encodings import ENCODINGS
from fleet.sheets.peek import Peek
from fleet.sheets.wrecks import UnreadableSheet

DELIMITED_BY = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars (|)"}
OF_THE_TEXT = ("encoding", "delimiter")
OF_THE_TABLE = ("sheet", *OF_THE_TEXT)


def _shown(asking: Asking) -> dict[str, Any]:
    peek, choices = asking.peek, asking.upload.choices
    return {
        "peek": peek,
        "is_clear": is_clear(asking),
        "width": range(_width(asking)),
        "encodings": ENCODINGS,
        "encoding": asking.chosen("encoding", choices.get("encoding") or ""),
        "guessed": ENCODINGS.get((peek.encoding or "").removesuffix("-sig"), peek.encoding),
        "delimiters": DELIMITED_BY,
        "delimiter": asking.chosen("delimiter", choices.get("delimiter") or ""),
    }


def _chosen(asking: Asking) -> dict[str, Any]:
    """Another sheet, or the same read otherwise, has other headings: what was chosen of those before is asked
    anew.
    """
    if _differs(asking, OF_THE_TEXT):
        return _read_otherwise(asking)
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


def shows_other_table(asking: Asking) -> bool:
    """Whether the answer asks for another table than the one that the page showed."""
    return _differs(asking, OF_THE_TABLE)


def _differs(asking: Asking, names: Iterable[str]) -> bool:
    """Whether one of these is answered otherwise than the page showed it."""
    return any(asking.answer.get(name, "") != asking.answer.get(f"shown_{name}", "") for name in names)


def _read_otherwise(asking: Asking) -> dict[str, Any]:
    form = {name: asking.chosen(name) or None for name in OF_THE_TEXT}
    choices = {**form, "heading_row": None, "mapping": None}
    try:
        asking.look_again(choices)
    except UnreadableSheet as wreck:
        raise ValidationError({"encoding": wreck.sentence}) from None
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
