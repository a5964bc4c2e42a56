"""A finding of the engine as a row of the database, and back to what it rests on."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from fleet.selectors import in_chunks
from risk.engine import explanations
from risk.engine.exposure import ENGINE_VERSION, ExposureResult
from risk.engine.facts import LotFacts, VendorFacts, as_plain, digest_of, from_plain
from risk.engine.terms.money import AdValoremRate, Money
from risk.flows.gather_lots import LotToAssess
from risk.models import Explanation, Exposure, PolicyEdition


class ExposureRows:
    """Findings under one edition on their way to the record: what many of them share is worked out once.

    A maker's facts and the questions that lots found alike share are told by identity, and kept with the answer, so
    that no other comes to bear it.
    """

    def __init__(self, edition: PolicyEdition) -> None:
        self._edition = edition
        self._makers: dict[int, tuple[VendorFacts, dict[str, Any], str]] = {}
        self._explained: dict[int, tuple[object, Explanation]] = {}
        self._by_digest: dict[str, Explanation] = {}

    def row(self, lot: LotToAssess, result: ExposureResult, now: datetime) -> Exposure:
        """The row of one finding, not yet saved, nor perhaps its explanation."""
        amounts, value, facts = result.amounts, lot.value, as_plain(lot.facts)
        return Exposure(
            lot_id=lot.lot_id,
            edition=self._edition,
            list_editions=_lists(lot.vendor),
            engine_version=ENGINE_VERSION,
            basis=self._basis(lot, facts, result),
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
            facts=facts,
            explanation=self._explanation(lot, result),
            value_in_fleet_cents=_cents(value.in_fleet),
            value_ever_cents=_cents(value.ever),
            units_without_value=value.units_without_value,
        )

    def save_explanations(self, rows: Iterable[Exposure]) -> None:
        """Write the explanations of rows, each once; what another worker wrote meanwhile is taken.

        Before the rows, and outside of their transaction: two workers that held explanations while they wrote on
        could wait for one another. One that no row comes to need does no harm.
        """
        rows = list(rows)
        self._save({row.explanation.digest for row in rows if row.explanation.pk is None})
        for row in rows:
            row.explanation_id = row.explanation.pk

    def _basis(self, lot: LotToAssess, facts: dict[str, Any], result: ExposureResult) -> str:
        """The digest of all that a finding rests on: facts, maker, value, edition, lists, engine, first day."""
        _, maker = self._maker(lot.vendor)
        first, value = result.holds.first.isoformat(), as_plain(lot.value)
        return digest_of(facts, maker, value, self._edition.digest, _lists(lot.vendor), ENGINE_VERSION, first)

    def _maker(self, maker: VendorFacts) -> tuple[dict[str, Any], str]:
        """The facts of a maker, and their digest."""
        known = self._makers.get(id(maker))
        if known is None:
            known = self._makers[id(maker)] = maker, as_plain(maker), digest_of(maker)
        return known[1:]

    def _explanation(self, lot: LotToAssess, result: ExposureResult) -> Explanation:
        known = self._explained.get(id(result.questions))
        if known is None:
            body = explanations.kept(result, self._maker(lot.vendor)[0])
            digest = digest_of(body)
            one = self._by_digest.setdefault(digest, Explanation(digest=digest, body=body))
            known = self._explained[id(result.questions)] = result.questions, one
        return known[1]

    def _save(self, digests: set[str]) -> None:
        known = _explanations_of(digests)
        new = [self._by_digest[digest] for digest in sorted(digests - known.keys())]
        if new:
            Explanation.objects.bulk_create(new, ignore_conflicts=True)
            known |= _explanations_of(each.digest for each in new)
        for digest, pk in known.items():
            self._by_digest[digest].pk = pk


def _explanations_of(digests: Iterable[str]) -> dict[str, int]:
    return {
        digest: pk
        for some in in_chunks(digests)
        for digest, pk in Explanation.objects.filter(digest__in=some).values_list("digest", "pk")
    }


def _lists(maker: VendorFacts) -> dict[str, str]:
    """The list editions that a maker was screened against."""
    return {each.list_code: each.edition for each in maker.lists_screened}


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
