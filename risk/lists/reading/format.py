"""What a list format is: how its files are read, what they are called, and how few rows would be too few."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import BinaryIO

from risk.engine.listed import ListedEntity

Companions = Mapping[str, BinaryIO]
Read = Callable[[BinaryIO, Companions], Iterator[ListedEntity]]


class ListUnreadable(ValueError):
    """The file is not what it should be (empty, cut, another format), in one sentence for a person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListFormat:
    """A format by its name on the command line.

    `read(file, companions)` gives every party, or raises ListUnreadable as soon as the file is seen to be
    wrecked; until it has come to its end nothing is certain. `companions` names the other files of the format.
    `floors` says for each list code how few parties a whole edition has never had. `data_date` reads the day
    that the file itself says its data are of, where the format carries one. `is_own`: an organisation keeps the list
    itself, so it does not age, and to be clear of it is not to be clear of the governments' lists.
    """

    name: str
    title: str
    read: Read
    floors: Mapping[str, int] = field(default_factory=dict)
    companions: tuple[str, ...] = ()
    data_date: Callable[[BinaryIO], date | None] | None = None
    is_own: bool = False
