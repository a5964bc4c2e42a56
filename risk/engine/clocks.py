"""The clocks of a customs entry: how long customs, and the importer, can still change what is owed.

Liquidation: customs' usual cycle of 314 days (19 USC 1504). Voluntary reliquidation: 90 days after
(19 USC 1501). Protest: 180 days after (19 USC 1514). Penalty: five years from the entry (19 USC 1621).
Records: five years (19 CFR 163.4). Verified through 2026-10-10. Worked example: an entry of 2024-05-15 is
taken as liquidated on 2025-03-25; its penalty period runs through 2029-05-15.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from risk.engine.terms.spans import ONE_DAY

LIQUIDATION = timedelta(days=314)
RELIQUIDATION = timedelta(days=90)
PROTEST = timedelta(days=180)
PENALTY_YEARS = 5


class ClockStage(StrEnum):
    """How far an entry has come; each stage leaves customs fewer ways to ask for more."""

    UNLIQUIDATED = "not yet liquidated"
    RELIQUIDATION_OPEN = "liquidated, voluntary reliquidation open"
    PROTEST_OPEN = "liquidated, protest open"
    PENALTY_ONLY = "penalty period only"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class EntryClocks:
    """The last days of each stage of one entry. `liquidated` is estimated unless a date is on record."""

    entry_date: date
    liquidated: date
    penalty_through: date

    @classmethod
    def of(cls, entry_date: date, liquidated: date | None = None) -> EntryClocks:
        """The clocks of an entry; without a liquidation date the usual cycle is assumed."""
        return cls(
            entry_date, liquidated or entry_date + LIQUIDATION, _years_after(entry_date, PENALTY_YEARS)
        )

    def stage_on(self, day: date) -> ClockStage:
        """The stage that the entry is in on a day."""
        if day > self.penalty_through:
            return ClockStage.CLOSED
        return next((stage for last_day, stage in self._ends() if day <= last_day), ClockStage.PENALTY_ONLY)

    def change_days(self) -> tuple[date, ...]:
        """The days on which the stage becomes another."""
        return (*(last_day + ONE_DAY for last_day, _ in self._ends()), self.penalty_through + ONE_DAY)

    def _ends(self) -> tuple[tuple[date, ClockStage], ...]:
        return (
            (self.liquidated, ClockStage.UNLIQUIDATED),
            (self.liquidated + RELIQUIDATION, ClockStage.RELIQUIDATION_OPEN),
            (self.liquidated + PROTEST, ClockStage.PROTEST_OPEN),
        )


def _years_after(day: date, years: int) -> date:
    """The same day so many years on; from 29 February the longer reading, 1 March."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)
