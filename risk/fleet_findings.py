"""An operator's fleet beside the findings on its lots, read anew only when the one or the other has changed."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from threading import Lock
from typing import Any, TypeVar

from django.db.models import Exists, OuterRef
from django.db.models.functions import Coalesce

from fleet.models import Operator
from fleet.selectors import Holdings, holdings
from risk.engine.findings import SanctionLevel
from risk.engine.shares import FleetShares, Held, Judged, Standing, fleet_shares, grouped
from risk.engine.terms.money import FREE, AdValoremRate, Money
from risk.models import Assessment, Exposure

FLEETS_KEPT = 8
THINGS_KEPT = 64
RATES_KEPT = 4096
Made = TypeVar("Made")
_KEEPING = Lock()


@dataclass(frozen=True, eq=False)
class FleetFindings:
    """Everything that an operator holds, each with the standing of its lot, and the current finding by lot.

    While fleet and findings stand, it is the same object, and what was added up once is not added up again.
    `versions` are those of the fleet and of its findings.
    """

    held: tuple[Held, ...]
    findings: Mapping[int, Exposure]
    versions: tuple[int, int] = (0, 0)
    _made: dict[Hashable, Any] = field(default_factory=dict, repr=False)

    def once(self, of: Hashable, make: Callable[[], Made]) -> Made:
        """What `make` makes of this fleet and of nothing else but `of`, made once while both stand; of many things
        those made last are kept."""
        known: Made | None = self._made.get(of)
        if known is None:
            known = make()
            with _KEEPING:
                while len(self._made) >= THINGS_KEPT:
                    self._made.pop(next(iter(self._made)))
                self._made[of] = known
        return known

    def shares(self, threshold: AdValoremRate) -> FleetShares:
        """The exposed parts of it all."""
        return self.once(
            (threshold,), lambda: fleet_shares(self.held, threshold=threshold, judged=self._judged(threshold))
        )

    def shares_by(
        self, key: Callable[[Held], str | None], threshold: AdValoremRate
    ) -> dict[str | None, FleetShares]:
        """The same for each group, largest first."""
        return self.once(
            (threshold, key),
            lambda: grouped(self.held, key, threshold=threshold, judged=self._judged(threshold)),
        )

    def _judged(self, threshold: AdValoremRate) -> Judged:
        return self.once(("judged", threshold), lambda: Judged(threshold))


def fleet_findings(operator: Operator) -> FleetFindings:
    """The whole fleet as last assessed. One query while it stands, three when it has moved."""
    versions = Operator.objects.values_list("fleet_version", Coalesce("findings__version", 0))
    return _kept(operator.pk, *versions.get(pk=operator.pk))


def forget_findings() -> None:
    """Read every fleet anew: for a database that went back in time."""
    _kept.cache_clear()


@lru_cache(maxsize=FLEETS_KEPT)
def _kept(operator_id: int, fleet: int, found: int) -> FleetFindings:
    # The versions were read before the rows: what changes between is read again under the next version.
    operator = Operator.objects.get(pk=operator_id)
    # A lot that could not be assessed is unknown, whatever was found of it before.
    aside = Assessment.objects.set_aside().filter(lot=OuterRef("lot"))
    current = Exposure.objects.current().filter(~Exists(aside), lot__operator=operator)
    findings = {row.lot_id: row for row in current}
    standings = {lot_id: standing_of(row) for lot_id, row in findings.items()}
    held = tuple(held_rigs(holdings(operator), standings))
    return FleetFindings(held=held, findings=findings, versions=(fleet, found))


def held_rigs(counted: Iterable[Holdings], standings: Mapping[int, Standing]) -> list[Held]:
    """The counted rigs of lots beside their findings; rigs of a lot not yet assessed count as unknown."""
    return [
        Held(
            standing=standings.get(each.lot_id) or _not_yet_assessed(each),
            site=each.site,
            status=each.status,
            rigs=each.rigs,
        )
        for each in counted
    ]


def standing_of(row: Exposure) -> Standing:
    """What the shares need of a finding on record."""
    return Standing(
        lot_id=row.lot_id,
        maker=row.facts["maker"],
        model=row.facts["model"],
        country_of_origin=row.origin or None,
        country_of_assembly=row.facts["country_of_assembly"],
        rate=_rate(row.rate),
        best=_rate(row.best) or FREE,
        worst=_rate(row.worst),
        sanction=SanctionLevel(row.sanction_level),
        is_screened=row.is_screened,
        band=row.band,
        duty_to_come=_money(row.duty_to_come_cents),
        contingent=_money(row.contingent_cents),
        refundable=_money(row.refundable_cents),
        replacement=_money(row.replacement_cents),
        doubted_facts=tuple(row.doubted_facts),
    )


def _not_yet_assessed(each: Holdings) -> Standing:
    """A lot that nobody has assessed is unknown in every way."""
    return Standing(
        lot_id=each.lot_id,
        maker=each.maker,
        model=each.model,
        country_of_origin=each.country_of_origin,
        country_of_assembly=each.country_of_assembly,
        rate=None,
        best=FREE,
        worst=None,
        sanction=SanctionLevel.UNKNOWN,
        is_screened=False,
        band="unknown",
        duty_to_come=None,
        contingent=None,
        refundable=None,
        replacement=None,
        doubted_facts=("assessment",),
    )


@lru_cache(maxsize=RATES_KEPT)
def _rate(fraction: Decimal | None) -> AdValoremRate | None:
    return None if fraction is None else AdValoremRate(fraction)


def _money(cents: int | None) -> Money | None:
    return None if cents is None else Money.of_cents(cents)
