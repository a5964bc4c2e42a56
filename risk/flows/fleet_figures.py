"""How fleets stand, in figures: the exposed shares of many operators by one question to the database."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Self

from django.db import connection

from fleet.models import Operator
from ledger.id_sets import rows_of
from risk.engine.findings import SanctionLevel
from risk.engine.shares import FIGURES, MEASURES, NOTHING, Exposedness, Kind, Measured, exposed_shares
from risk.engine.terms.money import AdValoremRate
from risk.engine.terms.rigs import IN_FLEET
from risk.flows.snapshots import as_share, as_text
from risk.models import Exposure
from risk.selectors import threshold_of

WATCHED = (Kind.ANY, Kind.TARIFF, Kind.SANCTION)
RATES = ("rate", "best", "worst")
LAST_DIGIT = Decimal(10) ** -Exposure._meta.get_field("rate").decimal_places
"""Of a rate on record; SQLite keeps it as a floating number, which may tell more."""


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


def figures_of(operators: Iterable[Operator], *, set_aside: Iterable[int]) -> dict[int, FleetFigures]:
    """How the fleets of operators stand by their current findings, by the operator's id; one query. The shares are
    those of risk.selectors.exposed_share. `set_aside`: their lots that could not be assessed."""
    operators = list(operators)
    alike: defaultdict[int, list[_Alike]] = defaultdict(list)
    for operator_id, lots in _counted([each.pk for each in operators], set_aside):
        alike[operator_id].append(lots)
    return {each.pk: _added_up(alike[each.pk], threshold_of(each)) for each in operators}


def _counted(operator_ids: Iterable[int], set_aside: Iterable[int]) -> Iterator[tuple[int, _Alike]]:
    """What is held, by how it was found; a lot that was set aside counts as one without a finding."""
    (whose, of_operators), (aside, of_lots) = rows_of(operator_ids), rows_of(set_aside)
    statement, statuses = _statement(whose, aside), sorted(IN_FLEET)
    known: dict[tuple[Any, ...], Exposedness | None] = {}
    with connection.cursor() as cursor:
        cursor.execute(statement, [*of_operators, *statuses, *of_lots])
        rows = cursor.fetchall()
    for operator_id, lots, level, is_screened, rate, best, worst, *figures in rows:
        found = level, is_screened, rate, best, worst
        if found not in known:
            known[found] = _exposedness(*found)
        yield operator_id, _Alike(known[found], lots, Measured(**dict(zip(FIGURES, figures, strict=True))))


def _statement(whose: str, aside: str) -> str:
    """Lots are added up before their findings are looked for, each lot's by itself. In one join of both, PostgreSQL
    would read the findings on everybody's lots. `whose` and `aside` are queries of ids."""
    of_a_lot = ", ".join(f"sum({name}) AS {name}" for name in FIGURES)
    of_all = ", ".join(f"CAST(sum(held.{name}) AS bigint)" for name in FIGURES)
    # As text, a rate comes from either kind of database in all its digits.
    told_as = ", ".join(f"CAST(found.{name} AS text)" for name in RATES)
    # Names come from our own models, values are parameters.
    return f"""
        SELECT held.operator_id, count(*), found.sanction_level, found.is_screened, {told_as}, {of_all}
        FROM (
            SELECT operator_id, lot_id, {of_a_lot} FROM fleet_holding
            WHERE operator_id IN ({whose}) AND units > 0 AND status IN ({", ".join(["%s"] * len(IN_FLEET))})
            GROUP BY operator_id, lot_id
        ) held
        LEFT JOIN {_CURRENT[connection.vendor]} AND held.lot_id NOT IN ({aside})
        GROUP BY held.operator_id, found.sanction_level, found.is_screened, {", ".join(RATES)}
    """  # noqa: S608


_CURRENT = {
    "postgresql": (
        "LATERAL (SELECT * FROM risk_exposure WHERE lot_id = held.lot_id AND is_current LIMIT 1) found ON true"
    ),
    "sqlite": "risk_exposure found ON found.lot_id = held.lot_id AND found.is_current",
}
"""By the kind of database, how the current finding of a lot is joined."""


def _exposedness(
    level: str | None, is_screened: bool, rate: str | None, best: str, worst: str | None
) -> Exposedness | None:
    """How lots were found; None for those that were not."""
    if level is None:
        return None
    return Exposedness(
        rate=_rate(rate) if rate else None,
        best=_rate(best),
        worst=_rate(worst) if worst else None,
        sanction=SanctionLevel(level),
        is_screened=bool(is_screened),
    )


def _rate(digits: str) -> AdValoremRate:
    return AdValoremRate(Decimal(digits).quantize(LAST_DIGIT))


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
    exposed = exposed_shares(rigs, whole)
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
