"""How fleets stand, in figures: the exposed shares of many operators by one question to the database."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Self

from django.db.models import Count, FilteredRelation, Q, Sum

from fleet.models import Holding, Lot, Operator
from ledger.id_sets import among
from risk.engine.findings import SanctionLevel
from risk.engine.shares import FIGURES, MEASURES, NOTHING, Exposedness, Kind, Measured, shares_of
from risk.engine.terms.money import AdValoremRate
from risk.engine.terms.rigs import IN_FLEET
from risk.flows.snapshots import as_share, as_text
from risk.models import Assessment
from risk.selectors import threshold_of

WATCHED = (Kind.ANY, Kind.TARIFF, Kind.SANCTION)
_EXPOSEDNESS = ("rate", "best", "worst", "sanction_level", "is_screened")


@dataclass(frozen=True, slots=True, kw_only=True)
class ExposedPart:
    """The exposed part of a fleet in one way: lots, units, value in cents (None: not known), and the share by each
    measure."""

    lots: int = 0
    units: int = 0
    value_cents: int | None = None
    shares: Mapping[str, Decimal | None] = field(default_factory=lambda: dict.fromkeys(MEASURES))

    @property
    def kept(self) -> dict[str, Any]:
        """As it is kept on record."""
        shares = {name: as_text(share) for name, share in self.shares.items()}
        return {"lots": self.lots, "units": self.units, "value_cents": self.value_cents, "shares": shares}

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> Self:
        """What was kept on record."""
        return cls(**{**kept, "shares": {name: as_share(text) for name, text in kept["shares"].items()}})


@dataclass(frozen=True, slots=True)
class FleetFigures:
    """The exposed parts of a fleet by their kind; before the first look at a fleet nothing is known of any."""

    exposed: Mapping[Kind, ExposedPart] = field(
        default_factory=lambda: {kind: ExposedPart() for kind in WATCHED}
    )

    @property
    def kept(self) -> dict[str, Any]:
        """As they are kept on record."""
        return {kind.value: part.kept for kind, part in self.exposed.items()}

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> Self:
        """What was kept on record; nothing, where nothing was."""
        if not kept:
            return cls()
        return cls({Kind(name): ExposedPart.read(part) for name, part in kept.items()})


@dataclass(frozen=True, slots=True)
class _Alike:
    """Lots of one operator that are counted alike, together; `found` is None for those not assessed."""

    found: Exposedness | None
    lots: int
    rigs: Measured


def figures_of(operators: Iterable[Operator]) -> dict[int, FleetFigures]:
    """How the fleets of operators stand by their current findings, by the operator's id; three queries. The shares
    are those of risk.selectors.exposed_share."""
    operators = list(operators)
    alike: defaultdict[int, list[_Alike]] = defaultdict(list)
    for operator_id, lots in _counted(operators):
        alike[operator_id].append(lots)
    return {each.pk: _added_up(alike[each.pk], threshold_of(each)) for each in operators}


def _counted(operators: Iterable[Operator]) -> Iterator[tuple[int, _Alike]]:
    """What is held, by how it was found. The lots are named one by one: told of an operator alone, PostgreSQL reads
    the findings on everybody's lots."""
    lots = list(Lot.objects.filter(operator__in=operators).values_list("pk", flat=True))
    set_aside = Assessment.objects.set_aside().filter(operator__in=operators)
    aside = list(set_aside.values_list("lot_id", flat=True))
    finding = FilteredRelation("lot__exposures", condition=Q(lot__exposures__is_current=True))
    held = Holding.objects.filter(lot_id__in=among(lots), status__in=IN_FLEET, units__gt=0)
    rows = held.annotate(finding=finding, is_aside=Q(lot_id__in=among(aside))).order_by()
    names = [f"finding__{name}" for name in _EXPOSEDNESS]
    sums = {f"sum_{name}": Sum(name) for name in FIGURES}
    for row in rows.values("operator_id", "is_aside", *names).annotate(
        lots=Count("lot", distinct=True), **sums
    ):
        rigs = Measured(**{name: row[f"sum_{name}"] for name in FIGURES})
        yield (
            row["operator_id"],
            _Alike(None if row["is_aside"] else _exposedness(*map(row.get, names)), row["lots"], rigs),
        )


def _exposedness(
    rate: Decimal | None,
    best: Decimal | None,
    worst: Decimal | None,
    sanction_level: str | None,
    is_screened: bool | None,
) -> Exposedness | None:
    if best is None:
        return None
    return Exposedness(
        rate=None if rate is None else AdValoremRate(rate),
        best=AdValoremRate(best),
        worst=None if worst is None else AdValoremRate(worst),
        sanction=SanctionLevel(sanction_level or ""),
        is_screened=bool(is_screened),
    )


def _added_up(alike: Iterable[_Alike], threshold: AdValoremRate) -> FleetFigures:
    lots: dict[Kind, int] = dict.fromkeys(WATCHED, 0)
    rigs: dict[Kind, Measured] = dict.fromkeys(WATCHED, NOTHING)
    whole = NOTHING
    for each in alike:
        whole += each.rigs
        for kind in each.found.kinds(threshold) if each.found else ():
            if kind in lots:
                lots[kind] += each.lots
                rigs[kind] += each.rigs
    exposed, _ = shares_of({}, rigs, whole)
    return FleetFigures(
        {
            kind: ExposedPart(
                lots=lots[kind],
                units=rigs[kind].units,
                value_cents=rigs[kind].value_cents if rigs[kind].units_with_value else None,
                shares={name: exposed[kind].of(name) for name in MEASURES},
            )
            for kind in WATCHED
        }
    )
