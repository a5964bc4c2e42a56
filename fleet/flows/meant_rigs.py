"""Which rig on record each row means; where a board was swapped, a person is asked and nothing is guessed.

Tools report the serial number and the MAC address of the control board. When the board of a rig is swapped,
its row comes with identifiers that nobody knows; but one of them may still be the old one, or one that the
rig had before. If the model and the site agree as well and the rig has no other row in the sheet, it may be
the same rig, or another machine that came in its place: who sent the sheet knows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from fleet.flows.known_fleet import KnownFleet, OnRecord
from fleet.flows.sheet_models import SheetModels
from fleet.flows.upload_choices import Choices, Key, NewIdentifier
from fleet.sheets.cells.identities import identity_of
from fleet.sheets.reading import RowProblem, SheetReading

RIGS_NAMED = 5


@dataclass(kw_only=True)
class MeantRigs:
    """The rig on record that each row means, None where it is new; `asked` are the rows that wait for an answer."""

    befores: list[OnRecord | None]
    problems: list[RowProblem] = field(default_factory=list)
    warnings: list[RowProblem] = field(default_factory=list)

    @property
    def asked(self) -> set[int]:
        """The rows that wait for a person's answer."""
        return {problem.row for problem in self.problems}


def meant_rigs(reading: SheetReading, models: SheetModels, fleet: KnownFleet, choices: Choices) -> MeantRigs:
    """Find the rig of every row by the key, then look at those that a swap may explain."""
    serials, macs = reading.cells["serial_number"], reading.cells["mac_address"]
    by_serial = [fleet.by_serial.get(identity_of(serial)) if serial else None for serial in serials]
    by_mac = [fleet.by_mac.get(mac) if mac else None for mac in macs]
    first, second = (by_serial, by_mac) if choices.key is Key.SERIAL_NUMBER else (by_mac, by_serial)
    keys = serials if choices.key is Key.SERIAL_NUMBER else macs
    found = [one if key else other for key, one, other in zip(keys, first, second, strict=True)]
    meant = MeantRigs(befores=found)
    for place, mac in enumerate(macs if fleet.shared_macs else ()):
        is_key = choices.key is Key.MAC_ADDRESS or not serials[place]
        if is_key and mac in fleet.shared_macs:
            meant.problems.append(_not_told_apart(reading, place, fleet.shared_macs[mac]))
    if fleet.by_mac or fleet.by_former:
        _look_for_swaps(_Swaps(reading, models, fleet, choices), by_serial, by_mac, meant)
    return meant


def _not_told_apart(reading: SheetReading, place: int, rigs: Sequence[OnRecord]) -> RowProblem:
    """A MAC address that finds more than one rig finds none."""
    names = ", ".join(each.rig.name for each in rigs[:RIGS_NAMED])
    mac = reading.cells["mac_address"][place]
    sentence = f"{len(rigs)} rigs on record have this MAC address: {names}; give the serial number."
    heading = next(
        (told for told, column in reading.columns.items() if column == "mac_address"), "mac_address"
    )
    return RowProblem(reading.numbers[place], heading, "mac_address_of_several_rigs", mac, sentence)


def _look_for_swaps(
    swaps: _Swaps, by_serial: Sequence[OnRecord | None], by_mac: Sequence[OnRecord | None], meant: MeantRigs
) -> None:
    has_row = {each.rig_id for each in meant.befores if each}
    for place, before in enumerate(meant.befores):
        other = by_mac[place] or by_serial[place] or (None if before else swaps.former(place))
        if other is None or other is before:
            continue
        if before or other.rig_id in has_row or not swaps.agrees(place, other):
            meant.warnings.extend(swaps.borrowed(place, other))
            continue
        answer = swaps.answer(place)
        if answer is NewIdentifier.ASK:
            meant.problems.append(swaps.question(place, other))
        elif answer is NewIdentifier.SAME:
            meant.befores[place] = other
            has_row.add(other.rig_id)


class _Swaps:
    """What is asked, and said, of rows that share an identifier with a rig which they do not mean."""

    def __init__(
        self, reading: SheetReading, models: SheetModels, fleet: KnownFleet, choices: Choices
    ) -> None:
        self._cells, self._numbers, self._fleet, self._choices = (
            reading.cells,
            reading.numbers,
            fleet,
            choices,
        )
        self._models = models.of_each(fleet.model_id)
        self._answers = {identity_of(each): answer for each, answer in choices.answers.items()}
        self._headings = {column: heading for heading, column in reading.columns.items()}

    def former(self, place: int) -> OnRecord | None:
        """The rig that once had an identifier of the row."""
        return next(filter(None, map(self._fleet.by_former.get, self._identities(place))), None)

    def agrees(self, place: int, other: OnRecord) -> bool:
        """Whether the rest of the row says that it may be the other rig."""
        site = self._cells["site"][place]
        return self._models[place] == other.lot.model_id and (
            not site or self._fleet.site_name(site) == other.rig.site
        )

    def answer(self, place: int) -> str:
        """What was answered for this row, or for all."""
        answered = filter(None, map(self._answers.get, self._identities(place)))
        return next(answered, self._choices.identifiers)

    def question(self, place: int, other: OnRecord) -> RowProblem:
        """The question, as a problem of the row until it is answered."""
        column, value = self._shown(place)
        sentence = (
            f"'{value}' is not on record, but the row agrees with rig {other.rig.name} in model and site and shares "
            "an identifier with it. Say whether it is the same rig with another control board, or a new one."
        )
        return RowProblem(self._numbers[place], column, "identifier_changed", value, sentence)

    def borrowed(self, place: int, other: OnRecord) -> Iterator[RowProblem]:
        """A warning where the row's MAC address is on record for a rig that the row does not mean."""
        mac = self._cells["mac_address"][place]
        if mac and mac == other.rig.mac_address:
            column = self._headings.get("mac_address", "mac_address")
            sentence = f"'{mac}' is on record as the MAC address of rig {other.rig.name} too."
            yield RowProblem(self._numbers[place], column, "mac_address_of_another_rig", mac, sentence)

    def _identities(self, place: int) -> list[str]:
        told: list[Any] = [self._cells["serial_number"][place], self._cells["mac_address"][place]]
        return [identity_of(each) for each in told if each]

    def _shown(self, place: int) -> tuple[str, str]:
        serial, mac = self._cells["serial_number"][place], self._cells["mac_address"][place]
        column = "serial_number" if serial else "mac_address"
        return self._headings.get(column, column), serial or mac
