"""OpenSanctions' `targets.simple.csv`: one row a target, lists joined by ';'. Its data are licensed CC BY-NC."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import BinaryIO

from risk.engine.listed import Identifier, ListedAddress, ListedEntity, ListedName, NameKind, PartyKind
from risk.lists.reading.days import read_day
from risk.lists.reading.format import Companions, ListFormat
from risk.lists.reading.places import countries_of, last_country
from risk.lists.reading.text import records_of, several, spaced

LIST_CODE = "OPENSANCTIONS"
HEADER = [
    "id",
    "schema",
    "name",
    "aliases",
    "birth_date",
    "countries",
    "addresses",
    "identifiers",
    "sanctions",
    "phones",
    "emails",
    "program_ids",
    "dataset",
    "first_seen",
    "last_seen",
    "last_change",
]
OLD_HEADER = [column for column in HEADER if column != "program_ids"]
_KINDS = {
    "person": PartyKind.PERSON,
    "vessel": PartyKind.VESSEL,
    "airplane": PartyKind.AIRCRAFT,
    "company": PartyKind.ORGANISATION,
    "organization": PartyKind.ORGANISATION,
    "publicbody": PartyKind.ORGANISATION,
    "legalentity": PartyKind.UNKNOWN,
}
_DAYS = re.compile(r"\d{4}-\d\d-\d\d")
_CITATION = re.compile(r"\d+ FR \d+")


def read(stream: BinaryIO, companions: Companions | None = None) -> Iterator[ListedEntity]:
    """Every target, in the order of the file. Raises ListUnreadable for a cut or foreign file."""
    for record in records_of(stream, _header(stream)):
        if spaced(record["name"]):
            yield _entity(record)


def _header(stream: BinaryIO) -> list[str]:
    """Editions before 2024 have no column program_ids."""
    stream.seek(0)
    return HEADER if b"program_ids" in stream.readline() else OLD_HEADER


def _entity(record: Mapping[str, str]) -> ListedEntity:
    name = spaced(record["name"])
    listed_on, complaints = _listing_day(record["sanctions"])
    aliases = (
        ListedName(each, NameKind.ALSO_KNOWN_AS) for each in several(record["aliases"]) if each != name
    )
    return ListedEntity(
        list_code=LIST_CODE,
        entity_id=record["id"],
        row_id=record["id"],
        names=tuple(dict.fromkeys((ListedName(name), *aliases))),
        kind=_KINDS.get(record["schema"].casefold(), PartyKind.UNKNOWN),
        programs=several(record.get("program_ids", "")) or several(record["dataset"]),
        identifiers=tuple(Identifier("identifier", each) for each in several(record["identifiers"])),
        addresses=tuple(ListedAddress(each, last_country(each)) for each in several(record["addresses"])),
        nationalities=countries_of(several(record["countries"])),
        remarks=record["sanctions"],
        listed_on=listed_on,
        citations=tuple(dict.fromkeys(_CITATION.findall(record["sanctions"]))),
        complaints=complaints,
    )


def _listing_day(sanctions: str) -> tuple[date | None, tuple[str, ...]]:
    """The earliest day of "program - reason - status - startDate - endDate; …"."""
    days = sorted(_DAYS.findall(sanctions))
    return read_day(days[0], of="start date") if days else (None, ())


FORMAT = ListFormat(
    name="opensanctions_simple", title="OpenSanctions simple CSV", read=read, floors={LIST_CODE: 1}
)
