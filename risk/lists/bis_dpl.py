"""The Denied Persons List as BIS publishes it: a tab-separated table with days as MM/DD/YYYY."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import BinaryIO

from risk.engine.listed import ListedAddress, ListedEntity, ListedName
from risk.lists.reading.citations import read_citations
from risk.lists.reading.days import read_day
from risk.lists.reading.format import Companions, ListFormat
from risk.lists.reading.numbers import MadeNumbers
from risk.lists.reading.places import country_of
from risk.lists.reading.text import one_line, records_of, spaced

LIST_CODE = "US-BIS-DPL"
HEADER = [
    "Name",
    "Street_Address",
    "City",
    "State",
    "Country",
    "Postal_Code",
    "Effective_Date",
    "Expiration_Date",
    "Standard_Order",
    "Last_Update",
    "Action",
    "FR_Citation",
]


def read(stream: BinaryIO, companions: Companions | None = None) -> Iterator[ListedEntity]:
    """Every denied party; persons and companies are not told apart. Raises ListUnreadable for another file."""
    numbers = MadeNumbers()
    for record in records_of(stream, HEADER, delimiter="\t"):
        if spaced(record["Name"]):
            yield _entity(record, numbers)


def _entity(record: Mapping[str, str], numbers: MadeNumbers) -> ListedEntity:
    listed_on, start_complaints = read_day(record["Effective_Date"], of="effective date")
    ends_on, end_complaints = read_day(record["Expiration_Date"], of="expiration date")
    address = one_line(*(record[column] for column in HEADER[1:6]))
    return ListedEntity(
        list_code=LIST_CODE,
        # With the day of the order: a party can be denied by several.
        entity_id=numbers.made_of(record["Name"], record["Country"], record["Effective_Date"]),
        names=(ListedName(spaced(record["Name"])),),
        addresses=(ListedAddress(address, country_of(record["Country"])),) if address else (),
        remarks=record["Action"],
        listed_on=listed_on,
        ends_on=ends_on,
        citations=read_citations(record["FR_Citation"]),
        complaints=(*start_complaints, *end_complaints),
    )


FORMAT = ListFormat(
    name="bis_dpl",
    title="Denied Persons List",
    read=read,
    floors={LIST_CODE: 370},  # 462 in 2022-04, 581 in 2022-09
)
