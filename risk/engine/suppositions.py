"""Lots decided under a book that differs little from a known one: what the change leaves alone is not decided
again.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from risk.engine.amounts import LotValue
from risk.engine.exposure import ExposureResult, reached_otherwise
from risk.engine.facts import EntryFacts, LotFacts, VendorFacts
from risk.engine.outcomes import Considered, Outcome
from risk.engine.policy import PolicyBook
from risk.engine.sanctions import SanctionFinding, sanction_finding
from risk.engine.sittings import Sitting


class ConsideredBeside(Considered):
    """A book's outcomes; those of entries that no changed measure looks at are the known book's."""

    def __init__(self, book: PolicyBook, known: Considered) -> None:
        super().__init__(book)
        self._beside, self._changes = known, book.changes_since(known.book)

    def leaves_alone(self, entry: EntryFacts) -> bool:
        """Whether the entry costs the same under both books."""
        return not self._changes.touch_on_its_day(entry)

    def outcome(self, entry: EntryFacts) -> Outcome:
        """As the book finds it."""
        return self._beside.outcome(entry) if self.leaves_alone(entry) else super().outcome(entry)


@dataclass(eq=False, slots=True)
class SupposedSitting:
    """Many lots under a supposed book, beside a sitting under the known one.

    The same findings as a sitting under the supposed book alone makes, but for the days through which they hold (a
    supposition is asked for one day) and for the order in which lines of duty are told.
    """

    known: Sitting
    supposed: Sitting
    _makers: dict[int, tuple[SanctionFinding, VendorFacts]] = field(default_factory=dict)

    @classmethod
    def beside(cls, known: Sitting, book: PolicyBook) -> SupposedSitting:
        """The sitting under the book, on the same day."""
        return cls(known, Sitting(ConsideredBeside(book, known.considered), known.on, is_for_one_day=True))

    def assess(self, lot: LotFacts, vendor: VendorFacts, value: LotValue) -> ExposureResult:
        """The exposure of one lot."""
        return self.instead_of(self.known.assess(lot, vendor, value), lot, vendor, value)

    def instead_of(
        self, found: ExposureResult, lot: LotFacts, vendor: VendorFacts, value: LotValue
    ) -> ExposureResult:
        """The exposure of a lot of which `found` is known; the very same where the supposition leaves it alone."""
        if not self._is_left_alone(lot, found):
            return self.supposed.assess(lot, vendor, value)
        sanction = self._sanction(vendor)
        return found if sanction == found.sanction else reached_otherwise(found, lot, sanction)

    def _is_left_alone(self, lot: LotFacts, found: ExposureResult) -> bool:
        """Whether every rate that was asked for stays the same."""
        considered = self.supposed.considered
        assert isinstance(considered, ConsideredBeside)  # noqa: S101 (it is made so)
        return all(
            considered.leaves_alone(lot.entry(on=asked.day, origin=asked.origin)) for asked in found.questions
        )

    def _sanction(self, vendor: VendorFacts) -> SanctionFinding:
        """How lists reach the maker under the supposed book; it is kept with the answer, so that no other comes to
        bear its identity."""
        kept = self._makers.get(id(vendor))
        if kept is None:
            found = sanction_finding(vendor, self.supposed.considered.book, self.supposed.on)
            kept = self._makers[id(vendor)] = (found, vendor)
        return kept[0]
