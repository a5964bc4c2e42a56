"""An operator's fleet beside the findings on its lots, read anew only when the one or the other has changed."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache, partial
from threading import RLock
from typing import Any, TypeVar

from django.db.models import Exists, OuterRef
from django.db.models.functions import Coalesce

from fleet.kept_fleets import KeptFleet, forget_fleets, kept_fleet
from fleet.models import Operator
from fleet.models.operator import COUNTED_VERSION
from fleet.selectors import Holdings
from ledger.id_sets import among
from ledger.latest import Latest, kept_for_long
from ledger.written_queries import WrittenQuery
from risk.engine.findings import SanctionLevel
from risk.engine.shares import FleetShares, Held, Judged, Standing, fleet_shares, grouped
from risk.engine.terms.money import FREE, AdValoremRate, Money
from risk.models import Assessment, Exposure

FLEETS_KEPT = 8
THINGS_KEPT = 64
RATES_KEPT = 4096
Made = TypeVar("Made")


@dataclass(frozen=True, eq=False)
class FleetFindings:
    """Everything that an operator holds, each with the standing of its lot, and the current finding by lot.

    While fleet and findings stand, it is the same object, and what was added up once is not added up again.
    `versions` are those of the fleet and of its findings; `fleet` is what was held at that version.
    """

    fleet: KeptFleet
    held: tuple[Held, ...]
    findings: Mapping[int, Exposure]
    standings: Mapping[int, Standing]
    versions: tuple[int, int] = (0, 0)
    _made: dict[Hashable, Any] = field(default_factory=dict, repr=False)
    _making: RLock = field(default_factory=RLock, repr=False)

    def once(self, of: Hashable, make: Callable[[], Made]) -> Made:
        """What `make` makes of this fleet and of nothing else but `of`, made once while both stand; of many things
        those made last are kept. Who asks while another thread makes it waits for that."""
        with self._making:
            known: Made | None = self._made.get(of)
            if known is None:
                known = make()
                while len(self._made) >= THINGS_KEPT:
                    self._made.pop(next(iter(self._made)))
                self._made[of] = known
            return known

    def holds_on(self, day: date) -> bool:
        """Whether every finding holds on a day."""
        first, last = self.once("held through", self._held_through)
        return bool(first <= day <= last)

    @property
    def list_editions(self) -> dict[str, str]:
        """The list editions that the findings rest on, by list."""
        return self.once(
            "lists",
            lambda: {
                name: edition
                for row in self.findings.values()
                for name, edition in sorted(row.list_editions.items())
            },
        )

    @property
    def assessed_at(self) -> datetime | None:
        """When the newest finding was made; None without any."""
        return self.once(
            "assessed", lambda: (max((row.assessed_at for row in self.findings.values()), default=None),)
        )[0]

    def _held_through(self) -> tuple[date, date]:
        rows = self.findings.values()
        return (
            max((row.holds_from for row in rows if row.holds_from), default=date.min),
            min((row.holds_through for row in rows if row.holds_through), default=date.max),
        )

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

    def only(self, belongs: Callable[[Held], bool]) -> FleetFindings:
        """The part of what is held that belongs, with all findings."""
        return replace(self, held=tuple(filter(belongs, self.held)), _made={})

    def _judged(self, threshold: AdValoremRate) -> Judged:
        return self.once(("judged", threshold), lambda: Judged(threshold))


_VERSIONS = WrittenQuery(
    lambda at: Operator.objects.filter(pk=at("operator")).values_list(
        COUNTED_VERSION, Coalesce("findings__version", 0)
    )
)


def fleet_findings(operator: Operator) -> FleetFindings:
    """The whole fleet as last assessed. One query while it stands; when it has moved, only what differs is read."""
    told = _VERSIONS.rows(operator=operator.pk)[0]
    return _FOUND.made(
        operator.pk, stands=lambda found: found.versions == told, make=partial(_read, operator, told)
    )


def forget_findings() -> None:
    """Read every fleet anew: for a database that went back in time."""
    forget_fleets()
    _FOUND.forget()


_FOUND: Latest[int, FleetFindings] = Latest(FLEETS_KEPT)


def _read(operator: Operator, versions: tuple[int, int], before: FleetFindings | None) -> FleetFindings:
    # The versions were read before the rows: what changes between is read again under the next version.
    fleet = kept_fleet(operator, versions[0])
    if before is None:
        found = _with_findings(fleet, _current(operator, before), before, versions)
        kept_for_long(len(found.held))
        return found
    if before.versions[1] != versions[1]:
        return _with_findings(fleet, _current(operator, before), before, versions)
    if before.fleet.held is fleet.held:
        return replace(before, fleet=fleet, versions=versions)
    return _with_findings(fleet, before.findings, before, versions)


def _current(operator: Operator, before: FleetFindings | None) -> dict[int, Exposure]:
    """The current finding by lot; those that are on record as they were are the same objects as before."""
    # A lot that could not be assessed is unknown, whatever was found of it before.
    aside = Assessment.objects.set_aside().filter(lot=OuterRef("lot"))
    current = Exposure.objects.current().filter(~Exists(aside), lot__operator=operator)
    known = {} if before is None else {(row.pk, row.run_id): row for row in before.findings.values()}
    if not known:
        return {row.lot_id: row for row in current}
    keys = list(current.values_list("pk", "run_id"))
    same = [known[key] for key in keys if key in known]
    others = Exposure.objects.filter(pk__in=among([key[0] for key in keys if key not in known]))
    return {row.lot_id: row for row in (*same, *others)}


def _with_findings(
    fleet: KeptFleet,
    findings: Mapping[int, Exposure],
    before: FleetFindings | None,
    versions: tuple[int, int],
) -> FleetFindings:
    known = {} if before is None else before.findings
    standings = {
        lot_id: before.standings[lot_id] if before and known.get(lot_id) is row else standing_of(row)
        for lot_id, row in findings.items()
    }
    held = tuple(held_rigs(fleet.held, standings, before))
    return FleetFindings(fleet, held, findings, standings, versions)


def held_rigs(
    counted: Iterable[Holdings], standings: Mapping[int, Standing], before: FleetFindings | None = None
) -> list[Held]:
    """The counted rigs of lots beside their findings; rigs of a lot not yet assessed count as unknown. Those that
    stand as they did before are the same objects."""
    known = (
        {id(each): held for each, held in zip(before.fleet.held, before.held, strict=True)} if before else {}
    )
    return [_held(each, standings.get(each.lot_id), known.get(id(each))) for each in counted]


def _held(each: Holdings, standing: Standing | None, before: Held | None) -> Held:
    if before is not None and before.standing is standing:
        return before
    return Held(
        standing=standing or _not_yet_assessed(each), site=each.site, status=each.status, rigs=each.rigs
    )


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
