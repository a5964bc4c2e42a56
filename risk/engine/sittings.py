"""Many lots decided at one sitting: the one place that remembers findings, for as long as its caller keeps it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from risk.engine.amounts import LotValue
from risk.engine.exposure import ExposureResult, LotFinding, finding_on
from risk.engine.facts import LotFacts, VendorFacts, facts_that_bear
from risk.engine.outcomes import Considered
from risk.engine.sanctions import SanctionFinding, sanction_finding
from risk.engine.terms.spans import DateSpan


@dataclass(eq=False, slots=True)
class Sitting:
    """Many lots under one book on one day: equal facts are decided once, money is summed for each lot.

    The same findings as assess() makes, lot for lot; what it remembers goes with it. A lot on which it
    fails is not remembered, and fails again. A sitting that `is_for_one_day` does not work out through which
    other days a finding holds.
    """

    considered: Considered
    on: date
    is_for_one_day: bool = False
    _makers: dict[int, _Maker] = field(default_factory=dict)
    _known: dict[VendorFacts, _Maker] = field(default_factory=dict)

    def assess(self, lot: LotFacts, vendor: VendorFacts, value: LotValue) -> ExposureResult:
        """The exposure of one lot."""
        maker = self._makers.get(id(vendor)) or self._maker(vendor)
        bearing = facts_that_bear(lot)
        found = maker.findings.get(bearing)
        if found is None:
            holds = DateSpan(self.on, self.on) if self.is_for_one_day else None
            found = finding_on(
                lot, vendor, maker.sanction, considered=self.considered, on=self.on, holds=holds
            )
            maker.findings[bearing] = found
        return found.on(value)

    def sanction(self, vendor: VendorFacts) -> SanctionFinding:
        """How far lists reach a maker."""
        return (self._makers.get(id(vendor)) or self._maker(vendor)).sanction

    def _maker(self, vendor: VendorFacts) -> _Maker:
        """Lots share their maker's facts, and telling them by identity spares hashing a register's entry for
        every lot; `vendors` keeps them, so that no other object comes to bear the identity."""
        maker = self._known.get(vendor)
        if maker is None:
            maker = _Maker(sanction_finding(vendor, self.considered.book, self.on))
            self._known[vendor] = maker
        maker.vendors.append(vendor)
        self._makers[id(vendor)] = maker
        return maker


@dataclass(eq=False, slots=True)
class _Maker:
    """What a sitting found of one maker, and of its lots by the facts that bear on them."""

    sanction: SanctionFinding
    findings: dict[tuple[object, ...], LotFinding] = field(default_factory=dict)
    vendors: list[VendorFacts] = field(default_factory=list)
