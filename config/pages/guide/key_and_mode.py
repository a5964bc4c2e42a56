"""What finds a rig, and what the sheet may do to it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from config.pages.guide.question import Asking, Step
from fleet.flows.upload_choices import EmptyCell, FixedValue, Key, MissingRigs, Mode, NewIdentifier


class Choice(NamedTuple):
    """One question with its possible answers, each with what follows from it; the first is the default."""

    name: str
    title: str
    answers: Mapping[str, str]


CHOICES = (
    Choice(
        "mode",
        "What may this sheet do?",
        {
            Mode.BOTH: "add new rigs and change those on record",
            Mode.CREATE: "only add new rigs; rigs on record stay as they are",
            Mode.UPDATE: "only change rigs on record; a new one is a problem of its row",
        },
    ),
    Choice(
        "key",
        "What finds a rig on record?",
        {
            Key.SERIAL_NUMBER: "the serial number; the MAC address where a row has none",
            Key.MAC_ADDRESS: "the MAC address; the serial number where a row has none",
        },
    ),
    Choice(
        "identifiers",
        "A row seems to be a rig on record under a new serial number or MAC address",
        {
            NewIdentifier.ASK: "ask me, row by row",
            NewIdentifier.SAME: "it is the same rig; its control board was swapped",
            NewIdentifier.NEW: "it is a new rig in its place",
        },
    ),
    Choice(
        "empty",
        "An empty cell",
        {
            EmptyCell.KEEP: "keeps what is on record; write <clear> in a cell to clear it",
            EmptyCell.CLEAR: "clears what is on record, in the columns that the sheet has",
        },
    ),
    Choice(
        "fixed",
        "A value that somebody corrected in the console, and that the sheet gives otherwise",
        {FixedValue.KEEP: "stays, and is listed", FixedValue.OVERWRITE: "is overwritten by the sheet"},
    ),
    Choice(
        "missing",
        "Rigs on record that are not in this sheet",
        {
            MissingRigs.LEAVE: "stay as they are",
            MissingRigs.FLAG: "are flagged as missing; they still count",
            MissingRigs.RETIRE: "are retired; they leave the fleet, their customs entries stay open",
        },
    ),
)


def _shown(asking: Asking) -> dict[str, Any]:
    before = asking.upload.choices
    return {
        "questions": [
            (choice, asking.chosen(choice.name, before.get(choice.name) or next(iter(choice.answers))))
            for choice in CHOICES
        ]
    }


def _chosen(asking: Asking) -> dict[str, Any]:
    return {choice.name: asking.chosen(choice.name) or None for choice in CHOICES}


KEY_AND_MODE = Step(slug="mode", shown=_shown, chosen=_chosen)
