"""An order that was asked about before it is placed, with everything that is found of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from fleet.models import Operator
from risk.engine.allocation import over_units
from risk.engine.entries import EntryKey
from risk.engine.exposure import ENGINE_VERSION, ExposureResult
from risk.engine.facts import EntryFacts, LotFacts
from risk.engine.findings import DutyLine, FeeLine, Reason, SanctionLevel
from risk.engine.kept_facts import as_plain, digest_of
from risk.engine.outcomes import DECIDING_FACTS
from risk.engine.policy import PolicyBook
from risk.engine.shares import FleetShares, Measured
from risk.engine.terms.money import NO_MONEY, Money
from risk.engine.verdicts import Decided, PurchaseLimit
from risk.flows.named_goods import NamedModel, NamedVendor
from risk.flows.purchase_parties import Party
from risk.models import PolicyEdition
from risk.scenarios import AskedLine, AskedOrder
from risk.selectors import FleetExposure


@dataclass(frozen=True, kw_only=True)
class CheckedLine:
    """A line with what is found of it. None is unknown.

    `found` is the finding on the rigs as on a lot, but for its sanction level: that of maker and vendor together.
    `entry` None: nothing is entered. `lines` and `fees` are the line's duty and its part of the fees of its entry.
    """

    number: int
    asked: AskedLine
    model: NamedModel
    vendor: NamedVendor
    facts: LotFacts
    rigs: Measured
    value: Money | None
    found: ExposureResult
    parties: tuple[Party, ...]
    entry: EntryFacts | None
    lines: tuple[DutyLine, ...] | None
    fees: Money | None
    is_outside: bool
    notes: tuple[Reason, ...]

    @cached_property
    def duty(self) -> Money | None:
        """The lines together."""
        return None if self.lines is None else sum((line.duty for line in self.lines), NO_MONEY)

    @cached_property
    def landed_cost(self) -> Money | None:
        """Customs value, duty and fees of all its rigs; freight and insurance are not known."""
        if self.value is None or self.duty is None or self.fees is None:
            return None
        return self.value + self.duty + self.fees

    @cached_property
    def landed_units(self) -> list[tuple[int, Money]]:
        """Runs of rigs with what each of them costs to land, the dearest first, shared out as entries do: together
        they are the landed cost to the cent. Empty where it is not known."""
        if self.landed_cost is None or self.asked.unit_value is None:
            return []
        each = self.asked.unit_value.cents
        amounts = [*(line.duty.cents for line in self.lines or ()), self.fees.cents if self.fees else 0]
        return [
            (units, Money.of_cents(each + cents)) for units, cents in over_units(amounts, self.asked.units)
        ]

    @cached_property
    def landed_unit_cost(self) -> Money | None:
        """What the dearest of its rigs costs to land."""
        return self.landed_units[0][1] if self.landed_units else None

    @cached_property
    def unknown(self) -> tuple[str, ...]:
        """The facts without which the line cannot be decided."""
        sanction = self.found.sanction
        missing = {
            "model": self.model.model is None,
            "vendor": self.vendor.vendor is None,
            "unit_value": self.value is None,
            "import_law": self.is_outside,
            "list_screening": not sanction.is_screened or sanction.level is SanctionLevel.UNKNOWN,
        }
        open_facts = [doubt.fact for doubt in self.found.doubts if doubt.fact in DECIDING_FACTS]
        undecided = open_facts if self.found.rate is None else []
        return tuple(dict.fromkeys([*(name for name, is_so in missing.items() if is_so), *undecided]))

    @cached_property
    def is_in_doubt(self) -> bool:
        """Whether some fact could still make it another line."""
        return bool(self.unknown or self.found.doubts)


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedEntry:
    """Lines that will be one customs entry; its fees, once, None where they are not known."""

    key: EntryKey
    lines: tuple[int, ...]
    fees: tuple[FeeLine, ...] | None


@dataclass(frozen=True, kw_only=True)
class CheckedOrder:
    """An order with everything that is found of it and all that the finding rests on; `decided_lines` is what limits
    say of each line."""

    operator: Operator
    order: AskedOrder
    on: date
    edition: PolicyEdition
    book: PolicyBook
    list_editions: dict[str, str]
    limits: tuple[PurchaseLimit, ...]
    lines: tuple[CheckedLine, ...]
    decided_lines: tuple[Decided, ...]
    entries: tuple[CheckedEntry, ...]
    before: FleetExposure
    after: FleetShares
    decided: Decided

    @cached_property
    def landed_cost(self) -> Money | None:
        """Of all lines; None where that of one is not known."""
        known = [line.landed_cost for line in self.lines if line.landed_cost is not None]
        return sum(known, NO_MONEY) if len(known) == len(self.lines) else None

    @cached_property
    def digest(self) -> str:
        """The same for the same question on the same facts under the same law, lists, limits and engine."""
        parties = {id(party.facts): party.facts for line in self.lines for party in line.parties}
        return digest_of(
            as_plain(self.order),
            [as_plain(line.facts) for line in self.lines],
            list(parties.values()),
            self.on,
            self.edition.digest,
            self.list_editions,
            [limit.words for limit in self.limits],
            ENGINE_VERSION,
            self.before.whole.fleet,
            {kind.value: shares.rigs for kind, shares in self.before.whole.exposed.items()},
        )
