"""What can be supposed, as frozen values: each kind of change is one class."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal

from risk.engine.policy import Effect, RateType
from risk.engine.terms.countries import CountryCode
from risk.engine.terms.hts import HtsCode, HtsPrefix
from risk.engine.terms.money import AdValoremRate, Money
from risk.engine.terms.rigs import RigStatus, TransportMode
from risk.engine.terms.spans import ONE_DAY

Every = Literal["*"]


class ScenarioRefused(ValueError):
    """A scenario that cannot be supposed; `complaints` are sentences, one for each fault."""

    def __init__(self, complaints: Iterable[str]) -> None:
        self.complaints = tuple(complaints)
        super().__init__(" ".join(self.complaints))


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureAdded:
    """A duty that no edition has: `rate` on goods of these origins and codes, from a day on."""

    code: str
    rate: AdValoremRate
    effective_from: date
    effective_through: date | None = None
    title: str = ""
    rate_type: RateType = RateType.ADDITIVE
    import_country: CountryCode = field(default_factory=lambda: CountryCode("US"))
    countries_of_origin: frozenset[CountryCode] | Every = "*"
    excluded_countries_of_origin: frozenset[CountryCode] = frozenset()
    hts_prefixes: tuple[HtsPrefix, ...] = ()
    transport_modes: frozenset[TransportMode] = frozenset()
    yields_to: frozenset[str] = frozenset()
    replaces: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureEnded:
    """A measure of the edition whose last day is `through`."""

    code: str
    through: date


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureChanged:
    """A measure of the edition with another rate, from a day on or for all of its span, or another span."""

    code: str
    rate: AdValoremRate | None = None
    since: date | None = None
    effective_from: date | None = None
    effective_through: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyListed:
    """A vendor that a government names: what that does to it, from a day on."""

    vendor: str
    effect: Effect = Effect.RESTRICTS
    since: date | None = None
    list_name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OriginContested:
    """An origin that customs asserts for a maker's rigs, for entries from a day on."""

    maker: str
    country: CountryCode
    since: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Which:
    """Which rigs: those of which all that is said holds. `units` is how many of them, None all."""

    lots: frozenset[int] = frozenset()
    maker: str | None = None
    model: str | None = None
    site: str | None = None
    statuses: frozenset[RigStatus] = frozenset()
    country_of_origin: CountryCode | None = None
    country_of_assembly: CountryCode | None = None
    units: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RigsBought:
    """So many rigs of a model, with the facts that a fleet sheet would give of them."""

    model: str
    units: int
    maker: str | None = None
    unit_value: Money | None = None
    hashrate_ths: Decimal | None = None
    power_w: int | None = None
    site: str | None = None
    status: RigStatus = RigStatus.ON_ORDER
    import_country: CountryCode | None = None
    country_of_origin: CountryCode | None = None
    country_of_assembly: CountryCode | None = None
    hashboard_origin: CountryCode | None = None
    hts_code: HtsCode | None = None
    entry_date: date | None = None
    expected_entry_date: date | None = None
    transport_mode: TransportMode | None = None
    loaded_date: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RigsSold:
    """Rigs that leave the fleet; their entries stay open to customs."""

    which: Which


@dataclass(frozen=True, slots=True, kw_only=True)
class RigsMoved:
    """Rigs that come to stand in another country; an entry that they had stays open to customs."""

    which: Which
    to_country: CountryCode
    to_site: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RigsDelayed:
    """Rigs to come whose expected entry date is so many days later, or earlier where `days` is negative."""

    which: Which
    days: int


LawChange = MeasureAdded | MeasureEnded | MeasureChanged | PartyListed
FleetChange = RigsBought | RigsSold | RigsMoved | RigsDelayed
Change = LawChange | OriginContested | FleetChange


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """Changes, supposed together and in this order."""

    changes: tuple[Change, ...]
    title: str = ""

    def begins_after(self, day: date) -> date | None:
        """The first day after this one on which something that is supposed begins; None where all has begun."""
        return min(
            (first for each in self.changes for first in _first_days(each) if first > day), default=None
        )


def _first_days(change: Change) -> Iterable[date]:
    """The days on which a change of law begins to be felt."""
    match change:
        case MeasureAdded():
            yield change.effective_from
        case MeasureEnded():
            yield change.through + ONE_DAY
        case MeasureChanged():
            yield from filter(None, (change.since, change.effective_from))
            if change.effective_through:
                yield change.effective_through + ONE_DAY
        case PartyListed() if change.since:
            yield change.since
