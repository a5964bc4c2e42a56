"""What could come back to a fleet: which entries, under which measures, on which route; not recorded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from operator import attrgetter

from fleet.flows.liquidations import liquidations_of
from fleet.models import Operator
from fleet.selectors import in_chunks
from risk.book import considered
from risk.engine.exposure import AS_ENTERED, ExposureResult, Stage
from risk.engine.facts import LotFacts
from risk.engine.policy import PolicyBook
from risk.engine.refunds import RefundableLine, RefundRoute, Route, refundable_lines
from risk.engine.sittings import Sitting
from risk.engine.terms.money import NO_MONEY, Money
from risk.flows.fleet_as_held import fleet_as_held
from risk.flows.gather_lots import LotToAssess
from risk.models import PolicyEdition

MOST_ENTRIES_A_FILE = 9_999  # what CAPE in ACE takes in one file
ENTRY_NUMBER = "Entry Number"
NO_ENTRY_NUMBER = (
    "These lots have no entry number, so nothing can be claimed by entry; give it and upload again."
)
UNDECIDED = "A fact is missing, so it is unknown whether anything can come back for these lots."


@dataclass(slots=True, kw_only=True)
class EntryRefund:
    """One measure on one entry (or on a lot without an entry number). `amount` covers the lots whose customs value
    is known; `lots_without_value` are lots that it does not cover, wholly or in part."""

    entry_number: str | None
    entry_date: date
    measure: str
    title: str
    legal_reference: str
    route: RefundRoute
    lot_ids: list[int] = field(default_factory=list)
    amount: Money = NO_MONEY
    lots_without_value: list[int] = field(default_factory=list)
    has_value: bool = False

    @property
    def known_amount(self) -> Money | None:
        """The amount; None where no lot's value is known."""
        return self.amount if self.has_value else None

    def add(self, lot: LotToAssess, refundable: RefundableLine) -> None:
        """One lot more under this measure."""
        self.lot_ids.append(lot.lot_id)
        if lot.value.ever is not None:
            self.amount += refundable.line.on(lot.value.ever).duty
            self.has_value = True
        if lot.value.ever is None or lot.value.units_without_value:
            self.lots_without_value.append(lot.lot_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Refunds:
    """Lines by entry, lines of lots without an entry number apart, and lots on which nothing can be said."""

    operator: Operator
    on: date
    edition: PolicyEdition
    lines: tuple[EntryRefund, ...]
    without_entry_number: tuple[EntryRefund, ...]
    undecided_lots: tuple[int, ...]

    @property
    def total(self) -> Money:
        """Of all lines whose amount is known, those without an entry number too."""
        return sum((line.amount for line in (*self.lines, *self.without_entry_number)), NO_MONEY)

    @property
    def unknown_lots(self) -> set[int]:
        """Lots that the total does not cover, wholly or in part."""
        lines = (*self.lines, *self.without_entry_number)
        return {*self.undecided_lots, *(lot for line in lines for lot in line.lots_without_value)}

    def entry_numbers(self, *, route: Route | None = None) -> list[str]:
        """The entries with at least one refundable line, each once, in order; of one route where asked."""
        told = (line for line in self.lines if route in (None, line.route.route))
        return sorted({line.entry_number for line in told if line.entry_number})


def refunds(operator: Operator, *, on: date, edition: PolicyEdition) -> Refunds:
    """Everything that the fleet ever held, asked about a day under an edition."""
    sitting, liquidations = Sitting(considered(edition), on), liquidations_of(operator)
    lines: dict[tuple[object, ...], EntryRefund] = {}
    undecided = []
    for lot in fleet_as_held(operator).to_assess():
        found = sitting.assess(lot.facts, lot.vendor, lot.value)
        if _is_undecided(found):
            undecided.append(lot.lot_id)
        liquidated = liquidations.get(lot.facts.entry_number or "")
        for refundable in _refundable(lot.facts, found, sitting.considered.book, on, liquidated):
            _line_of(lines, lot, refundable).add(lot, refundable)
    ordered = sorted(lines.values(), key=attrgetter("entry_date", "measure"))
    numbered = sorted((line for line in ordered if line.entry_number), key=attrgetter("entry_number"))
    return Refunds(
        operator=operator,
        on=on,
        edition=edition,
        lines=tuple(numbered),
        without_entry_number=tuple(line for line in ordered if not line.entry_number),
        undecided_lots=tuple(undecided),
    )


def portal_files(entry_numbers: Iterable[str]) -> list[list[str]]:
    """The entry numbers in files that the refund portal takes; no file where there is no entry."""
    return list(in_chunks(entry_numbers, MOST_ENTRIES_A_FILE))


def _refundable(
    facts: LotFacts, found: ExposureResult, book: PolicyBook, on: date, liquidated: date | None
) -> Iterator[RefundableLine]:
    if facts.entry_date and found.stage is Stage.ENTERED:
        yield from refundable_lines(found, book, entry_date=facts.entry_date, on=on, liquidated=liquidated)


def _is_undecided(found: ExposureResult) -> bool:
    """Entered, but the lines of its entry are not known: without a day, an origin or a code."""
    if found.stage is Stage.ENTERED:
        return not any(question.answer for question in found.questions if question.name == AS_ENTERED)
    return found.stage is Stage.ENTERED_UNDATED


def _line_of(
    lines: dict[tuple[object, ...], EntryRefund], lot: LotToAssess, refundable: RefundableLine
) -> EntryRefund:
    """The line of its entry, day and measure; a lot without an entry number has a line of its own."""
    number, day = lot.facts.entry_number, lot.facts.entry_date
    key = (number or lot.lot_id, day, refundable.line.measure)
    if key not in lines:
        lines[key] = EntryRefund(
            entry_number=number,
            entry_date=day or date.min,
            measure=refundable.line.measure,
            title=refundable.line.title,
            legal_reference=refundable.line.legal_reference,
            route=refundable.route,
        )
    return lines[key]
