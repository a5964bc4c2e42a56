"""Cells that hold text: serial numbers and other identifiers as written, and names."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

from fleet.sheets.cells.raw import (
    EXACT_BELOW,
    Noted,
    RawCell,
    Reader,
    WrongCell,
    is_number,
    plain_number,
    shown,
    trimmed,
    width_folded,
)

# Excel and its kin write a long number so; a serial number with an "E" among its digits has no sign after it.
_E_NOTATION = re.compile(r"[+-]?[0-9](?:[.,][0-9]+)?[eE][+-][0-9]+")
_GUARDED = re.compile(r"'(?=[=+\-@\t\r0-9])")  # an apostrophe that spreadsheet exports put before risky text
_GUARDED_FROM_THE_START = re.compile(r"'+[=+\-@\t\r0-9]")
_TEXT_FORMULA = re.compile(r'="([^"]*)"')  # how text that looks like a number is kept as text in .csv
_RISKY = frozenset("'=")

# Longer than any blank word and begun by a letter, so that it is neither one nor a number in e-notation.
PLAIN_IDENTIFIER = re.compile(r"[A-Za-z][A-Za-z0-9-]{7,39}")
PLAIN_MAC_ADDRESS = re.compile(r"(?!00:00:00:00:00:00|ff:ff:ff:ff:ff:ff)[0-9a-f]{2}(?::[0-9a-f]{2}){5}")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_MAC_ADDRESS = re.compile(r"[0-9a-f]{12}")
_MAC_MARKS = re.compile(r"[\s:.\-]")
_PAIRS = re.compile(r"(..)(?=.)")


def identifier(column: str, what: str, longest: int = 100) -> Reader:
    """A reader of text that must stay as written; `what` names it in sentences ('serial number').

    A number is read with a warning that shows the value; one in e-notation, or with more digits than a
    spreadsheet keeps, is refused: which digits are missing cannot be known.
    """

    def read(cell: RawCell) -> object:
        if is_number(cell):
            return _number_as_text(column, what, cell)
        text = _text(column, what, cell, longest)
        if _E_NOTATION.fullmatch(text):
            raise _digits_lost(column, what, text)
        if "\n" in text or "\r" in text:
            raise WrongCell(
                f"{column}_unreadable", f"The cell holds more than one line; write one {what} in a cell."
            )
        return text

    return read


def parsed_identifier(column: str, what: str, parse: Callable[[str], object]) -> Reader:
    """A reader of an identifier that has a form of its own; `parse` raises ValueError with a sentence."""
    as_written = identifier(column, what)

    def read(cell: RawCell) -> object:
        found = as_written(cell)
        if isinstance(found, Noted):
            return Noted(parse(width_folded(str(found.value))), found.code, found.sentence)
        return parse(width_folded(str(found)))

    return read


def mac_address(text: str) -> str:
    """'AABBCCDDEEFF', 'aa-bb-…', 'aabb.ccdd.eeff' are aa:bb:cc:dd:ee:ff; ValueError for what is none."""
    digits = "".join(_MAC_MARKS.split(text.casefold()))
    if not _MAC_ADDRESS.fullmatch(digits):
        raise ValueError(f"'{text}' is no MAC address; write 12 hexadecimal digits, like aa:bb:cc:dd:ee:ff.")
    if digits in ("0" * 12, "f" * 12):
        raise ValueError(f"'{text}' is no machine's address; leave the cell empty if it is not known.")
    return _PAIRS.sub(r"\1:", digits)


def name(column: str, what: str, longest: int = 200) -> Reader:
    """A reader of names: line breaks become spaces, a number is taken with its digits as shown."""

    def read(cell: RawCell) -> str:
        if is_number(cell):
            return plain_number(cell)
        return " ".join(_text(column, what, cell, longest).splitlines())

    return read


def prose(column: str, longest: int = 2_000) -> Reader:
    """A reader of free text: anything goes, but not without end. An apostrophe that an export put before text
    that a spreadsheet program would run is taken away, as everywhere.
    """

    def read(cell: RawCell) -> str:
        text = trimmed(cell) if isinstance(cell, str) else shown(cell)
        return _checked(column, text[1:] if _GUARDED_FROM_THE_START.match(text) else text, longest)

    return read


def _text(column: str, what: str, cell: RawCell, longest: int) -> str:
    if not isinstance(cell, str):
        raise _no_text(column, what, cell)
    text = trimmed(cell)
    is_guarded = 0
    if text[:1] in _RISKY:
        text, is_guarded = _GUARDED.subn("", _unwrapped(text), count=1)
    if text.startswith("=") and not is_guarded:
        raise WrongCell("formula_not_evaluated", f"'{shown(text)}' is a formula; write the {what} itself.")
    return _checked(column, text, longest)


def _no_text(column: str, what: str, cell: RawCell) -> WrongCell:
    if isinstance(cell, date):
        return WrongCell(
            f"{column}_is_a_date",
            f"The cell holds the date {cell}, which the program may have made of a {what}; format the column "
            "as text and write it again.",
        )
    return WrongCell(f"{column}_unreadable", f"'{shown(cell)}' is no {what}; write it as text.")


def _unwrapped(text: str) -> str:
    found = _TEXT_FORMULA.fullmatch(text)
    return found[1] if found else text


def _checked(column: str, text: str, longest: int) -> str:
    if len(text) > longest:
        raise WrongCell(
            f"{column}_too_long", f"The text has {len(text):,} characters; at most {longest:,} are kept."
        )
    if _CONTROL.search(text):
        raise WrongCell(f"{column}_unreadable", "The text holds control characters; write it again by hand.")
    return text


def _number_as_text(column: str, what: str, number: int | float) -> Noted:
    if not abs(number) < EXACT_BELOW:
        raise _digits_lost(column, what, plain_number(number))
    text = plain_number(number)
    return Noted(
        text,
        f"{column}_is_a_number",
        f"The cell is a number and was read as '{text}'; if the {what} begins with zeros, they are lost: "
        "format the column as text.",
    )


def _digits_lost(column: str, what: str, text: str) -> WrongCell:
    return WrongCell(
        f"{column}_in_e_notation",
        f"'{text}' is a number in e-notation, digits of the {what} are lost; format the column as text and "
        "write it again.",
    )
