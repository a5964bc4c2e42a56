"""What can be wrong with a row, or between rows, although each cell is fine; only the file is needed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from enum import StrEnum
from operator import attrgetter

from fleet.sheets.reading import ParsedRow
from risk.engine.terms.rigs import RigStatus

ROWS_NAMED = 5
EXAMPLE_SERIAL = "EXAMPLE-DELETE-THIS-ROW"

NO_COLUMNS: Set[str] = frozenset()


class Asked(StrEnum):
    """Of which rows a check can say anything: those whose cell is silent, or those whose cell is not."""

    SILENT = "silent"
    TOLD = "told"


@dataclass(frozen=True, slots=True)
class RowCheck:
    """A question about one row: `complains` gives the sentence, or None where all is well.

    `column` is the one to be marked. The check is left out where a cell of it, or of `beside`, could not be
    read: that is a problem of its own already. It is not asked at all of a file in which no row's `field` is
    as it is `asked` of.
    """

    code: str
    column: str
    field: str
    asked: Asked
    complains: Callable[[ParsedRow], str | None]
    beside: tuple[str, ...] = ()
    is_warning: bool = False

    def may_complain(self, rows: Sequence[ParsedRow]) -> bool:
        """Whether any row can be wrong in this way."""
        values = set(map(attrgetter(self.field), rows))
        silent = bool(values & {None, "", False})
        return silent if self.asked is Asked.SILENT else len(values) > silent


@dataclass(frozen=True, slots=True)
class Complaint:
    """What a check says of a row, by the names of our columns."""

    row: ParsedRow
    column: str
    code: str
    sentence: str
    is_warning: bool = False


def complaints(rows: Sequence[ParsedRow], unread: Mapping[int, Set[str]]) -> Iterator[Complaint]:
    """Everything that the checks say; `unread` names by row the columns whose cell could not be read."""
    for check in ROW_CHECKS:
        if check.may_complain(rows):
            yield from _complaints_of(check, rows, unread)
    yield from _twice(rows, "serial_number", "serial number")
    yield from _twice(rows, "mac_address", "MAC address")


def _complaints_of(
    check: RowCheck, rows: Sequence[ParsedRow], unread: Mapping[int, Set[str]]
) -> Iterator[Complaint]:
    about = {check.column, *check.beside}
    for row in rows:
        sentence = check.complains(row)
        if sentence and about.isdisjoint(unread.get(row.number, NO_COLUMNS)):
            yield Complaint(row, check.column, check.code, sentence, check.is_warning)


def _no_identifier(row: ParsedRow) -> str | None:
    if row.serial_number or row.mac_address or row.has_quantity:
        return None
    return "The row names no rig; give a serial number, or a MAC address, or a quantity."


def _no_model(row: ParsedRow) -> str | None:
    return None if row.model else "The model is missing; write it like Antminer S19j Pro 104T."


def _no_site(row: ParsedRow) -> str | None:
    if row.site or not row.has_arrived:
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


ROW_CHECKS = (
    RowCheck(
        "identifier_missing",
        "serial_number",
        "serial_number",
        Asked.SILENT,
        _no_identifier,
        beside=("mac_address", "quantity"),
    ),
    RowCheck("model_missing", "model", "model", Asked.SILENT, _no_model),
    RowCheck("site_missing", "site", "site", Asked.SILENT, _no_site, beside=("status",)),
    RowCheck(
        "quantity_with_identifier",
        "quantity",
        "has_quantity",
        Asked.TOLD,
        _quantity_of_one_rig,
        beside=("serial_number", "mac_address"),
    ),
    RowCheck(
        "entry_date_on_order", "entry_date", "status", Asked.TOLD, _entered_while_on_order, beside=("status",)
    ),
    RowCheck(
        "loaded_after_entry",
        "loaded_date",
        "loaded_date",
        Asked.TOLD,
        _loaded_after_entry,
        beside=("entry_date", "expected_entry_date"),
    ),
    RowCheck("example_row", "serial_number", "serial_number", Asked.TOLD, _example_left_in),
    RowCheck(
        "entry_date_missing",
        "expected_entry_date",
        "expected_entry_date",
        Asked.TOLD,
        _expected_after_arrival,
        beside=("entry_date", "status"),
        is_warning=True,
    ),
    RowCheck(
        "currency_without_value",
        "currency",
        "currency",
        Asked.TOLD,
        _currency_without_value,
        beside=("customs_value", "duty_paid"),
        is_warning=True,
    ),
)


def _twice(rows: Sequence[ParsedRow], column: str, what: str) -> Iterator[Complaint]:
    """Each row whose identifier another row has as well, with the numbers of the others."""
    identifiers = list(filter(None, map(attrgetter(column), rows)))
    if len(set(map(str.casefold, identifiers))) == len(identifiers):
        return  # as a rule none is there twice, and that is quickly seen
    having: dict[str, list[ParsedRow]] = defaultdict(list)
    for row in rows:
        if identifier := getattr(row, column):
            having[identifier.casefold()].append(row)
    for same in having.values():
        if len(same) > 1:
            for row in same:
                others = [str(other.number) for other in same if other is not row]
                named = ", ".join(others[:ROWS_NAMED]) + (", …" if len(others) > ROWS_NAMED else "")
                sentence = f"Row {named} has the same {what}; each rig is to have one row."
                yield Complaint(row, column, f"{column}_twice", sentence)
