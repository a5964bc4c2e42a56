"""A checked order as a fleet sheet: one row a line, on order, to be read like every other upload."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from fleet.sheets.answer_tables import Cell, table_as_csv
from fleet.sheets.columns import COLUMNS_BY_NAME
from risk.engine.terms.rigs import RigStatus
from risk.scenarios import AskedLine, AskedOrder

FACTS: Mapping[str, Callable[[AskedLine], object]] = {
    "model": lambda line: line.model,
    "maker": lambda line: line.maker,
    "quantity": lambda line: line.units,
    "site": lambda line: line.site,
    "country_of_assembly": lambda line: line.country_of_assembly,
    "country_of_origin": lambda line: line.country_of_origin,
    "hashboard_origin": lambda line: line.hashboard_origin,
    "hts_code": lambda line: line.hts_code.digits if line.hts_code else None,
    "import_country": lambda line: line.import_country,
    "expected_entry_date": lambda line: line.expected_entry_date,
    "transport_mode": lambda line: line.transport_mode,
    "loaded_date": lambda line: line.loaded_date,
    "importer_of_record": lambda line: line.importer_of_record,
    "customs_value": lambda line: line.unit_value,
    "us_content_percent": lambda line: line.us_content_percent,
    "usmca_claim": lambda line: None if line.usmca_claim is None else "yes" if line.usmca_claim else "no",
    "power_w": lambda line: line.power_w,
    "hashrate_ths": lambda line: line.hashrate_ths,
}
HEADINGS_WITH_UNITS = {"hashrate_ths": "Hashrate (TH/s)", "power_w": "Power (W)"}


def order_sheet(order: AskedOrder) -> str:
    """The CSV of an order; columns that no line fills are left out, so that nothing is cleared by silence."""
    told = {name: [fact(line) for line in order.lines] for name, fact in FACTS.items()}
    filled = [name for name, values in told.items() if any(value is not None for value in values)]
    rows = zip(*([_cell(value) for value in told[name]] for name in filled), strict=True)
    return table_as_csv([_heading(name) for name in filled], rows)


def choices_for(number: str) -> dict[str, object]:
    """How the sheet is to be read: every row is of this purchase order, and on order."""
    return {
        "constants": {"purchase_order": number, "status": RigStatus.ON_ORDER.value},
        "mode": "create",
        "decimal_mark": "point",
        "encoding": "utf-8",
        "delimiter": ",",
    }


def _heading(name: str) -> str:
    return HEADINGS_WITH_UNITS.get(name) or COLUMNS_BY_NAME[name].headings[0]


def _cell(value: object) -> Cell:
    return "" if value is None else str(value)
