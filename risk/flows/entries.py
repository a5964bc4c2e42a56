"""Customs entries: the lots of each, the duty and fees computed on it, and beside them what was paid."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import F, Q, Sum

from fleet.models import Operator, Rig
from fleet.selectors import Holdings
from risk.book import considered
from risk.engine.allocation import shared_out
from risk.engine.duty import fees_on_goods
from risk.engine.exposure import AS_ENTERED, ExposureResult
from risk.engine.facts import LotFacts
from risk.engine.findings import DutyLine, FeeLine
from risk.engine.sittings import Sitting
from risk.engine.terms.money import NO_MONEY, Money
from risk.flows.fleet_as_held import fleet_as_held
from risk.flows.gather_lots import LotToAssess
from risk.models import PolicyEdition

LAST_OF_ALL = chr(0x10FFFF)


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryKey:
    """What makes lots one entry: its number; without one the purchase order, the day and the importer."""

    number: str | None
    entry_date: date
    purchase_order: str | None
    importer_of_record: str | None

    @classmethod
    def of(cls, facts: LotFacts, entry_date: date) -> EntryKey:
        """The entry of a lot that was entered on a day."""
        apart = facts.entry_number is None
        return cls(
            number=facts.entry_number,
            entry_date=entry_date,
            purchase_order=facts.purchase_order if apart else None,
            importer_of_record=facts.importer_of_record if apart else None,
        )

    @property
    def order(self) -> tuple[str, date, str, str]:
        """Its place in a list: numbered entries first; no two entries of a fleet share a place."""
        return (
            self.number or LAST_OF_ALL,
            self.entry_date,
            self.purchase_order or "",
            self.importer_of_record or "",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Paid:
    """The duty that the sheets say was paid for a lot's rigs, and how many of them say nothing."""

    amount: Money
    units: int
    units_silent: int


TWO_DAYS = (
    "This entry number stands under another entry date too, though an entry has one; mend the sheet.",
)
NOTHING_PAID = Paid(amount=NO_MONEY, units=0, units_silent=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryLot:
    """A lot of an entry. `lines` None: a missing fact or value, or a country whose law is not
    on record, leaves the duty unknown. `fees` is its part of the
    entry's, by customs value, to the cent."""

    lot_id: int
    facts: LotFacts
    units: int
    customs_value: Money | None
    lines: tuple[DutyLine, ...] | None
    fees: Money | None
    paid: Paid

    @property
    def duty(self) -> Money | None:
        """The duty computed."""
        return None if self.lines is None else sum((line.duty for line in self.lines), NO_MONEY)


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomsEntry:
    """One entry. Amounts of None are unknown: some lot's value or deciding fact is missing."""

    key: EntryKey
    lots: tuple[EntryLot, ...]
    customs_value: Money | None
    duty: Money | None
    fees: tuple[FeeLine, ...] | None
    paid: Paid
    explanation: tuple[str, ...]

    @property
    def units(self) -> int:
        """Its rigs, those that are gone too."""
        return sum(lot.units for lot in self.lots)

    @property
    def total_fees(self) -> Money | None:
        """All fees."""
        return None if self.fees is None else sum((fee.amount for fee in self.fees), NO_MONEY)


def customs_entries(
    operator: Operator, *, on: date, edition: PolicyEdition, number: str | None = None
) -> tuple[CustomsEntry, ...]:
    """Every entry of the operator up to a day, or the one of that number, by number and day."""
    sitting, paid = Sitting(considered(edition), on), _paid(operator, number)
    fleet = fleet_as_held(operator)
    units = _units(fleet.held)
    grouped: dict[EntryKey, list[LotToAssess]] = {}
    for lot in fleet.to_assess():
        day = lot.facts.entry_date
        if day and day <= on and not lot.facts.is_domestic and number in (None, lot.facts.entry_number):
            grouped.setdefault(EntryKey.of(lot.facts, day), []).append(lot)
    days = Counter(key.number for key in grouped)
    found = [
        _entry(key, lots, sitting, units, paid, has_other_days=bool(key.number) and days[key.number] > 1)
        for key, lots in grouped.items()
    ]
    return tuple(sorted(found, key=lambda entry: entry.key.order))


def _units(held: Iterable[Holdings]) -> Mapping[int, int]:
    units: dict[int, int] = {}
    for each in held:
        units[each.lot_id] = units.get(each.lot_id, 0) + each.rigs.units
    return units


def _paid(operator: Operator, number: str | None) -> Mapping[int, Paid]:
    """What was paid by lot, of one entry number where it is named; one query."""
    rigs = Rig.objects.of(operator)
    rows = (
        (rigs.filter(lot__entry_number=number) if number else rigs)
        .values("lot_id")
        .annotate(
            cents=Sum(F("duty_paid_cents") * F("quantity")),
            units=Sum("quantity"),
            said=Sum("quantity", filter=Q(duty_paid_cents__isnull=False)),
        )
    )
    return {
        row["lot_id"]: Paid(
            amount=Money.of_cents(row["cents"] or 0),
            units=row["units"],
            units_silent=row["units"] - (row["said"] or 0),
        )
        for row in rows
    }


def _entry(
    key: EntryKey,
    lots: list[LotToAssess],
    sitting: Sitting,
    units: Mapping[int, int],
    paid: Mapping[int, Paid],
    *,
    has_other_days: bool,
) -> CustomsEntry:
    lines = {lot.lot_id: _lines(lot, sitting) for lot in lots}
    values = [_whole_value(lot) for lot in lots]
    known = [value for value in values if value is not None]
    is_valued = len(known) == len(lots) and not any(_is_outside(lot, sitting) for lot in lots)
    fees = _fees(key, lots, known, sitting) if is_valued else None
    parts = _parts(fees, known) if fees is not None else [None] * len(lots)
    entry_lots = tuple(
        EntryLot(
            lot_id=lot.lot_id,
            facts=lot.facts,
            units=units.get(lot.lot_id, 0),
            customs_value=value,
            lines=lines[lot.lot_id],
            fees=part,
            paid=paid.get(lot.lot_id, NOTHING_PAID),
        )
        for lot, value, part in zip(lots, values, parts, strict=True)
    )
    duties = [lot.duty for lot in entry_lots]
    duty = None if None in duties else sum((each for each in duties if each), NO_MONEY)
    whole = _all_paid(entry_lots)
    return CustomsEntry(
        key=key,
        lots=entry_lots,
        customs_value=sum(known, NO_MONEY) if len(known) == len(lots) else None,
        duty=duty,
        fees=fees,
        paid=whole,
        explanation=(*(TWO_DAYS if has_other_days else ()), *_explained(duty, fees, whole, entry_lots)),
    )


def _is_outside(lot: LotToAssess, sitting: Sitting) -> bool:
    """Whether the goods entered a country whose import law is not on record: what they cost there is unknown."""
    return lot.facts.import_country not in sitting.considered.book.import_countries


def _whole_value(lot: LotToAssess) -> Money | None:
    """The customs value of all rigs that the lot ever held; unknown where one of them has none."""
    return None if lot.value.units_without_value else lot.value.ever


def _lines(lot: LotToAssess, sitting: Sitting) -> tuple[DutyLine, ...] | None:
    found: ExposureResult = sitting.assess(lot.facts, lot.vendor, lot.value)
    answers = [asked.answer for asked in found.questions if asked.name == AS_ENTERED]
    value = _whole_value(lot)
    if value is None or not answers or answers[0] is None or _is_outside(lot, sitting):
        return None
    return answers[0].on(value).lines


def _fees(
    key: EntryKey, lots: list[LotToAssess], values: list[Money], sitting: Sitting
) -> tuple[FeeLine, ...]:
    goods = [
        (lot.facts.entry(on=key.entry_date, origin=lot.facts.origin), value)
        for lot, value in zip(lots, values, strict=True)
    ]
    return fees_on_goods(goods, sitting.considered.book)


def _parts(fees: tuple[FeeLine, ...], values: list[Money]) -> list[Money | None]:
    """Each lot's part of the fees, by customs value."""
    cents = sum(fee.amount.cents for fee in fees)
    return [Money.of_cents(part) for part in shared_out(cents, [value.cents for value in values])]


def _all_paid(lots: Iterable[EntryLot]) -> Paid:
    lots = list(lots)
    return Paid(
        amount=sum((lot.paid.amount for lot in lots), NO_MONEY),
        units=sum(lot.paid.units for lot in lots),
        units_silent=sum(lot.paid.units_silent for lot in lots),
    )


def _explained(
    duty: Money | None, fees: tuple[FeeLine, ...] | None, paid: Paid, lots: tuple[EntryLot, ...]
) -> Iterator[str]:
    """What lies between paid and computed, as far as the figures themselves say it; nothing is guessed."""
    if paid.units_silent:
        yield f"For {paid.units_silent:,} of {paid.units:,} rigs no duty paid is on record."
    if duty is None:
        yield "The duty is not known: a customs value, a deciding fact or the law of the country is not on record."
    if duty is None or paid.units_silent:
        return
    difference = paid.amount.cents - duty.cents
    if not difference:
        yield "What was paid is the duty that is computed."
        return
    side = "more" if difference > 0 else "less"
    yield f"Paid is {Money.of_cents(abs(difference))} USD {side} than the duty that is computed."
    yield from _matching(difference, fees or (), lots)


def _matching(difference: int, fees: tuple[FeeLine, ...], lots: tuple[EntryLot, ...]) -> Iterator[str]:
    """The lines or fees that have exactly the amount that is between them."""
    if difference > 0 and difference == sum(fee.amount.cents for fee in fees):
        yield "That is exactly the fees of the entry, so they may be part of what was paid."
    by_measure: dict[str, int] = {}
    for lot in lots:
        for line in lot.lines or ():
            by_measure[line.measure] = by_measure.get(line.measure, 0) + line.duty.cents
    for measure, cents in by_measure.items():
        if cents and cents == -difference:
            yield f"That is exactly the duty under {measure}."
