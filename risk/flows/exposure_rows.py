"""A finding of the engine as a row of the database, and back to what it rests on."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from risk.engine import explanations
from risk.engine.exposure import ENGINE_VERSION, ExposureResult
from risk.engine.facts import LotFacts, VendorFacts, as_plain, digest_of, from_plain
from risk.engine.terms.money import AdValoremRate, Money
from risk.flows.gather_lots import LotToAssess
from risk.models import Explanation, Exposure, PolicyEdition


class Explanations:
    """The explanations of one sitting's findings: each is written once, whatever number of lots it is found for."""

    def __init__(self) -> None:
        self._made: dict[int, tuple[object, Explanation]] = {}
        self._known: dict[str, Explanation] = {}

    def of(self, lot: LotToAssess, result: ExposureResult) -> Explanation:
        """The explanation of a finding, saved or not. Lots that are found alike share their questions, by which they
        are told; they are kept with the answer, so that no other comes to bear their identity."""
        made = self._made.get(id(result.questions))
        if made is None:
            body = explanations.kept(result, lot.vendor)
            digest = digest_of(body)
            one = self._known.setdefault(digest, Explanation(digest=digest, body=body))
            made = self._made[id(result.questions)] = (result.questions, one)
        return made[1]

    def save(self, rows: Iterable[Explanation]) -> None:
        """Give every one of them its row; what another worker wrote meanwhile is taken."""
        new = {row.digest: row for row in rows if row.pk is None}
        if not new:
            return
        missing = [row for row in new.values() if row.digest not in self._ids(new)]
        Explanation.objects.bulk_create(missing, ignore_conflicts=True)
        for digest, pk in self._ids(new).items():
            self._known[digest].pk = pk

    @staticmethod
    def _ids(digests: Iterable[str]) -> dict[str, int]:
        return dict(Explanation.objects.filter(digest__in=list(digests)).values_list("digest", "pk"))


def exposure_row(
    lot: LotToAssess,
    result: ExposureResult,
    edition: PolicyEdition,
    explanation: Explanation,
    basis: str,
    now: datetime,
) -> Exposure:
    """The row of one finding, not yet saved."""
    amounts = result.amounts
    return Exposure(
        lot_id=lot.lot_id,
        edition=edition,
        engine_version=ENGINE_VERSION,
        basis=basis,
        assessed_at=now,
        holds_from=result.holds.first,
        holds_through=result.holds.through,
        stage=result.stage.value,
        origin=result.origin or "",
        contested_origin=result.contested_origin or "",
        clock=result.clock.value if result.clock else "",
        rate=_fraction(result.rate),
        best=result.best.fraction,
        worst=_fraction(result.worst),
        duty_to_come_cents=_cents(amounts.duty_to_come),
        contingent_cents=_cents(amounts.contingent),
        refundable_cents=_cents(amounts.refundable),
        replacement_cents=_cents(amounts.replacement),
        sanction_level=result.sanction.level.value,
        is_screened=result.sanction.is_screened,
        score=result.score,
        band=result.band.value,
        doubted_facts=[doubt.fact for doubt in result.doubts],
        facts=as_plain(lot.facts),
        explanation=explanation,
        value_in_fleet_cents=_cents(lot.value.in_fleet),
        value_ever_cents=_cents(lot.value.ever),
        units_without_value=lot.value.units_without_value,
    )


def kept_lot(row: Exposure) -> LotToAssess:
    """Everything that a finding on record rests on, as it was kept with it.

    Raises ValueError, TypeError or KeyError where it is not all there, or no facts any more.
    """
    return LotToAssess(
        lot_id=row.lot_id,
        facts=from_plain(LotFacts, row.facts),
        vendor=from_plain(VendorFacts, row.explanation.body["maker"]),
        value=row.value,
    )


def kept_day(row: Exposure) -> date:
    """The day on which a finding on record was asked for."""
    return explanations.asked_on(row.explanation.body)


def _fraction(rate: AdValoremRate | None) -> Any:
    return None if rate is None else rate.fraction


def _cents(amount: Money | None) -> int | None:
    return None if amount is None else amount.cents
