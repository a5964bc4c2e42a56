"""An order that is not placed yet -> what it costs to land, who is paid, what the fleet's exposure will then be.

Gathered in a fixed number of queries, decided by the engine line by line as lots are, recorded by risk.services.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from fleet.models import Operator, RigModel
from fleet.selectors import facts_of
from ledger.written_queries import WrittenQuery
from risk.book import considered
from risk.engine.allocation import shared_out
from risk.engine.amounts import LotValue
from risk.engine.duty import fees_on_goods
from risk.engine.entries import EntryKey
from risk.engine.exposure import TO_COME, ExposureResult, Stage, reached_otherwise
from risk.engine.facts import UNITED_STATES, EntryFacts, LotFacts
from risk.engine.findings import FeeLine, RateAnswer, Reason
from risk.engine.policy import PolicyBook
from risk.engine.sanctions import together
from risk.engine.shares import NOTHING, Held, Kind, Measured, exposed_units_at_worst, with_more
from risk.engine.sittings import Sitting
from risk.engine.terms.countries import CountryCode
from risk.engine.terms.money import NO_MONEY, Money
from risk.engine.verdicts import (
    LineFound,
    OrderFound,
    PurchaseLimit,
    decide_line,
    decide_order,
    limits_that_count,
)
from risk.flows.bought_rigs import lot_bought, rigs_bought, site_countries
from risk.flows.checked_order import CheckedEntry, CheckedLine, CheckedOrder
from risk.flows.found_as_held import exposure_as_held
from risk.flows.gather_lots import LotToAssess
from risk.flows.named_goods import NamedModel, NamedVendor, models_of, vendors_of
from risk.flows.purchase_parties import Parties
from risk.flows.share_on import standing
from risk.models import PolicyEdition, PurchaseRule
from risk.scenarios import AskedLine, AskedOrder
from risk.selectors import threshold_of
from vendors.models import Vendor


def check_purchase(
    operator: Operator, order: AskedOrder, *, edition: PolicyEdition, on: date, today: date
) -> CheckedOrder:
    """What the order comes to on a day; nothing is recorded. Lists count that are fresh `today`.

    What is not known of a line leaves it in doubt, and is no error. The exposed share with the order is that which
    the fleet has once the order is on record under a number of its own.
    """
    before, makers = exposure_as_held(operator, edition, on=on, today=today)
    sitting = Sitting(considered(edition), on, is_for_one_day=True)
    asking = _Asking.of(operator, order, Parties(sitting, makers, today))
    found = _with_fees(list(asking.lines()), asking.book)
    limits = limits_of(operator)
    lines = found.lines
    decided = tuple(decide_line(_found_of(line), limits, line=line.number) for line in lines)
    after = with_more(before.whole, _bought(lines, asking.sitting), threshold=threshold_of(operator))
    whole = OrderFound(
        exposed_share=after.exposed[Kind.ANY].of_units, share_at_worst=exposed_units_at_worst(after)
    )
    return CheckedOrder(
        operator=operator,
        order=asking.order,
        on=on,
        edition=edition,
        book=asking.book,
        list_editions=dict(sorted(asking.parties.list_editions.items())),
        limits=limits,
        lines=lines,
        decided_lines=decided,
        entries=found.entries,
        before=before,
        after=after,
        decided=decide_order(whole, decided, limits),
    )


def limits_of(operator: Operator) -> tuple[PurchaseLimit, ...]:
    """The operator's limits in their order, and the shipped ones of every kind that none of them is of. One query."""
    return limits_that_count(own_limits_of(operator))


_RULES = WrittenQuery(lambda at: PurchaseRule.objects.of(at("operator")).order_by("place", "pk"))


def own_limits_of(operator: Operator) -> tuple[PurchaseLimit, ...]:
    """The limits that the operator has set, in their order. One query."""
    return tuple(rule.limit for rule in _RULES.rows(operator=operator.pk))


@dataclass(frozen=True, slots=True)
class _Asking:
    """One question with the names that it uses, looked up."""

    order: AskedOrder
    notes: Sequence[tuple[Reason, ...]]
    sitting: Sitting
    models: Mapping[tuple[str, str | None], NamedModel]
    vendors: Mapping[str | None, NamedVendor]
    sites: Mapping[str, str]
    parties: Parties

    @classmethod
    def of(cls, operator: Operator, order: AskedOrder, parties: Parties) -> _Asking:
        sites = site_countries(operator)
        taken = [_into_a_country(line, sites) for line in order.lines]
        order = replace(order, lines=tuple(line for line, _ in taken))
        models, vendors = models_of(order.lines), vendors_of(order.lines, operator)
        parties.gather(models.values(), vendors.values())
        return cls(order, [notes for _, notes in taken], parties.sitting, models, vendors, sites, parties)

    @property
    def book(self) -> PolicyBook:
        """The law that is asked."""
        return self.sitting.considered.book

    def lines(self) -> Iterator[CheckedLine]:
        """Each line as the engine finds it, without fees and verdict."""
        for number, line in enumerate(self.order.lines):
            yield self._line(number, line, self.models[line.model, line.maker], self.vendors[line.vendor])

    def _line(self, number: int, asked: AskedLine, model: NamedModel, vendor: NamedVendor) -> CheckedLine:
        row = model.model or _no_model(asked)
        facts, rigs = self._facts(asked, row), rigs_bought(asked, row, model.bin)
        value = Money.of_cents(rigs.value_cents) if rigs.units_with_value else None
        parties = (self.parties.maker_of(asked, model), self.parties.vendor_of(vendor))
        as_lot = self.sitting.assess(facts, parties[0].facts, lot_value(rigs))
        sanction = together(party.sanction for party in parties)
        is_outside = facts.import_country not in self.book.import_countries
        entry, answer = _entered(facts, as_lot)
        is_known = value is not None and answer is not None and not is_outside
        return CheckedLine(
            number=number,
            asked=asked,
            model=model,
            vendor=vendor,
            facts=facts,
            rigs=rigs,
            value=value,
            found=reached_otherwise(as_lot, facts, sanction),
            parties=parties,
            entry=entry,
            lines=answer.on(value).lines if is_known else None,  # type: ignore[union-attr, arg-type]
            fees=None if entry else NO_MONEY,
            is_outside=is_outside,
            notes=self.notes[number],
        )

    def _facts(self, asked: AskedLine, model: RigModel) -> LotFacts:
        """The facts of the lot that the order would make."""
        lot = lot_bought(asked, model, self.sites)
        lot.us_content_percent, lot.usmca_claim = asked.us_content_percent, asked.usmca_claim
        lot.importer_of_record = asked.importer_of_record or ""
        lot.purchase_order = self.order.purchase_order or ""
        return facts_of(lot)


def lot_value(rigs: Measured) -> LotValue:
    """The customs value of rigs as that of a lot."""
    value = Money.of_cents(rigs.value_cents) if rigs.units_with_value else None
    return LotValue(in_fleet=value, ever=value, units_without_value=rigs.units - rigs.units_with_value)


def _into_a_country(line: AskedLine, sites: Mapping[str, str]) -> tuple[AskedLine, tuple[Reason, ...]]:
    """The line with its country of import: as said, that of its site, the one in which all sites are, or the United
    States, as the `duty` command takes it; and what was taken for granted."""
    if line.import_country is not None:
        return line, ()
    if country := sites.get(line.site or ""):
        return replace(line, import_country=CountryCode(country)), ()
    countries = {each for each in sites.values() if each}
    taken = CountryCode(countries.pop()) if len(countries) == 1 else UNITED_STATES
    sentence = f"The country of import is not given; {taken.country_name} is taken for it."
    return replace(line, import_country=taken), (Reason("import_country_taken", sentence),)


def _no_model(asked: AskedLine) -> RigModel:
    """A model that nobody knows, not saved: without maker, rating and HTS code of its own."""
    return RigModel(name=asked.model, maker=Vendor(name=asked.maker or ""))


def _entered(facts: LotFacts, found: ExposureResult) -> tuple[EntryFacts | None, RateAnswer | None]:
    """The entry that the rigs will be, and what is charged on it; no entry where they are at home already."""
    if found.stage is Stage.DOMESTIC:
        return None, RateAnswer()
    question = next(each for each in found.questions if each.name == TO_COME)
    return facts.entry(on=question.day, origin=question.origin), question.answer


@dataclass(frozen=True, slots=True)
class _Priced:
    lines: tuple[CheckedLine, ...]
    entries: tuple[CheckedEntry, ...]


def _with_fees(lines: list[CheckedLine], book: PolicyBook) -> _Priced:
    """The lines with their parts of the fees, by customs value; each fee once an entry."""
    by_entry: dict[EntryKey, list[CheckedLine]] = {}
    for line in lines:
        if line.entry:
            by_entry.setdefault(EntryKey.of(line.facts, line.entry.day), []).append(line)
    entries = []
    for key, some in sorted(by_entry.items(), key=lambda item: item[0].order):
        fees = _fees(some, book)
        entries.append(CheckedEntry(key=key, lines=tuple(line.number for line in some), fees=fees))
        for line, part in zip(some, _parts(fees, some), strict=True):
            lines[line.number] = replace(line, fees=part)
    return _Priced(tuple(lines), tuple(entries))


def _fees(lines: list[CheckedLine], book: PolicyBook) -> tuple[FeeLine, ...] | None:
    """None where the value of one of the goods, or the law of the country, is not known."""
    if any(line.is_outside or line.value is None for line in lines):
        return None
    values: dict[EntryFacts, Money] = {}
    for line in lines:
        if line.entry and line.value is not None:
            values[line.entry] = values.get(line.entry, NO_MONEY) + line.value
    return fees_on_goods(values.items(), book)


def _parts(fees: tuple[FeeLine, ...] | None, lines: list[CheckedLine]) -> list[Money | None]:
    if fees is None:
        return [None] * len(lines)
    weights = [line.value.cents for line in lines if line.value is not None]
    return [Money.of_cents(part) for part in shared_out(sum(fee.amount.cents for fee in fees), weights)]


def _found_of(line: CheckedLine) -> LineFound:
    """What limits look at."""
    found = line.found
    return LineFound(
        sanction=found.sanction.level,
        is_screened=found.sanction.is_screened,
        rate=None if line.is_outside else found.rate,
        worst=None if line.is_outside else found.worst,
        landed_unit_cost=line.landed_unit_cost,
        vendor=line.vendor.vendor.name if line.vendor.vendor else None,
        vendor_asked=line.asked.vendor,
        origin=line.facts.origin,
        unknown=line.unknown,
    )


def _bought(lines: Iterable[CheckedLine], sitting: Sitting) -> Iterator[Held]:
    """The lots that the order would make: lines that agree in every fact are one."""
    lots: dict[tuple[LotFacts, int | None], list[CheckedLine]] = {}
    for line in lines:
        lots.setdefault((line.facts, line.parties[0].vendor_id), []).append(line)
    for number, ((facts, _), some) in enumerate(lots.items(), start=1):
        rigs, maker = sum((line.rigs for line in some), NOTHING), some[0].parties[0].facts
        lot = LotToAssess(lot_id=-number, facts=facts, vendor=maker, value=lot_value(rigs))
        found = standing(lot, sitting.assess(facts, maker, lot.value))
        yield Held(standing=found, site=None, status=some[0].asked.status, rigs=rigs)
