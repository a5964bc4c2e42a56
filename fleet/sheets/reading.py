"""What came of reading a sheet: typed cells, column by column, and everything that is wrong with its rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field, fields
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from fleet.sheets.headings import heading_set
from risk.engine.terms.countries import CountryCode
from risk.engine.terms.hts import HtsCode
from risk.engine.terms.money import Money
from risk.engine.terms.rigs import RigStatus, TransportMode

NOTHING_CLEARED: frozenset[str] = frozenset()


@dataclass(slots=True)
class ParsedRow:
    """One row of the sheet, an attribute a column; None where the sheet is silent.

    `number` is the row as the sheet counts it. `model` is as written. Amounts are for one unit, hashrate is
    in GH/s, power in W. `quantity` is 1 where the sheet gives none (`has_quantity`). A silent `status` stays
    None: a rig that is new is deployed, one on record keeps its own.

    Nobody changes a row, but it is not frozen: to make a frozen one takes eight times as long (measured).
    """

    number: int
    serial_number: str | None = None
    model: str = ""
    maker: str | None = None
    quantity: int = 1
    site: str | None = None
    status: RigStatus | None = None
    country_of_assembly: CountryCode | None = None
    country_of_origin: CountryCode | None = None
    hashboard_origin: CountryCode | None = None
    hts_code: HtsCode | None = None
    import_country: CountryCode | None = None
    entry_date: date | None = None
    expected_entry_date: date | None = None
    entry_number: str | None = None
    transport_mode: TransportMode | None = None
    loaded_date: date | None = None
    importer_of_record: str | None = None
    customs_value: Money | None = None
    currency: str | None = None
    duty_paid: Money | None = None
    purchase_order: str | None = None
    us_content_percent: Decimal | None = None
    usmca_claim: bool | None = None
    hashrate_ghs: int | None = None
    power_w: int | None = None
    mac_address: str | None = None
    rack: str | None = None
    position: str | None = None
    notes: str | None = None
    has_quantity: bool = False

    @property
    def cleared(self) -> frozenset[str]:
        """The columns whose cell says <clear>: what is on record there is to go."""
        return NOTHING_CLEARED

    @property
    def has_arrived(self) -> bool:
        """Whether the rig stands somewhere; a row that does not say is of a rig that does."""
        return self.status is None or self.status.has_arrived


@dataclass(slots=True)
class ClearingRow(ParsedRow):
    """One of the few rows with a cell that says <clear>."""

    clears: frozenset[str] = NOTHING_CLEARED

    @property
    def cleared(self) -> frozenset[str]:
        """The columns whose cell says <clear>."""
        return self.clears


@dataclass(frozen=True, slots=True)
class RowProblem:
    """One problem or warning: where it is, as the sheet calls it, and what would be right."""

    row: int
    column: str
    code: str
    value: str
    sentence: str


# The attributes of a row that are cells of the sheet, in the order of COLUMNS.
CELLS = tuple(each.name for each in fields(ParsedRow) if each.name != "number")


@dataclass(kw_only=True)
class SheetReading:
    """Everything that a sheet says.

    `numbers` are the rows as the sheet counts them, right and wrong; `cells` holds for each of CELLS as many
    values, None where a row is silent or its cell is wrong: a hundred thousand rows are compared column by
    column, and made rows of only where somebody looks at one. `cleared` are the columns that a row's cells
    clear, and `wrong` the rows with a problem, both by row number. `columns` gives for each heading that was
    read our column; the other headings are `ignored_columns`. `encoding`, `delimiter` and `day_orders` (by
    heading) were found out from the file and are to be shown to its sender.
    """

    sheet: str
    heading_row: int
    layout: str
    columns: dict[str, str]
    ignored_columns: list[str]
    numbers: Sequence[int] = ()
    cells: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    cleared: Mapping[int, Set[str]] = field(default_factory=dict)
    wrong: Set[int] = frozenset()
    problems: list[RowProblem] = field(default_factory=list)
    warnings: list[RowProblem] = field(default_factory=list)
    encoding: str | None = None
    delimiter: str | None = None
    day_orders: dict[str, str] = field(default_factory=dict)
    decimal_marks: dict[str, str] = field(default_factory=dict)

    @property
    def heading_set(self) -> str:
        """The same for sheets with the same headings: what a mapping is kept by."""
        return heading_set([*self.columns, *self.ignored_columns])

    @property
    def row_count(self) -> int:
        """How many rows of data the sheet has, right and wrong; a row of 500 rigs is one."""
        return len(self.numbers)

    @cached_property
    def rows(self) -> list[ParsedRow]:
        """The right rows."""
        return [row for row in self._every_row if row.number not in self.wrong]

    @cached_property
    def wrong_rows(self) -> list[ParsedRow]:
        """The rows with a problem, read as far as they can be; never to be taken for right."""
        return [row for row in self._every_row if row.number in self.wrong]

    @cached_property
    def _every_row(self) -> list[ParsedRow]:
        rows = list(map(ParsedRow, self.numbers, *(self.cells[name] for name in CELLS)))
        for place, number in enumerate(self.numbers if self.cleared else ()):
            if cleared := self.cleared.get(number):
                told = {name: getattr(rows[place], name) for name in ("number", *CELLS)}
                rows[place] = ClearingRow(**told, clears=frozenset(cleared))
        return rows
