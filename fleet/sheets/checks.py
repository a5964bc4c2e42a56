"""What can be wrong with a row, or between rows, although each cell is fine; only the file is needed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Set
from dataclasses import dataclass

from fleet.sheets.cells.identities import identity_of
from fleet.sheets.reading import ParsedRow, SheetReading
from risk.engine.terms.rigs import RigStatus

ROWS_NAMED = 5
EXAMPLE_SERIAL = "EXAMPLE-DELETE-THIS-ROW"

NO_COLUMNS: Set[str] = frozenset()
TOLD = object()
GONE = frozenset(status for status in RigStatus if not status.counts_in_fleet)  # they stand nowhere


@dataclass(frozen=True, slots=True)
class RowCheck:
    """A question about one row: `complains` gives the sentence, or None where all is well.

    `column` is the one to be marked. The check is left out where a cell of it, or of `beside`, could not be
    read: that is a problem of its own already. `complains` looks at no attributes of the row but `of`, so
    that rows that agree on them are asked once. Only rows whose `field` is `suspicious` are asked at all:
    None is a silent cell, TOLD any that is not.
    """

    code: str
    column: str
    field: str
    suspicious: object
    complains: Callable[[ParsedRow], str | None]
    of: tuple[str, ...]
    beside: tuple[str, ...] = ()
    is_warning: bool = False

    def may_complain(self, reading: SheetReading) -> bool:
        """Whether any row can be wrong in this way."""
        values = reading.cells[self.field]
        if self.suspicious is TOLD:
            return any(values)
        return self.suspicious in values


@dataclass(frozen=True, slots=True)
class Complaint:
    """What a check says of the row at a place, by the names of our columns."""

    place: int
    column: str
    code: str
    sentence: str
    is_warning: bool = False


def complaints(reading: SheetReading, unread: Mapping[int, Set[str]]) -> Iterator[Complaint]:
    """Everything that the checks say; `unread` names by row the columns whose cell could not be read."""
    for check in ROW_CHECKS:
        if check.may_complain(reading):
            yield from _complaints_of(check, reading, unread)
    yield from _twice(reading, "serial_number", "serial number")
    yield from _twice(reading, "mac_address", "MAC address")


def _complaints_of(
    check: RowCheck, reading: SheetReading, unread: Mapping[int, Set[str]]
) -> Iterator[Complaint]:
    about = {check.column, *check.beside}
    told = list(zip(*(reading.cells[name] for name in check.of), strict=True))
    said = {
        values: sentence
        for values in set(told)
        if (sentence := check.complains(ParsedRow(0, **dict(zip(check.of, values, strict=True)))))
    }
    for place, values in enumerate(told if said else ()):
        sentence = said.get(values)
        if sentence and about.isdisjoint(unread.get(reading.numbers[place], NO_COLUMNS)):
            yield Complaint(place, check.column, check.code, sentence, check.is_warning)


def _no_identifier(row: ParsedRow) -> str | None:
    if row.serial_number or row.mac_address or row.has_quantity:
        return None
    return "The row names no rig; give a serial number, or a MAC address, or a quantity."


def _no_model(row: ParsedRow) -> str | None:
    return None if row.model else "The model is missing; write it like Antminer S19j Pro 104T."


def _no_site(row: ParsedRow) -> str | None:
    if row.site or not row.has_arrived or row.status in GONE:
        return None
    return "The site is missing; name it, or give the status on order or in transit."


def _quantity_of_one_rig(row: ParsedRow) -> str | None:
    if row.quantity == 1 or not (row.serial_number or row.mac_address):
        return None
    what = "serial number" if row.serial_number else "MAC address"
    return f"A {what} is of one rig, not of {row.quantity}; give each rig a row, or leave the {what} out."


def _entered_while_on_order(row: ParsedRow) -> str | None:
    if row.status is not RigStatus.ON_ORDER or row.entry_date is None:
        return None
    return "What is on order has not been entered; give an expected entry date, or another status."


def _expected_after_arrival(row: ParsedRow) -> str | None:
    if row.expected_entry_date is None or row.entry_date is not None or not row.has_arrived:
        return None
    return "The rig has arrived, but only an expected entry date is given; give the entry date."


def _loaded_after_entry(row: ParsedRow) -> str | None:
    entry = row.entry_date or row.expected_entry_date
    if row.loaded_date is None or entry is None or row.loaded_date <= entry:
        return None
    return f"The goods cannot be loaded after their entry on {entry}; correct one of the dates."


def _currency_without_value(row: ParsedRow) -> str | None:
    if row.currency is None or row.customs_value is not None or row.duty_paid is not None:
        return None
    return "A currency is given, but no amount; the customs value stays unknown."


def _example_left_in(row: ParsedRow) -> str | None:
    return (
        "This is the example row of the template; delete it." if row.serial_number == EXAMPLE_SERIAL else None
    )


ENTERED = ("entry_date", "expected_entry_date")
ROW_CHECKS = (
    RowCheck(
        "identifier_missing",
        "serial_number",
        "serial_number",
        None,
        _no_identifier,
        of=("serial_number", "mac_address", "has_quantity"),
        beside=("mac_address", "quantity"),
    ),
    RowCheck("model_missing", "model", "model", "", _no_model, of=("model",)),
    RowCheck("site_missing", "site", "site", None, _no_site, of=("site", "status"), beside=("status",)),
    RowCheck(
        "quantity_with_identifier",
        "quantity",
        "has_quantity",
        True,
        _quantity_of_one_rig,
        of=("quantity", "serial_number", "mac_address"),
        beside=("serial_number", "mac_address"),
    ),
    RowCheck(
        "entry_date_on_order",
        "entry_date",
        "status",
        RigStatus.ON_ORDER,
        _entered_while_on_order,
        of=("status", "entry_date"),
        beside=("status",),
    ),
    RowCheck(
        "loaded_after_entry",
        "loaded_date",
        "loaded_date",
        TOLD,
        _loaded_after_entry,
        of=("loaded_date", *ENTERED),
        beside=ENTERED,
    ),
    RowCheck(
        "example_row",
        "serial_number",
        "serial_number",
        EXAMPLE_SERIAL,
        _example_left_in,
        of=("serial_number",),
    ),
    RowCheck(
        "entry_date_missing",
        "expected_entry_date",
        "expected_entry_date",
        TOLD,
        _expected_after_arrival,
        of=("status", *ENTERED),
        beside=("entry_date", "status"),
        is_warning=True,
    ),
    RowCheck(
        "currency_without_value",
        "currency",
        "currency",
        TOLD,
        _currency_without_value,
        of=("currency", "customs_value", "duty_paid"),
        beside=("customs_value", "duty_paid"),
        is_warning=True,
    ),
)


def _twice(reading: SheetReading, column: str, what: str) -> Iterator[Complaint]:
    """Each row whose identifier another row has as well, with the numbers of the others."""
    told = reading.cells[column]
    identifiers = [identity_of(identifier) for identifier in told if identifier]
    if len(set(identifiers)) == len(identifiers):
        return  # as a rule none is there twice, and that is quickly seen
    having: dict[str, list[int]] = defaultdict(list)
    for place, identifier in enumerate(told):
        if identifier:
            having[identity_of(identifier)].append(place)
    for same in having.values():
        for place in same if len(same) > 1 else ():
            others = [str(reading.numbers[other]) for other in same[: ROWS_NAMED + 1] if other != place]
            named = ", ".join(others[:ROWS_NAMED]) + (", …" if len(same) > ROWS_NAMED + 1 else "")
            sentence = f"Row {named} has the same {what}; each rig is to have one row."
            yield Complaint(place, column, f"{column}_twice", sentence)
