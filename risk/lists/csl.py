"""The Consolidated Screening List of trade.gov, CSV and JSON: thirteen lists of Treasury, Commerce and State."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, BinaryIO

from risk.engine.listed import Identifier, Link, ListedAddress, ListedEntity, ListedName, NameKind, PartyKind
from risk.engine.terms.countries import CountryCode
from risk.lists.reading.citations import read_citations
from risk.lists.reading.days import read_day
from risk.lists.reading.format import Companions, ListFormat, ListUnreadable
from risk.lists.reading.numbers import MadeNumbers
from risk.lists.reading.places import countries_of, country_of, last_country
from risk.lists.reading.remarks import read_remarks
from risk.lists.reading.text import one_line, records_of, several, spaced, without_and

HEADER = [
    "_id",
    "source",
    "entity_number",
    "type",
    "programs",
    "name",
    "title",
    "addresses",
    "federal_register_notice",
    "start_date",
    "end_date",
    "standard_order",
    "license_requirement",
    "license_policy",
    "call_sign",
    "vessel_type",
    "gross_tonnage",
    "gross_registered_tonnage",
    "vessel_flag",
    "vessel_owner",
    "remarks",
    "source_list_url",
    "alt_names",
    "citizenships",
    "dates_of_birth",
    "nationalities",
    "places_of_birth",
    "source_information_url",
    "ids",
]

# The code in the brackets of `source`, or its last words where it has had no code, to our code of the list.
LIST_CODES = {
    "SDN": "US-OFAC-SDN",
    "SSI": "US-OFAC-SSI",
    "CMIC": "US-OFAC-CMIC",
    "CAP": "US-OFAC-CAPTA",
    "NS-MBS List": "US-OFAC-MBS",
    "MBS": "US-OFAC-MBS",
    "PLC": "US-OFAC-PLC",
    "FSE": "US-OFAC-FSE",
    "EL": "US-BIS-EL",
    "MEU": "US-BIS-MEU",
    "UVL": "US-BIS-UVL",
    "DPL": "US-BIS-DPL",
    "DTC": "US-STATE-DTC",
    "ISN": "US-STATE-ISN",
}
# At most four fifths of the parties of 2022-04; half where there are under a hundred, as a few delistings are news.
FLOORS = {
    "US-OFAC-SDN": 8_000,
    "US-BIS-EL": 1_600,
    "US-STATE-DTC": 580,
    "US-BIS-DPL": 370,
    "US-OFAC-SSI": 230,
    "US-BIS-UVL": 120,
    "US-STATE-ISN": 120,
    "US-BIS-MEU": 35,
    "US-OFAC-CMIC": 34,
    "US-OFAC-CAPTA": 5,
    "US-OFAC-MBS": 8,
}
_KINDS = {
    "entity": PartyKind.ORGANISATION,
    "individual": PartyKind.PERSON,
    "vessel": PartyKind.VESSEL,
    "aircraft": PartyKind.AIRCRAFT,
}
_CODE = re.compile(r"\(([^()]+)\)")
_AFFILIATE = re.compile(r"^(?P<parent>.+?)\.?\s+Affiliated Entity:\s*(?P<name>.+)$", re.I)
_SUCCESSORS = re.compile(
    r";?\s*(?:and\s+)?any\s+successors?,\s*sub-units?,\s*or\s+subsidiar(?:y|ies)(?:\s+thereof)?.*$", re.I
)
_LOST_APOSTROPHE = re.compile(r"(?<=\w)\?(?=\w)")
_LOST_QUOTE = re.compile(r"(?<!\w)\?|\?(?!\w)")
_PARENT = re.compile(r"\s*\(Parent Organization: (?P<parent>.+)\)$", re.I)
_BRACKETED_INITIALS = re.compile(r"(?P<name>.{8,}?)\s*\((?P<initials>[A-Z]{2,8})\)")
# What `ids` holds beside identifiers: dates, kinds and legal notes.
_NO_IDENTIFIERS = re.compile(
    r"Date|Target Type|Gender|Sanctions|Information|sanctions risk|Issuer Name|Directive|Organization"
    r"|^Vessel|^Former Vessel|^Aircraft (?:Model|Operator)|^Transactions|Nationality",
    re.I,
)


def read(stream: BinaryIO, companions: Companions | None = None) -> Iterator[ListedEntity]:
    """Every party of the file, CSV or JSON by its first character.

    A party's number is the source's own where there is one; otherwise it is made of its list, name and country,
    because `_id` changes with every edition. Raises ListUnreadable for a cut or foreign file.
    """
    numbers = MadeNumbers()
    for record in _records(stream):
        if spaced(record["name"]):  # a record can be all null
            yield _entity(record, numbers)


def _records(stream: BinaryIO) -> Iterator[Mapping[str, str]]:
    stream.seek(0)
    start = stream.read(64).lstrip(b"\xef\xbb\xbf \r\n\t")
    return _json_records(stream) if start.startswith(b"{") else records_of(stream, HEADER)


def _json_records(stream: BinaryIO) -> Iterator[Mapping[str, str]]:
    stream.seek(0)
    try:
        results = json.load(stream)["results"]
        if not all(isinstance(result, dict) for result in results):
            raise TypeError
    except (ValueError, KeyError, TypeError, RecursionError):
        raise ListUnreadable(
            "The file is cut or no Consolidated Screening List: its JSON has no 'results'."
        ) from None
    for result in results:
        yield {
            "_id": str(result.get("id") or ""),
            **{column: _as_text(column, result) for column in HEADER[1:]},
        }


def _as_text(column: str, result: Mapping[str, Any]) -> str:
    """A value of the JSON as the CSV writes it: lists joined by '; ', an address and an id in one line."""
    value = result.get(column)
    if isinstance(value, list):
        return "; ".join(_joined(item) for item in value)
    return "" if value is None else str(value).strip()


def _joined(item: object) -> str:
    if not isinstance(item, dict):
        return str(item)
    columns = (
        ("address", "city", "state", "postal_code", "country")
        if "city" in item
        else ("country", "number", "type")
    )
    return ", ".join(str(item[column]) for column in columns if item.get(column))


def _entity(record: Mapping[str, str], numbers: MadeNumbers) -> ListedEntity:
    code = list_code_of(record["source"])
    name, links = _own_name(record["name"])
    addresses = tuple(ListedAddress(text, last_country(text)) for text in several(record["addresses"]))
    said = read_remarks(record["remarks"])
    listed_on, start_complaints = read_day(record["start_date"], of="start date")
    ends_on, end_complaints = read_day(record["end_date"], of="end date")
    return ListedEntity(
        list_code=code,
        entity_id=record["entity_number"] or _made_number(code, name, addresses, numbers),
        row_id=record["_id"],
        names=_names(name, record["alt_names"]),
        kind=_KINDS.get(record["type"].casefold(), PartyKind.UNKNOWN),
        programs=several(record["programs"]),
        identifiers=tuple(dict.fromkeys((*_identifiers(record["ids"]), *said.identifiers))),
        addresses=addresses,
        nationalities=_nationalities(record),
        title=one_line(record["title"], *(record[column] for column in HEADER[14:20])),
        remarks=record["remarks"],
        listed_on=listed_on,
        ends_on=ends_on,
        citations=read_citations(record["federal_register_notice"]),
        license_requirement=record["license_requirement"],
        license_policy=record["license_policy"],
        linked_to=(*links, *said.linked_to),
        source_url=record["source_list_url"],
        complaints=(*start_complaints, *end_complaints),
    )


def list_code_of(source: str) -> str:
    """Our code of the list that a row's source names; a list that is new to us keeps its own letters."""
    codes = _CODE.findall(source)
    if not codes:
        raise ListUnreadable(
            f"The file is no Consolidated Screening List: a row's source is '{source[:60]}'."
        )
    return LIST_CODES.get(codes[-1], f"US-{codes[-1].upper().replace(' ', '-')}")


def _own_name(written: str) -> tuple[str, tuple[Link, ...]]:
    """The listed party of 'Parent. Affiliated Entity: X' is X; successors and subsidiaries are no part of a name."""
    name = _with_apostrophes(_SUCCESSORS.sub("", written))
    if affiliate := _AFFILIATE.match(name):
        return spaced(affiliate["name"]), (Link("affiliated entity of", spaced(affiliate["parent"])),)
    if parent := _PARENT.search(name):
        return spaced(name[: parent.start()]), (Link("parent organization", spaced(parent["parent"])),)
    return spaced(name), ()


def _names(name: str, others: str) -> tuple[ListedName, ...]:
    """The name as it is listed, without the initials in brackets behind it, and those initials, which are weak."""
    also = (without_and(spaced(_with_apostrophes(each))) for each in _SUCCESSORS.sub("", others).split(";"))
    found = [ListedName(name), *_initials(name)]
    found += [ListedName(each, NameKind.ALSO_KNOWN_AS) for each in also if each and each != name]
    return tuple(dict.fromkeys(found))


def _initials(name: str) -> Iterator[ListedName]:
    if split := _BRACKETED_INITIALS.fullmatch(name):
        yield ListedName(spaced(split["name"]), NameKind.ALSO_KNOWN_AS)
        yield ListedName(split["initials"], NameKind.ALSO_KNOWN_AS, is_weak=True)


def _with_apostrophes(name: str) -> str:
    """Where an apostrophe or a quotation mark was lost on the way, the file has '?': Xi?an, ?Taman?."""
    return _LOST_QUOTE.sub('"', _LOST_APOSTROPHE.sub("'", name)) if "?" in name else name


def _identifiers(ids: str) -> Iterator[Identifier]:
    """'CN, 9144…, Unified Social Credit Code (USCC); 002415 CN, Equity Ticker; …'."""
    for part in several(ids):
        fields = [each.strip() for each in part.split(", ")]
        if len(fields) < 2 or _NO_IDENTIFIERS.search(fields[-1]):
            continue
        country = country_of(fields[0]) if len(fields[0]) == 2 and len(fields) > 2 else None
        value = ", ".join(fields[1 if country else 0 : -1])
        if value:
            yield Identifier(fields[-1], value, country)


def _nationalities(record: Mapping[str, str]) -> tuple[CountryCode, ...]:
    return countries_of((*several(record["nationalities"]), *several(record["citizenships"])))


def _made_number(code: str, name: str, addresses: Iterable[ListedAddress], numbers: MadeNumbers) -> str:
    return numbers.made_of(code, name, *sorted({each.country for each in addresses if each.country}))


FORMAT = ListFormat(name="csl", title="Consolidated Screening List (CSV or JSON)", read=read, floors=FLOORS)
