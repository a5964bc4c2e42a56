"""The refund list: which entries could bring something back, under which measure, on which route and until when."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime

from fleet.models import Operator
from risk.dashboard.amounts import known_sum
from risk.dashboard.fleet_view import fleet_view
from risk.dashboard.reserve_page import routes_of
from risk.dashboard.words import counted, day
from risk.flows.refunds import NO_ENTRY_NUMBER, UNDECIDED, EntryRefund, Refunds, refunds
from risk.models import PolicyEdition
from risk.reports.document import Box, Boxes, Cell, Column, Document, Kind, Section, Table, Words
from risk.reports.resting import basis_of


def refund_list(operator: Operator, *, today: date, made_at: datetime, edition: PolicyEdition) -> Document:
    """Everything that the fleet ever held, on one day under one edition."""
    found = refunds(operator, on=today, edition=edition)
    return Document(
        title="Refund list",
        operator=operator.name,
        about=f"duties that were struck down and could come back, {day(today)}",
        made_at=made_at,
        basis=basis_of(fleet_view(operator)),
        sections=tuple(_sections(found)),
        file_name=f"{operator.slug}-refunds-{today}",
    )


def _sections(found: Refunds) -> Iterator[Section]:
    unknown = (
        f"{counted(len(found.unknown_lots), 'lot')} not in this sum, wholly or in part"
        if found.unknown_lots
        else ""
    )
    whole = Box(
        title="Could come back",
        question="all lines together",
        amount=known_sum(found.total, len(found.unknown_lots)),
        details=(unknown,),
    )
    by_route = [
        Box(title=route, question=entries, amount=amount) for route, amount, entries in routes_of(found)
    ]
    yield Boxes(boxes=(whole, *by_route))
    yield _lines("By entry and measure", found.lines)
    if found.without_entry_number:
        yield _lines("Without an entry number", found.without_entry_number, note=NO_ENTRY_NUMBER)
    yield Words(title="Method and doubt", paragraphs=tuple(_doubt(found)))


def _doubt(found: Refunds) -> Iterator[str]:
    yield "Refundable: duties that were struck down; never Section 301, 232 or 122."
    yield "Route: told where the record names one, else unknown. Liquidation days are estimates unless on record."
    if found.undecided_lots:
        yield f"Undecided: {UNDECIDED} Lots {', '.join(map(str, found.undecided_lots[:40]))}."
    yield "No legal advice: whoever files a claim checks the route and its last day with counsel."


def _lines(title: str, lines: Iterable[EntryRefund], note: str = "") -> Table:
    return Table(
        title=title,
        columns=(
            Column(title="Entry", width=16),
            Column(title="Entered", kind=Kind.DAY, width=13),
            Column(title="Measure", width=28),
            Column(title="Legal reference", width=34, on_paper=False),
            Column(title="Lots", width=10),
            Column(title="Amount", kind=Kind.DOLLARS, width=12),
            Column(title="Lots not in it", kind=Kind.COUNT, width=9),
            Column(title="Route", width=18),
            Column(title="Last day", kind=Kind.DAY, width=12),
            Column(title="Days left", kind=Kind.COUNT, width=11),
        ),
        rows=tuple(_line(line) for line in lines),
        note=note,
        empty="No entry on record paid a duty that was struck down.",
    )


def _line(line: EntryRefund) -> tuple[Cell, ...]:
    return (
        line.entry_number or "no entry number",
        line.entry_date,
        line.title,
        line.legal_reference,
        ", ".join(map(str, line.lot_ids)),
        line.known_amount,
        len(line.lots_without_value),
        line.route.route.value,
        line.route.last_day,
        line.route.days_left,
    )
