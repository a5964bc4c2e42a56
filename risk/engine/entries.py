"""Customs entries: what makes lots one entry, and what lies between the duty paid and the duty computed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from risk.engine.allocation import shared_out
from risk.engine.facts import LotFacts
from risk.engine.findings import DutyLine, FeeLine
from risk.engine.terms.countries import CountryCode
from risk.engine.terms.money import NO_MONEY, Money

LAST_OF_ALL = chr(0x10FFFF)


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryKey:
    """What makes lots one entry: the country it was made to and its number; without a number the purchase
    order, the day and the importer."""

    number: str | None
    entry_date: date
    import_country: CountryCode | None
    purchase_order: str | None
    importer_of_record: str | None

    @classmethod
    def of(cls, facts: LotFacts, entry_date: date) -> EntryKey:
        """The entry of a lot that was entered on a day."""
        apart = facts.entry_number is None
        return cls(
            number=facts.entry_number,
            entry_date=entry_date,
            import_country=facts.import_country,
            purchase_order=facts.purchase_order if apart else None,
            importer_of_record=facts.importer_of_record if apart else None,
        )

    @property
    def order(self) -> tuple[str, date, str, str, str]:
        """Its place in a list: numbered entries first; no two entries of a fleet share a place."""
        return (
            self.number or LAST_OF_ALL,
            self.entry_date,
            self.import_country or "",
            self.purchase_order or "",
            self.importer_of_record or "",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Paid:
    """The duty that the sheets say was paid for some rigs, and how many of them say nothing.

    `value` is the customs value of those that say something, None where one of them has none.
    """

    amount: Money = NO_MONEY
    units: int = 0
    units_silent: int = 0
    value: Money | None = NO_MONEY

    @property
    def units_said(self) -> int:
        """The rigs for which an amount is on record."""
        return self.units - self.units_silent

    def __add__(self, other: Paid) -> Paid:
        return Paid(
            amount=self.amount + other.amount,
            units=self.units + other.units,
            units_silent=self.units_silent + other.units_silent,
            value=None if self.value is None or other.value is None else self.value + other.value,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryLot:
    """A lot of an entry. `lines` None: a missing fact or value, or a country whose law is not on record,
    leaves the duty unknown. `fees` is its part of the entry's, by customs value, to the cent.

    `duty_otherwise` is the duty if relief in transit had gone the other way: given where the mode or the
    loading day is not on record, refused where they are; None where relief changes nothing.
    """

    lot_id: int
    facts: LotFacts
    units: int
    customs_value: Money | None
    lines: tuple[DutyLine, ...] | None
    fees: Money | None
    paid: Paid
    duty_otherwise: Money | None = None

    @property
    def duty(self) -> Money | None:
        """The duty computed."""
        return None if self.lines is None else sum((line.duty for line in self.lines), NO_MONEY)

    @property
    def duty_of_said(self) -> Money | None:
        """The duty computed on the rigs whose duty paid is on record: their part by customs value, to the cent."""
        return self._of_said(self.duty)

    @property
    def otherwise_of_said(self) -> Money | None:
        """The same part of the duty if relief in transit had gone the other way."""
        return self._of_said(self.duty if self.duty_otherwise is None else self.duty_otherwise)

    def _of_said(self, duty: Money | None) -> Money | None:
        if not self.paid.units_silent:
            return duty
        if duty is None or self.customs_value is None or self.paid.value is None:
            return None
        said = self.paid.value.cents
        return Money.of_cents(shared_out(duty.cents, [said, self.customs_value.cents - said])[0])


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomsEntry:
    """One entry. Amounts of None are unknown: some lot's value or deciding fact is missing."""

    key: EntryKey
    lots: tuple[EntryLot, ...]
    fees: tuple[FeeLine, ...] | None
    has_other_days: bool = False

    @property
    def units(self) -> int:
        """Its rigs, those that are gone too."""
        return sum(lot.units for lot in self.lots)

    @property
    def customs_value(self) -> Money | None:
        """Of all its rigs."""
        return _whole(lot.customs_value for lot in self.lots)

    @property
    def duty(self) -> Money | None:
        """The duty computed."""
        return _whole(lot.duty for lot in self.lots)

    @property
    def total_fees(self) -> Money | None:
        """All fees."""
        return None if self.fees is None else sum((fee.amount for fee in self.fees), NO_MONEY)

    @property
    def paid(self) -> Paid:
        """What was paid for all its rigs."""
        return sum((lot.paid for lot in self.lots), Paid())

    @property
    def explanation(self) -> tuple[str, ...]:
        """What lies between paid and computed, as far as the figures themselves say it; nothing is guessed."""
        return tuple(_explained(self))


def _whole(amounts: Iterator[Money | None]) -> Money | None:
    """The sum; unknown where one of them is."""
    found = list(amounts)
    known = [amount for amount in found if amount is not None]
    return sum(known, NO_MONEY) if len(known) == len(found) else None


def _explained(entry: CustomsEntry) -> Iterator[str]:
    paid = entry.paid
    if entry.has_other_days:
        yield "This entry number stands under another entry date too, though an entry has one; mend the sheet."
    if paid.units_silent:
        yield f"For {paid.units_silent:,} of {paid.units:,} rigs no duty paid is on record."
    if entry.duty is None:
        yield "The duty is not known: a customs value, a deciding fact or the law of the country is not on record."
    elif paid.units_said:
        yield from _compared(entry)


def _compared(entry: CustomsEntry) -> Iterator[str]:
    """Paid beside computed, over the rigs for which both are known."""
    computed = _whole(lot.duty_of_said for lot in entry.lots)
    if computed is None:
        yield "Of the rigs with duty paid on record one has no customs value, so nothing is compared."
        return
    goods = f" on the other {entry.paid.units_said:,}" if entry.paid.units_silent else ""
    difference = entry.paid.amount.cents - computed.cents
    if not difference:
        yield f"What was paid is the duty that is computed{goods}."
        return
    side = "more" if difference > 0 else "less"
    yield f"Paid is {_usd(abs(difference))} {side} than the duty that is computed{goods} ({computed} USD)."
    yield from _other_ways(entry, difference)


def _other_ways(entry: CustomsEntry, difference: int) -> Iterator[str]:
    """What has exactly the amount that lies between them."""
    otherwise = _whole(lot.otherwise_of_said for lot in entry.lots)
    if otherwise is not None and otherwise == entry.paid.amount:
        yield _RELIEF_TAKEN if difference < 0 else _RELIEF_NOT_TAKEN
    if entry.paid.units_silent:
        return
    if entry.total_fees is not None and difference == entry.total_fees.cents:
        yield "That is exactly the fees of the entry, so they may be part of what was paid."
    for measure, cents in _by_measure(entry).items():
        if cents and cents == -difference:
            yield f"That is exactly the duty under {measure}, which may not have been paid."
        if cents and cents == difference:
            yield f"That is exactly the duty under {measure}, which may have been paid twice."


_RELIEF_TAKEN = (
    "That is exactly the duty with relief in transit: a mode of transport or a loading day that is not on "
    "record would have to show it."
)
_RELIEF_NOT_TAKEN = (
    "That is exactly the duty without relief in transit, which the mode and the loading day on record allow."
)


def _by_measure(entry: CustomsEntry) -> Counter[str]:
    found: Counter[str] = Counter()
    for lot in entry.lots:
        for line in lot.lines or ():
            found[line.measure] += line.duty.cents
    return found


def _usd(cents: int) -> str:
    return f"{Money.of_cents(cents)} USD"
