"""A list that an organisation keeps itself: a CSV with a heading row of names that it chooses from, any order."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from typing import BinaryIO

from risk.engine.listed import Identifier, ListedAddress, ListedEntity, ListedName, NameKind, PartyKind
from risk.lists.reading.citations import read_citations
from risk.lists.reading.days import read_day
from risk.lists.reading.format import Companions, ListFormat, ListUnreadable
from risk.lists.reading.numbers import MadeNumbers
from risk.lists.reading.places import country_of
from risk.lists.reading.text import lines_of, records_of, several, spaced

LIST_CODE = "OWN"
COLUMNS = (
    "id",
    "name",
    "aliases",
    "weak_aliases",
    "kind",
    "country",
    "address",
    "identifiers",
    "program",
    "listed_on",
    "ends_on",
    "citation",
    "remarks",
)
_KINDS = {kind.value: kind for kind in PartyKind}


def read(stream: BinaryIO, companions: Companions | None = None) -> Iterator[ListedEntity]:
    """Every row that has a name; several aliases or identifiers are divided by ';'.

    Only `name` must be there. Raises ListUnreadable for a heading that is none of COLUMNS: a column that nobody
    reads would be a fact lost without a word.
    """
    numbers = MadeNumbers()
    header = _header(stream)
    names = [_heading(column) for column in header]
    for record in records_of(stream, header):
        row = dict(zip(names, record.values(), strict=True))
        if spaced(row["name"]):
            yield _entity(row, numbers)


def _header(stream: BinaryIO) -> list[str]:
    try:
        header = next(csv.reader(lines_of(stream)), [])
    except csv.Error:
        raise ListUnreadable("The first row of the file is damaged: it breaks off in a line end.") from None
    names = [_heading(column) for column in header]
    unknown = [column for column, name in zip(header, names, strict=True) if name not in COLUMNS]
    if "name" not in names:
        raise ListUnreadable("The file has no column 'name' in its first row.")
    if unknown or len(set(names)) < len(names):
        wrong = unknown[0] if unknown else "twice the same"
        raise ListUnreadable(f"The column '{wrong}' is not known; there are {', '.join(COLUMNS)}.")
    return header


def _heading(written: str) -> str:
    return written.strip().casefold().replace(" ", "_")


def _entity(row: Mapping[str, str], numbers: MadeNumbers) -> ListedEntity:
    listed_on, start_complaints = read_day(row.get("listed_on", ""), of="listing date")
    ends_on, end_complaints = read_day(row.get("ends_on", ""), of="end date")
    country = country_of(row.get("country", ""))
    address = spaced(row.get("address", ""))
    return ListedEntity(
        list_code=LIST_CODE,
        entity_id=row.get("id", "") or numbers.made_of(row["name"], row.get("country", "")),
        row_id=row.get("id", ""),
        names=_names(row),
        kind=_KINDS.get(row.get("kind", "").casefold(), PartyKind.UNKNOWN),
        programs=several(row.get("program", "")),
        identifiers=tuple(_identifier(each) for each in several(row.get("identifiers", ""))),
        addresses=(ListedAddress(address, country),) if address else (),
        nationalities=(country,) if country else (),
        remarks=row.get("remarks", ""),
        listed_on=listed_on,
        ends_on=ends_on,
        citations=read_citations(row.get("citation", "")),
        complaints=(*start_complaints, *end_complaints, *_unknown_country(row, country)),
    )


def _names(row: Mapping[str, str]) -> tuple[ListedName, ...]:
    aliases = [ListedName(each, NameKind.ALSO_KNOWN_AS) for each in several(row.get("aliases", ""))]
    weak = [ListedName(each, NameKind.ALSO_KNOWN_AS, True) for each in several(row.get("weak_aliases", ""))]
    return tuple(dict.fromkeys((ListedName(spaced(row["name"])), *aliases, *weak)))


def _identifier(written: str) -> Identifier:
    """'Tax ID: 7702070139' or a bare number."""
    system, colon, value = written.partition(":")
    return Identifier(system.strip(), value.strip()) if colon else Identifier("identifier", written)


def _unknown_country(row: Mapping[str, str], country: object) -> Sequence[str]:
    written = row.get("country", "")
    return (f"The country '{written}' is not known.",) if written and country is None else ()


FORMAT = ListFormat(
    name="own_csv", title="A list of one's own (CSV)", read=read, floors={LIST_CODE: 1}, is_own=True
)
