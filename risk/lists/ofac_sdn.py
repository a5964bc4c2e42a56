"""OFAC's legacy CSV (sdn.csv or cons_prim.csv) with its companions alt.csv, add.csv and sdn_comments.csv.

Layout: OFAC `dat_spec.txt` of 2023-09-25. No heading row, CRLF, ASCII, `-0- ` for nothing, one 0x1A at the
end. The files carry no date of their own, no listing date and no Federal Register citation.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from risk.engine.listed import ListedAddress, ListedEntity, ListedName, NameKind, PartyKind
from risk.lists.reading.format import Companions, ListFormat, ListUnreadable
from risk.lists.reading.places import country_of
from risk.lists.reading.remarks import Remarks, read_remarks
from risk.lists.reading.text import SUBSTITUTE, lines_of, one_line, rows_of, spaced, without_null

LIST_CODE = "US-OFAC-SDN"
SOURCE_URL = "https://sanctionslistservice.ofac.treas.gov/api/download/SDN.CSV"
_COLUMNS, _ALIAS_COLUMNS, _ADDRESS_COLUMNS = 12, 5, 6
_KINDS = {
    "": PartyKind.ORGANISATION,  # an organisation is the null
    "individual": PartyKind.PERSON,
    "vessel": PartyKind.VESSEL,
    "aircraft": PartyKind.AIRCRAFT,
}
_NAME_KINDS = {
    "aka": NameKind.ALSO_KNOWN_AS,
    "fka": NameKind.FORMERLY_KNOWN_AS,
    "nka": NameKind.NOW_KNOWN_AS,
}
_COMMENT = re.compile(r'^(\d+),"?(.*?)"?\s*$', re.S)


@dataclass
class _Beside:
    """What the companions say, by entity number."""

    names: dict[str, list[ListedName]] = field(default_factory=lambda: defaultdict(list))
    addresses: dict[str, list[ListedAddress]] = field(default_factory=lambda: defaultdict(list))
    remarks: dict[str, str] = field(default_factory=dict)


def read(stream: BinaryIO, companions: Companions | None = None) -> Iterator[ListedEntity]:
    """Every party of the list, in the order of the file. Raises ListUnreadable for a cut or foreign file."""
    beside = _companions(companions or {})
    for row in rows_of(stream, width=_COLUMNS):
        cells = [without_null(cell) for cell in row]
        if not cells[0].isdigit():
            raise ListUnreadable(f"The file is no SDN list: '{cells[0][:20]}' stands for the entity number.")
        yield _entity(cells, beside)


def _entity(cells: list[str], beside: _Beside) -> ListedEntity:
    number, name, kind, programs, title, call_sign, vessel_type, *ship, remarks = cells
    # A remark cut at 1000 characters goes on in the comments in the middle of a word: no space between.
    remarks += beside.remarks.get(number, "")
    said = read_remarks(remarks)
    return ListedEntity(
        list_code=LIST_CODE,
        entity_id=number,
        row_id=number,
        names=_names(name, beside.names.get(number, ()), said),
        kind=_KINDS.get(kind.casefold(), PartyKind.UNKNOWN),
        programs=tuple(part.strip() for part in programs.split("] [") if part.strip()),
        identifiers=said.identifiers,
        addresses=tuple(beside.addresses.get(number, ())),
        title=one_line(title, call_sign, vessel_type, *ship),
        remarks=remarks,
        linked_to=said.linked_to,
        source_url=SOURCE_URL,
    )


def _names(primary: str, others: Iterable[ListedName], said: Remarks) -> tuple[ListedName, ...]:
    return tuple(dict.fromkeys((ListedName(spaced(primary)), *others, *said.weak_names)))


def _companions(files: Companions) -> _Beside:
    beside = _Beside()
    if "alt" in files:
        for number, _, kind, name, _ in _cells(files["alt"], _ALIAS_COLUMNS):
            beside.names[number].append(
                ListedName(spaced(name), _NAME_KINDS.get(kind, NameKind.ALSO_KNOWN_AS))
            )
    if "add" in files:
        for number, _, street, city, country, _ in _cells(files["add"], _ADDRESS_COLUMNS):
            if text := one_line(street, city, country):
                beside.addresses[number].append(ListedAddress(text, country_of(country)))
    if "comments" in files:
        beside.remarks.update(_comments(files["comments"]))
    return beside


def _cells(stream: BinaryIO, width: int) -> Iterator[list[str]]:
    return ([without_null(cell) for cell in row] for row in rows_of(stream, width=width))


def _comments(stream: BinaryIO) -> Iterator[tuple[str, str]]:
    """Read by hand: the file has had quotes inside the text that were not doubled."""
    for line in lines_of(stream):
        if line.strip() in ("", SUBSTITUTE):
            continue
        found = _COMMENT.match(line)
        if found is None:
            raise ListUnreadable(f"The comments are of another format: '{line[:30].strip()}'.")
        # Doubled where it was done right, single where it was not: the same text either way.
        yield found[1], found[2].replace('""', '"')


FORMAT = ListFormat(
    name="ofac_sdn",
    title="OFAC SDN list, legacy CSV",
    read=read,
    companions=("alt", "add", "comments"),
    floors={LIST_CODE: 8_000},  # 9,964 parties on 2022-04-15, 15,443 on 2024-07-02
)
