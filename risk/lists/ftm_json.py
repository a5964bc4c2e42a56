"""FollowTheMoney entities, one JSON object a line (`entities.ftm.json`), and deltas of ADD, MOD and DEL lines."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO

from risk.engine.listed import Identifier, Link, ListedAddress, ListedEntity, ListedName, NameKind, PartyKind
from risk.lists.reading.citations import read_citations
from risk.lists.reading.days import read_day
from risk.lists.reading.format import Companions, ListFormat, ListUnreadable
from risk.lists.reading.places import countries_of, last_country
from risk.lists.reading.text import lines_of, spaced

LIST_CODE = "FTM"
Record = Mapping[str, Any]
_KINDS = {
    "Person": PartyKind.PERSON,
    "Vessel": PartyKind.VESSEL,
    "Airplane": PartyKind.AIRCRAFT,
    "Company": PartyKind.ORGANISATION,
    "Organization": PartyKind.ORGANISATION,
    "PublicBody": PartyKind.ORGANISATION,
    "LegalEntity": PartyKind.UNKNOWN,
}
_NAMES = (
    ("name", NameKind.PRIMARY, False),
    ("alias", NameKind.ALSO_KNOWN_AS, False),
    ("previousName", NameKind.FORMERLY_KNOWN_AS, False),
    ("abbreviation", NameKind.ALSO_KNOWN_AS, True),
    ("weakAlias", NameKind.ALSO_KNOWN_AS, True),
)
_IDENTIFIERS = (
    "registrationNumber",
    "taxNumber",
    "vatCode",
    "innCode",
    "ogrnCode",
    "okpoCode",
    "leiCode",
    "dunsCode",
    "uscCode",
    "uniqueEntityId",
    "swiftBic",
    "imoNumber",
    "website",
    "cryptoWallets",
)
_CITATION = re.compile(r"\d+\s*F\.?\s?R\.?\s*\d+", re.I)


def read(stream: BinaryIO, companions: Companions | None = None) -> Iterator[ListedEntity]:
    """Every party of the file with its sanctions and owners, which are lines of their own.

    Of a delta, the added and changed parties. Raises ListUnreadable for a line that is no entity.
    """
    parties, sanctions, owners = _sorted_out(stream)
    for record in parties:
        yield _entity(record, sanctions[record["id"]], owners[record["id"]])


def deleted_in(stream: BinaryIO) -> tuple[str, ...]:
    """The numbers of the parties that a delta takes off, and nothing else says so."""
    return tuple(line["entity"]["id"] for line in _lines(stream) if line.get("op") == "DEL")


def _sorted_out(stream: BinaryIO) -> tuple[list[Record], dict[str, list[Record]], dict[str, list[Record]]]:
    parties: list[Record] = []
    sanctions: dict[str, list[Record]] = defaultdict(list)
    owners: dict[str, list[Record]] = defaultdict(list)
    for line in _lines(stream):
        if line.get("op") == "DEL":
            continue
        record = line.get("entity", line)
        if record["schema"] == "Sanction":
            for party in _values(record, "entity"):
                sanctions[party].append(record)
        elif record["schema"] == "Ownership":
            for party in _values(record, "asset"):
                owners[party].append(record)
        elif record["schema"] in _KINDS and record.get("target", True):
            parties.append(record)
    return parties, sanctions, owners


def _lines(stream: BinaryIO) -> Iterator[dict[str, Any]]:
    for number, line in enumerate(lines_of(stream), start=1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except (ValueError, RecursionError):
            record = None
        if not isinstance(record, dict) or not _is_entity(record.get("entity", record)):
            raise ListUnreadable(f"The file is cut or of another format: line {number} is no entity.")
        yield record


def _is_entity(told: Any) -> bool:
    """Whether it has the shape of an entity: texts for its number and schema, lists of what its properties are."""
    if not isinstance(told, dict) or not all(isinstance(told.get(key), str) for key in ("id", "schema")):
        return False
    properties, datasets = told.get("properties", {}), told.get("datasets", [])
    if not isinstance(properties, dict) or not isinstance(datasets, list):
        return False
    return all(isinstance(values, list) for values in properties.values()) and all(
        isinstance(name, str) for name in datasets
    )


def _values(record: Record, key: str) -> tuple[str, ...]:
    return tuple(str(value) for value in record.get("properties", {}).get(key, ()))


def _entity(record: Record, sanctions: list[Record], owners: list[Record]) -> ListedEntity:
    days = sorted(day for sanction in sanctions for day in _values(sanction, "startDate"))
    listed_on, complaints = read_day(days[0], of="start date") if days else (None, ())
    addresses = _values(record, "address")
    return ListedEntity(
        list_code=LIST_CODE,
        entity_id=record["id"],
        row_id=record["id"],
        names=_names(record),
        kind=_KINDS[record["schema"]],
        programs=tuple(dict.fromkeys(text for each in sanctions for text in _values(each, "program")))
        or tuple(record.get("datasets", ())),
        identifiers=tuple(Identifier(key, value) for key in _IDENTIFIERS for value in _values(record, key)),
        addresses=tuple(ListedAddress(spaced(text), last_country(text)) for text in addresses),
        nationalities=countries_of((*_values(record, "country"), *_values(record, "jurisdiction"))),
        remarks=" ".join(_values(record, "notes")),
        listed_on=listed_on,
        citations=tuple(dict.fromkeys(text for each in sanctions for text in _citations(each))),
        linked_to=tuple(
            Link(_relation(each), holder, holder) for each in owners for holder in _values(each, "owner")
        ),
        complaints=complaints,
    )


def _names(record: Record) -> tuple[ListedName, ...]:
    """The caption first: it is the name that the source itself shows."""
    found = [ListedName(spaced(str(record.get("caption") or record["id"])))]
    for key, kind, is_weak in _NAMES:
        also = NameKind.ALSO_KNOWN_AS if kind is NameKind.PRIMARY else kind
        found += [
            ListedName(spaced(text), also, is_weak)
            for text in _values(record, key)
            if spaced(text) != found[0].text
        ]
    return tuple(dict.fromkeys(found))


def _citations(sanction: Record) -> Iterator[str]:
    for key in ("authorityId", "recordId", "sourceUrl"):
        for text in _values(sanction, key):
            yield from (read_citations(text) if _CITATION.search(text) else ())


def _relation(ownership: Record) -> str:
    percentages = _values(ownership, "percentage")
    return f"owned {percentages[0]} % by" if percentages else "owned by"


FORMAT = ListFormat(name="ftm_json", title="FollowTheMoney entities", read=read, floors={LIST_CODE: 1})
