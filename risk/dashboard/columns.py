"""The columns that the lists of rigs and lots can show, in words; which of them, the address says."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from fleet.models import Rig
from risk.dashboard.lots import LotLine
from risk.dashboard.rig_facts import NONE, value_in_words
from risk.dashboard.words import hashrate, power


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading, what it says of a row, and whether that is a number."""

    heading: str
    tell: Callable[[Any], str]
    is_number: bool = False
    is_code: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """One cell of a list."""

    column: Column
    text: str


def chosen(columns: Mapping[str, Column], usual: Iterable[str], asked: Iterable[str]) -> list[str]:
    """The names that are asked for, in the list's own order; the usual ones where none is."""
    wanted = set(asked) & columns.keys() or set(usual)
    return [name for name in columns if name in wanted]


def told(columns: Mapping[str, Column], names: Iterable[str], row: Any) -> list[Told]:
    """A row in the words of some columns."""
    return [Told(columns[name], columns[name].tell(row) or NONE) for name in names]


def hashrate_of(rig: Rig) -> str:
    """The hashrate of the sheet, else of the bin, else of the model where its bins agree; as holdings count it."""
    ghs = _first_known(rig.hashrate_ghs, rig.bin and rig.bin.hashrate_ghs, rig.lot.model.hashrate_ghs)
    return NONE if ghs is None else hashrate(ghs * rig.quantity)


def _power_of(rig: Rig) -> str:
    watts = _first_known(rig.power_w, rig.bin and rig.bin.power_w, rig.lot.model.power_w)
    return NONE if watts is None else power(watts * rig.quantity)


def _worth(name: str) -> Callable[[Rig], str]:
    """An amount of one machine, for all of a record's, as hashrate and power are told."""

    def told_of(rig: Rig) -> str:
        cents = getattr(rig, name)
        return value_in_words(name, None if cents is None else cents * rig.quantity)

    return told_of


def _first_known(*figures: Any) -> int | None:
    return next((each for each in figures if each is not None), None)


def _fact(name: str) -> Callable[[Any], str]:
    """A fact of the rig's lot."""
    return lambda rig: value_in_words(name, getattr(rig.lot, name))


def _own_fact(name: str) -> Callable[[Any], str]:
    return lambda rig: value_in_words(name, getattr(rig, name))


RIG_COLUMNS: Mapping[str, Column] = {
    "mac_address": Column("MAC address", _own_fact("mac_address"), is_code=True),
    "model": Column("Model", lambda rig: f"{rig.lot.model.maker} {rig.lot.model}"),
    "site": Column("Site", _own_fact("site")),
    "place": Column("Place", lambda rig: ", ".join(filter(None, (rig.rack, rig.position)))),
    "status": Column("Status", _own_fact("status")),
    "quantity": Column("Rigs", lambda rig: f"{rig.quantity:,}", is_number=True),
    "hashrate": Column("Hashrate", hashrate_of, is_number=True),
    "power": Column("Power", _power_of, is_number=True),
    "customs_value": Column("Customs value", _worth("customs_value_cents"), is_number=True),
    "duty_paid": Column("Duty paid", _worth("duty_paid_cents"), is_number=True),
    "country_of_origin": Column("Origin", _fact("country_of_origin")),
    "country_of_assembly": Column("Assembled in", _fact("country_of_assembly")),
    "hashboard_origin": Column("Hashboards from", _fact("hashboard_origin")),
    "hts_code": Column("HTS code", _fact("hts_code"), is_code=True),
    "import_country": Column("Imported into", _fact("import_country")),
    "entry_date": Column("Entered", _fact("entry_date")),
    "expected_entry_date": Column("Expected", _fact("expected_entry_date")),
    "entry_number": Column("Entry number", _fact("entry_number"), is_code=True),
    "purchase_order": Column("Purchase order", _fact("purchase_order"), is_code=True),
    "transport_mode": Column("Transport", _fact("transport_mode")),
    "importer_of_record": Column("Importer of record", _fact("importer_of_record")),
    "usmca_claim": Column("USMCA claim", _fact("usmca_claim")),
    "came_with": Column("Came with", lambda rig: str(rig.receipt or rig.made_by or NONE)),
    "missing": Column("Last sheet", lambda rig: "missing" if rig.is_missing else "has it"),
    "notes": Column("Notes", _own_fact("notes")),
}
USUAL_OF_RIGS = (
    *("mac_address", "model", "country_of_origin", "site", "place", "status", "quantity"),
    *("hashrate", "customs_value"),
)


def _sites(line: LotLine) -> str:
    return ", ".join(line.sites)


def _told(name: str) -> Callable[[Any], str]:
    """A fact that the finding on a lot rests on."""
    return lambda line: value_in_words(name, line.facts.get(name))


def _hts_code(line: LotLine) -> str:
    return value_in_words("hts_code", (line.facts.get("hts_code") or {}).get("digits"))


LOT_COLUMNS: Mapping[str, Column] = {
    "model": Column("Model", lambda line: f"{line.maker} {line.model}"),
    "origin": Column("Origin", lambda line: line.origin),
    "assembly": Column("Assembled in", _told("country_of_assembly")),
    "customs": Column("Customs", lambda line: line.stage),
    "entry_number": Column("Entry number", _told("entry_number"), is_code=True),
    "purchase_order": Column("Purchase order", _told("purchase_order"), is_code=True),
    "hts_code": Column("HTS code", _hts_code, is_code=True),
    "importer_of_record": Column("Importer of record", _told("importer_of_record")),
    "transport_mode": Column("Transport", _told("transport_mode")),
    "site": Column("Site", _sites),
    "units": Column("Rigs", lambda line: line.units, is_number=True),
    "hashrate": Column("Hashrate", lambda line: line.hashrate, is_number=True),
    "power": Column("Power", lambda line: line.power, is_number=True),
    "value": Column("Customs value", lambda line: line.value, is_number=True),
    "rate": Column("Duty above base", lambda line: line.rate, is_number=True),
    "part": Column("Counted as", lambda line: line.part),
    "score": Column(
        "Score",
        lambda line: f"{line.score} {line.band}" if line.score else str(line.score or ""),
        is_number=True,
    ),
    "sanction": Column("Sanction level", lambda line: line.sanction),
    "missing": Column("Missing", lambda line: ", ".join(line.doubts)),
}
USUAL_OF_LOTS = (
    *("model", "origin", "customs", "site", "units", "hashrate", "rate", "part", "score", "missing"),
)
