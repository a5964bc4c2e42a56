"""What a person chooses with an upload, read from JSON once and refused where it is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.core.exceptions import ValidationError


class Mode(StrEnum):
    """Whether a sheet may add rigs, change rigs, or both."""

    BOTH = "both"
    CREATE = "create"
    UPDATE = "update"


class EmptyCell(StrEnum):
    """What an empty cell of a column that the sheet has means for a rig on record."""

    KEEP = "keep"
    CLEAR = "clear"


class MissingRigs(StrEnum):
    """What happens to rigs of the fleet that the sheet does not have."""

    LEAVE = "leave"
    FLAG = "flag"
    RETIRE = "retire"


class Key(StrEnum):
    """By which identifier a row finds its rig first; the other one finds it where a row lacks this one."""

    SERIAL_NUMBER = "serial_number"
    MAC_ADDRESS = "mac_address"


class NewIdentifier(StrEnum):
    """What a row is that seems to be a rig on record under a new serial number or MAC address: a control board
    was swapped, or the machine was replaced.
    """

    ASK = "ask"
    SAME = "same"
    NEW = "new"


class FixedValue(StrEnum):
    """What happens to a value that a person corrected and that the sheet gives otherwise."""

    KEEP = "keep"
    OVERWRITE = "overwrite"


# What belongs to the headings of a sheet, and is the same for the next one with these headings.
READ_BY_HEADINGS = ("mapping", "day_order", "decimal_mark", "values", "encoding", "delimiter")
WORDS: dict[str, type[StrEnum]] = {
    "mode": Mode,
    "empty": EmptyCell,
    "missing": MissingRigs,
    "key": Key,
    "identifiers": NewIdentifier,
    "fixed": FixedValue,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """Sheet and headings (`mapping`: heading to column, None: ignored), values for rows that lack them
    (`constants`), how text days and decimals are meant, how a text file is read (`encoding`, `delimiter`),
    corrections of values by column (`values`), and what to do. `identifiers` holds for all rows that seem to be
    rigs under a new identifier, `answers` says it for one: the new identifier, and "same" or "new".
    """

    sheet: str | None = None
    heading_row: int | None = None
    mapping: Mapping[str, str | None] | None = None
    constants: Mapping[str, str] = field(default_factory=dict)
    day_order: str | None = None
    decimal_mark: str | None = None
    encoding: str | None = None
    delimiter: str | None = None
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    mode: Mode = Mode.BOTH
    empty: EmptyCell = EmptyCell.KEEP
    missing: MissingRigs = MissingRigs.LEAVE
    key: Key = Key.SERIAL_NUMBER
    identifiers: NewIdentifier = NewIdentifier.ASK
    answers: Mapping[str, str] = field(default_factory=dict)
    fixed: FixedValue = FixedValue.KEEP
    dry_run: bool = False
    accept_partial: bool = False

    @property
    def of_reading(self) -> dict[str, Any]:
        """What fleet.sheets.rows.read takes of them. Models are corrected beside the catalogue, not in the sheet."""
        words = {column: meant for column, meant in self.values.items() if column not in ("model", "maker")}
        return {
            "sheet": self.sheet,
            "heading_row": self.heading_row,
            "mapping": self.mapping,
            "constants": self.constants,
            "day_order": self.day_order,
            "decimal_mark": self.decimal_mark,
            "values": words,
            "encoding": self.encoding,
            "delimiter": self.delimiter,
        }

    @classmethod
    def read(cls, given: Mapping[str, Any]) -> Choices:
        """From what is kept with an upload. Raises ValidationError for a name or a word that is none."""
        unknown = set(given) - set(cls.__slots__)
        if unknown:
            raise ValidationError(f"An upload has no choice '{sorted(unknown)[0]}'.", code="choice_unknown")
        told = {name: value for name, value in given.items() if value is not None}
        for name, words in WORDS.items():
            if name in told:
                told[name] = _word(words, name, told[name])
        answers = told.get("answers", {}).items()
        told["answers"] = {each: _word(NewIdentifier, "answer", word) for each, word in answers}
        return cls(**told)


def _word(words: type[StrEnum], name: str, text: str) -> StrEnum:
    try:
        return words(text)
    except ValueError:
        allowed = ", ".join(words)
        raise ValidationError(
            f"'{text}' is no {name}; choose one of: {allowed}.", code=f"{name}_unknown"
        ) from None
