"""The contingent-liability note: what a dispute over origin could cost, low, likely, high, and what each assumes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from fleet.models import Operator
from risk.dashboard.fleet_view import fleet_view
from risk.dashboard.reserve_page import columns_of
from risk.dashboard.words import country, day
from risk.engine.reserve import ASSUMPTIONS
from risk.engine.terms.money import NO_MONEY, Money
from risk.flows.reserve_note import COLUMNS, ReserveLine, ReserveNote, Sum, reserve_note
from risk.models import PolicyEdition
from risk.reports.document import Box, Boxes, Cell, Column, Document, Kind, Section, Table, Words
from risk.reports.resting import basis_of

AMOUNTS = tuple(Column(title=name.capitalize(), kind=Kind.DOLLARS, width=12) for name in COLUMNS)
CLOCKS = ("liquidation", "protest", "penalty")


def liability_note(operator: Operator, *, today: date, made_at: datetime, edition: PolicyEdition) -> Document:
    """Entered lots alone, on one day under one edition."""
    note = reserve_note(operator, on=today, edition=edition)
    return Document(
        title="Contingent-liability note",
        operator=operator.name,
        about=f"what customs could still ask for if it did not accept declared origins, {day(today)}",
        made_at=made_at,
        basis=basis_of(fleet_view(operator)),
        sections=tuple(_sections(note)),
        file_name=f"{operator.slug}-contingent-liability-{today}",
    )


def _sections(note: ReserveNote) -> list[Section]:
    boxes = [
        Box(
            title=each.name.capitalize(),
            question=each.assumption,
            amount=each.amount,
            details=(each.missing,),
        )
        for each in columns_of(note)
    ]
    return [
        Boxes(boxes=tuple(boxes)),
        Words(
            title="Assumptions",
            paragraphs=tuple(f"{name.capitalize()}: {told}" for name, told in ASSUMPTIONS.items()),
        ),
        _sums("By clock", "Clock", note.by_stage, "no clock known"),
        _sums("By maker", "Maker", note.by_maker, ""),
        _sums("By site", "Site", note.by_site, "no site"),
        _sums("By entry", "Entry", note.by_entry, "no entry number"),
        _lots(note),
        Words(
            title="Doubt",
            paragraphs=(
                "Columns: the three columns answer three questions and are never added together. Interest and "
                "penalties are in none of them.",
                "Unknown: a lot whose amount is not known is in no sum, and each sum says how many it leaves out.",
                "Clocks: liquidation is estimated at 314 days after entry unless its day is on record.",
                "No legal or accounting advice: what to provide for is for the operator and its auditors.",
            ),
        ),
    ]


def _sums(title: str, what: str, sums: Mapping[str | None, Sum], nameless: str) -> Table:
    return Table(
        title=title,
        columns=(
            Column(title=what, width=30),
            Column(title="Lots", kind=Kind.COUNT, width=8),
            *AMOUNTS,
            Column(title="Lots unknown (high)", kind=Kind.COUNT, width=10),
        ),
        rows=tuple(
            (
                name or nameless,
                each.lots,
                *(_known(each, column) for column in COLUMNS),
                each.unknown_lots["high"],
            )
            for name, each in sums.items()
        ),
        empty="No entered lot is on record.",
        rows_on_paper=60,
    )


def _known(each: Sum, column: str) -> Money | None:
    """The sum of a column; None where no lot in it is known."""
    return None if each.lots == each.unknown_lots[column] else Money.of_cents(each.cents[column])


def _lots(note: ReserveNote) -> Table:
    """The lots with something at stake, the most first, unknown ones before all."""
    at_stake = [line for line in note.lines if line.reserve.high != NO_MONEY]
    return Table(
        title="Lots with something at stake",
        columns=(
            Column(title="Lot", width=6),
            Column(title="Model", width=23),
            Column(title="Entry", width=16),
            Column(title="Entered", kind=Kind.DAY, width=12),
            Column(title="Rigs", kind=Kind.COUNT, width=6),
            Column(title="Customs value", kind=Kind.DOLLARS, width=12),
            Column(title="Declared origin", width=12),
            Column(title="Assessed origin", width=12),
            Column(title="Likely", kind=Kind.DOLLARS, width=11),
            Column(title="High", kind=Kind.DOLLARS, width=11),
            Column(title="Why likely", width=40, on_paper=False),
            *(
                Column(title=f"{name.capitalize()}, last day", kind=Kind.DAY, width=12, on_paper=False)
                for name in CLOCKS
            ),
        ),
        rows=tuple(_lot(line) for line in sorted(at_stake, key=_most_first)),
        empty="For no lot could more be asked.",
    )


def _most_first(line: ReserveLine) -> tuple[bool, int, int]:
    high = line.reserve.high
    return (high is not None, -high.cents if high else 0, line.lot_id)


def _lot(line: ReserveLine) -> tuple[Cell, ...]:
    reserve, facts = line.reserve, line.facts
    last_days = {clock.name: clock.last_day for clock in reserve.clocks}
    return (
        str(line.lot_id),
        f"{facts.maker} {facts.model}",
        facts.entry_number or "no entry number",
        facts.entry_date,
        line.units,
        line.value,
        country(reserve.declared.country) if reserve.declared.country else None,
        country(reserve.assessed.country) if reserve.assessed.country else None,
        reserve.likely,
        reserve.high,
        reserve.because,
        *(last_days.get(name) for name in CLOCKS),
    )
