"""How values are written, in words for paper and as typed cells for a workbook."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal

from risk.dashboard.words import NOT_KNOWN, day, dollars, hashrate, percent
from risk.engine.terms.money import Money
from risk.reports.document import Cell, Kind

GHS_IN_A_THS = 1000
NUMBER_FORMATS: Mapping[Kind, str] = {
    Kind.COUNT: "#,##0",
    Kind.SHARE: "0.0%",
    Kind.DOLLARS: '"$"#,##0.00',
    Kind.HASHRATE: "#,##0.0",
    Kind.DAY: "yyyy-mm-dd",
}
UNITS = {Kind.HASHRATE: "TH/s", Kind.DOLLARS: "USD"}

_IN_WORDS: Mapping[Kind, Callable[[Cell], str]] = {
    Kind.COUNT: lambda cell: f"{cell:,}",
    Kind.SHARE: lambda cell: percent(cell) if isinstance(cell, Decimal) else str(cell),
    Kind.DOLLARS: lambda cell: dollars(cell) if isinstance(cell, Money) else str(cell),
    Kind.HASHRATE: lambda cell: hashrate(cell) if isinstance(cell, int) else str(cell),
    Kind.DAY: lambda cell: day(cell) if isinstance(cell, date) else str(cell),
}


def in_words(kind: Kind, cell: Cell) -> str:
    """A cell as people read it; what nobody knows says so. Text in a column of numbers stays text."""
    if cell is None:
        return NOT_KNOWN
    return cell if isinstance(cell, str) else _IN_WORDS.get(kind, str)(cell)


def typed(kind: Kind, cell: Cell) -> str | int | Decimal | date:
    """A cell as a workbook holds it: a number where it is one, in TH/s and dollars; what nobody knows says so."""
    if cell is None:
        return NOT_KNOWN
    if isinstance(cell, Money):
        return cell.amount
    if kind is Kind.HASHRATE and isinstance(cell, int):
        return Decimal(cell) / GHS_IN_A_THS
    return cell


def heading(title: str, kind: Kind) -> str:
    """A heading with its unit, where the cells carry none."""
    return f"{title} ({UNITS[kind]})" if kind in UNITS else title
