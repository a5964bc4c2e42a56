"""Customs entries: the lots of each, the duty and fees computed on it, and beside them what was paid."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import F, Q, Sum

from fleet.models import Operator, Rig
from fleet.selectors import Holdings
from risk.book import considered
from risk.engine.allocation import shared_out
from risk.engine.duty import NoBaseRate, fees_on_goods, rates_on
from risk.engine.entries import CustomsEntry, EntryKey, EntryLot, Paid
from risk.engine.exposure import AS_ENTERED
from risk.engine.facts import EntryFacts
from risk.engine.findings import FeeLine, RateAnswer
from risk.engine.outcomes import relieved_variants
from risk.engine.policy import PolicyBook
from risk.engine.sittings import Sitting
from risk.engine.terms.money import Money
from risk.flows.fleet_as_held import fleet_as_held
from risk.flows.gather_lots import LotToAssess
from risk.models import PolicyEdition


def customs_entries(
    operator: Operator, *, on: date, edition: PolicyEdition, number: str | None = None
) -> tuple[CustomsEntry, ...]:
    """Every entry of the operator up to a day, or the one of that number, by number and day."""
    fleet = fleet_as_held(operator)
    asked = _Asked(Sitting(considered(edition), on), _units(fleet.held), _paid(operator, number))
    grouped: dict[EntryKey, list[LotToAssess]] = {}
    for lot in fleet.to_assess():
        day = lot.facts.entry_date
        if day and day <= on and not lot.facts.is_domestic and number in (None, lot.facts.entry_number):
            grouped.setdefault(EntryKey.of(lot.facts, day), []).append(lot)
    days = Counter((key.number, key.import_country) for key in grouped)
    found = [
        asked.entry(key, lots, has_other_days=bool(key.number) and days[key.number, key.import_country] > 1)
        for key, lots in grouped.items()
    ]
    return tuple(sorted(found, key=lambda entry: entry.key.order))


@dataclass(frozen=True, slots=True)
class _Asked:
    """One question about a fleet's entries: the sitting that decides, and what is held and paid by lot."""

    sitting: Sitting
    units: Mapping[int, int]
    paid: Mapping[int, Paid]

    @property
    def book(self) -> PolicyBook:
        """The law that is asked."""
        return self.sitting.considered.book

    def entry(self, key: EntryKey, lots: list[LotToAssess], *, has_other_days: bool) -> CustomsEntry:
        """One entry; its fees are known only where every lot's value and country are."""
        found = [self._lot(lot) for lot in lots]
        values = [lot.customs_value for lot in found if lot.customs_value is not None]
        if len(values) < len(found) or any(map(self._is_outside, lots)):
            return CustomsEntry(key=key, lots=tuple(found), fees=None, has_other_days=has_other_days)
        fees = self._fees(key, lots, values)
        shared = tuple(replace(lot, fees=part) for lot, part in zip(found, _parts(fees, values), strict=True))
        return CustomsEntry(key=key, lots=shared, fees=fees, has_other_days=has_other_days)

    def _lot(self, lot: LotToAssess) -> EntryLot:
        value, answer = _whole_value(lot), self._answer(lot)
        is_known = value is not None and answer is not None
        return EntryLot(
            lot_id=lot.lot_id,
            facts=lot.facts,
            units=self.units.get(lot.lot_id, 0),
            customs_value=value,
            lines=answer.on(value).lines if is_known else None,  # type: ignore[union-attr, arg-type]
            fees=None,
            paid=self.paid.get(lot.lot_id, Paid()),
            duty_otherwise=self._otherwise(lot, answer, value) if is_known else None,  # type: ignore[arg-type]
        )

    def _answer(self, lot: LotToAssess) -> RateAnswer | None:
        """What its entry is charged; None where it is not settled, or where the law of the country of import is
        not on record."""
        found = self.sitting.assess(lot.facts, lot.vendor, lot.value)
        answers = [asked.answer for asked in found.questions if asked.name == AS_ENTERED]
        return None if not answers or self._is_outside(lot) else answers[0]

    def _otherwise(self, lot: LotToAssess, answer: RateAnswer, value: Money) -> Money | None:
        """The duty if relief in transit had gone the other way; None where that is the same."""
        entry = lot.facts.entry(on=lot.facts.entry_date, origin=lot.facts.origin)  # type: ignore[arg-type]
        rates = [
            _rates(each, self.book) for each in (*relieved_variants(entry, self.book), _unrelieved(entry))
        ]
        other = next((each for each in rates if each and each.total_rate != answer.total_rate), None)
        return other.on(value).total if other else None

    def _fees(self, key: EntryKey, lots: list[LotToAssess], values: list[Money]) -> tuple[FeeLine, ...]:
        goods = [
            (lot.facts.entry(on=key.entry_date, origin=lot.facts.origin), value)
            for lot, value in zip(lots, values, strict=True)
        ]
        return fees_on_goods(goods, self.book)

    def _is_outside(self, lot: LotToAssess) -> bool:
        """Whether the goods entered a country whose import law is not on record."""
        return lot.facts.import_country not in self.book.import_countries


def _units(held: Iterable[Holdings]) -> Mapping[int, int]:
    units: dict[int, int] = {}
    for each in held:
        units[each.lot_id] = units.get(each.lot_id, 0) + each.rigs.units
    return units


def _paid(operator: Operator, number: str | None) -> Mapping[int, Paid]:
    """What was paid by lot, of one entry number where it is named; one query."""
    said = Q(duty_paid_cents__isnull=False)
    rigs = Rig.objects.of(operator)
    rows = (
        (rigs.filter(lot__entry_number=number) if number else rigs)
        .values("lot_id")
        .annotate(
            cents=Sum(F("duty_paid_cents") * F("quantity")),
            units=Sum("quantity"),
            said=Sum("quantity", filter=said),
            value=Sum(F("customs_value_cents") * F("quantity"), filter=said),
            without_value=Sum("quantity", filter=said & Q(customs_value_cents__isnull=True)),
        )
    )
    return {
        row["lot_id"]: Paid(
            amount=Money.of_cents(row["cents"] or 0),
            units=row["units"],
            units_silent=row["units"] - (row["said"] or 0),
            value=None if row["without_value"] else Money.of_cents(row["value"] or 0),
        )
        for row in rows
    }


def _whole_value(lot: LotToAssess) -> Money | None:
    """The customs value of all rigs that the lot ever held; unknown where one of them has none."""
    return None if lot.value.units_without_value else lot.value.ever


def _unrelieved(entry: EntryFacts) -> EntryFacts:
    """The same goods when nobody can show how and when they were loaded."""
    return replace(entry, transport_mode=None, loaded_date=None)


def _rates(entry: EntryFacts, book: PolicyBook) -> RateAnswer | None:
    try:
        return rates_on(entry, book)
    except NoBaseRate:
        return None


def _parts(fees: tuple[FeeLine, ...], values: list[Money]) -> list[Money]:
    """Each lot's part of the fees, by customs value."""
    cents = sum(fee.amount.cents for fee in fees)
    return [Money.of_cents(part) for part in shared_out(cents, [value.cents for value in values])]
