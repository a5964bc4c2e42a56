"""Which rig on record each row means; where a board was swapped, a person is asked and nothing is guessed.

Tools report the serial number and the MAC address of the control board. When the board of a rig is swapped,
its row comes with identifiers that nobody knows; but one of them may still be the old one, or one that the
rig had before. If the model and the site agree as well and the rig has no other row in the sheet, it may be
the same rig, or another machine that came in its place: who sent the sheet knows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from fleet.flows.known_fleet import KnownFleet, OnRecord
from fleet.flows.sheet_models import SheetModels
from fleet.flows.upload_choices import Choices, Key, NewIdentifier
from fleet.sheets.cells.identities import identity_of
from fleet.sheets.reading import RowProblem, SheetReading

NAMED = 5


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
    if fleet.by_mac or fleet.by_former:
        _look_for_swaps(_Swaps(reading, models, fleet, choices), by_serial, by_mac, meant)
    meant.problems += _of_several_rigs(reading, fleet, choices)
    meant.problems += _taken_serials(reading, by_serial, meant)
    meant.problems += _meant_twice(reading, meant)
    return meant


def rigs_named_beforehand(reading: SheetReading, fleet: KnownFleet, rigs: Sequence[OnRecord]) -> MeantRigs:
    """The rigs that the rows are about, one a row; an identifier that another rig bears cannot become theirs."""
    meant = MeantRigs(befores=list(rigs))
    for place, before in enumerate(rigs):
        serial, mac = reading.cells["serial_number"][place], reading.cells["mac_address"][place]
        owner = fleet.by_serial.get(identity_of(serial)) if serial else None
        if owner and owner.rig_id != before.rig_id:
            sentence = f"'{serial}' is on record for another rig, {owner.rig.name}; correct one of them."
            code = "serial_number_of_another_rig"
            meant.problems.append(_problem(reading, place, "serial_number", code, sentence))
        other = fleet.by_mac.get(mac) if mac and mac != before.rig.mac_address else None
        if other and other.rig_id != before.rig_id:
            meant.warnings.append(_mac_of_another(reading, place, other))
    return meant


def _mac_of_another(reading: SheetReading, place: int, other: OnRecord) -> RowProblem:
    mac = reading.cells["mac_address"][place]
    sentence = f"'{mac}' is on record as the MAC address of rig {other.rig.name} too."
    return _problem(reading, place, "mac_address", "mac_address_of_another_rig", sentence)


def _of_several_rigs(reading: SheetReading, fleet: KnownFleet, choices: Choices) -> Iterator[RowProblem]:
    """A MAC address that finds more than one rig finds none."""
    serials, macs = reading.cells["serial_number"], reading.cells["mac_address"]
    for place, mac in enumerate(macs if fleet.shared_macs else ()):
        is_key = choices.key is Key.MAC_ADDRESS or not serials[place]
        if is_key and (rigs := fleet.shared_macs.get(mac)):
            names = ", ".join(each.rig.name for each in rigs[:NAMED])
            sentence = f"{len(rigs)} rigs on record have this MAC address: {names}; give the serial number."
            yield _problem(reading, place, "mac_address", "mac_address_of_several_rigs", sentence)


def _taken_serials(
    reading: SheetReading, by_serial: Sequence[OnRecord | None], meant: MeantRigs
) -> Iterator[RowProblem]:
    """A serial number that another rig has cannot be given to the one that the MAC address finds."""
    for place, (before, owner) in enumerate(zip(meant.befores, by_serial, strict=True)):
        if before and owner and before.rig_id != owner.rig_id:
            sentence = (
                f"The row means rig {before.rig.name} by its MAC address, but its serial number is on record for "
                "another rig; correct one of them, or let the serial number find the rig."
            )
            yield _problem(reading, place, "serial_number", "serial_number_of_another_rig", sentence)


def _meant_twice(reading: SheetReading, meant: MeantRigs) -> Iterator[RowProblem]:
    """Rows of which one names a rig by serial number and another the same by MAC address."""
    ids = [before.rig_id for before in meant.befores if before]
    if len(set(ids)) == len(ids):
        return
    rows: dict[int, list[int]] = {}
    for place, before in enumerate(meant.befores):
        if before:
            rows.setdefault(before.rig_id, []).append(place)
    for places in rows.values():
        for place in places if len(places) > 1 else ():
            others = ", ".join(str(reading.numbers[other]) for other in places[: NAMED + 1] if other != place)
            column = "serial_number" if reading.cells["serial_number"][place] else "mac_address"
            sentence = f"Row {others} means the same rig; each rig is to have one row."
            yield _problem(reading, place, column, "rig_twice", sentence)


def _problem(reading: SheetReading, place: int, column: str, code: str, sentence: str) -> RowProblem:
    headings = {name: heading for heading, name in reading.columns.items()}
    value = reading.cells[column][place] or ""
    return RowProblem(reading.numbers[place], headings.get(column, column), code, value, sentence)


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
        self._reading, self._fleet, self._choices = reading, fleet, choices
        self._models = models.of_each(fleet.model_id)
        self._answers = {identity_of(each): answer for each, answer in choices.answers.items()}

    def former(self, place: int) -> OnRecord | None:
        """The rig that once had an identifier of the row."""
        return next(filter(None, map(self._fleet.by_former.get, self._identities(place))), None)

    def agrees(self, place: int, other: OnRecord) -> bool:
        """Whether the rest of the row says that it may be the other rig."""
        site = self._reading.cells["site"][place]
        return self._models[place] == other.lot.model_id and (
            not site or self._fleet.site_name(site) == other.rig.site
        )

    def answer(self, place: int) -> str:
        """What was answered for this row, or for all."""
        answered = filter(None, map(self._answers.get, self._identities(place)))
        return next(answered, self._choices.identifiers)

    def question(self, place: int, other: OnRecord) -> RowProblem:
        """The question, as a problem of the row until it is answered."""
        column = "serial_number" if self._reading.cells["serial_number"][place] else "mac_address"
        sentence = (
            f"'{self._reading.cells[column][place]}' is not on record, but the row agrees with rig {other.rig.name} "
            "in model and site and shares an identifier with it. Say whether it is the same rig with another "
            "control board, or a new one."
        )
        return _problem(self._reading, place, column, "identifier_changed", sentence)

    def borrowed(self, place: int, other: OnRecord) -> Iterator[RowProblem]:
        """A warning where the row's MAC address is on record for a rig that the row does not mean."""
        mac = self._reading.cells["mac_address"][place]
        if mac and mac == other.rig.mac_address:
            yield _mac_of_another(self._reading, place, other)

    def _identities(self, place: int) -> list[str]:
        cells = self._reading.cells
        return [
            identity_of(each) for each in (cells["serial_number"][place], cells["mac_address"][place]) if each
        ]
