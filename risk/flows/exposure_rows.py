"""A finding of the engine as a row of the database, and back to what it rests on."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, cached_property
from typing import Any, NamedTuple

from django.db import transaction

from fleet.flows.bulk_rows import insert_missing, insert_or_overwrite, insert_rows, taken
from fleet.selectors import in_chunks
from risk.engine import explanations
from risk.engine.exposure import ENGINE_VERSION, ExposureResult
from risk.engine.facts import LotFacts, VendorFacts
from risk.engine.kept_facts import TextOfAlike, as_plain, digest_of, digest_of_texts, from_plain, text_of
from risk.engine.terms.money import AdValoremRate
from risk.flows.gather_lots import LotToAssess
from risk.models import Explanation, Exposure, PolicyEdition


@dataclass(frozen=True, slots=True, kw_only=True)
class Alike:
    """What the rows of lots that are found alike have in common, as values and as the database takes them.

    `questions` tell these lots from others by their identity.
    """

    questions: object
    explanation: Explanation
    columns: dict[str, Any]
    taken: tuple[Any, ...]
    texts: TextOfAlike


class Found(NamedTuple):
    """The finding on one lot on its way to the record. `facts` are JSON; `cents` are in the order of CENTS."""

    lot_id: int
    basis: str
    facts: str
    cents: tuple[int | None, ...]
    units_without_value: int
    alike: Alike
    run_id: int | None


CENTS = (
    "duty_to_come_cents",
    "contingent_cents",
    "refundable_cents",
    "replacement_cents",
    "value_in_fleet_cents",
    "value_ever_cents",
)


OWN = ("assessed_at", "run_id", "explanation_id", "lot_id", "basis", "facts", *CENTS, "units_without_value")
_ENGINE = text_of(ENGINE_VERSION)


class ExposureRows:
    """Findings under one edition on their way to the record: what many of them share is worked out once.

    A maker's facts and the questions that lots found alike share are told by identity, and kept with the answer, so
    that no other comes to bear it.
    """

    def __init__(self, edition: PolicyEdition) -> None:
        self._edition = edition
        self._makers: dict[int, _Maker] = {}
        self._alike: dict[tuple[int, bool], Alike] = {}
        self._by_digest: dict[str, Explanation] = {}

    def found(self, lot: LotToAssess, result: ExposureResult, run_id: int | None = None) -> Found:
        """One finding of a run, with all that its row needs but the key of its explanation."""
        alike, amounts, value = self._of_alike(lot, result), result.amounts, lot.value
        facts, told = alike.texts.of(lot.facts), (*amounts, value.in_fleet, value.ever)
        return Found(
            lot_id=lot.lot_id,
            basis=self._basis(lot, facts, result),
            facts=facts,
            cents=tuple([None if amount is None else amount.cents for amount in told]),
            units_without_value=value.units_without_value,
            alike=alike,
            run_id=run_id,
        )

    def row(self, lot: LotToAssess, result: ExposureResult, now: datetime) -> Exposure:
        """The row of one finding as an object, not saved, nor perhaps its explanation."""
        found = self.found(lot, result)
        return Exposure(
            lot_id=found.lot_id,
            basis=found.basis,
            facts=json.loads(found.facts),
            units_without_value=found.units_without_value,
            assessed_at=now,
            explanation=found.alike.explanation,
            **dict(zip(CENTS, found.cents, strict=True)),
            **found.alike.columns,
        )

    def save_explanations(self, found: Iterable[Found]) -> None:
        """Write the explanations of findings, each once; what another worker wrote meanwhile is taken.

        Before the rows, and outside of their transaction: two workers that held explanations while they wrote on
        could wait for one another. One that no row comes to need does no harm.
        """
        new = {each.alike.explanation.digest for each in found if each.alike.explanation.pk is None}
        if new:
            self._save(new)

    def look_again(self) -> None:
        """Ask the database for explanations again before findings name them: it may have lost, meanwhile, what it had
        written last."""
        for explanation in self._by_digest.values():
            explanation.pk = None

    def add(self, found: Sequence[Found], now: datetime) -> None:
        """Write the first findings of lots, in the caller's transaction. Explanations must be saved."""
        if found:
            insert_rows(Exposure, *self._rows(found, now))

    def replace(self, found: Sequence[Found], now: datetime) -> None:
        """Write the findings of lots that had others, likewise; one that is on record from before becomes current
        again, and nothing is written twice."""
        if found:
            again = ("is_current", "run_id")
            insert_or_overwrite(Exposure, *self._rows(found, now), by=("lot_id", "basis"), only=again)

    def _rows(
        self, found: Sequence[Found], now: datetime
    ) -> tuple[tuple[str, ...], Iterator[tuple[Any, ...]]]:
        """The columns of findings, and their rows."""
        (at,) = taken(Exposure, {"assessed_at": now})
        return (*OWN, *found[0].alike.columns), ((at, *_own(each), *each.alike.taken) for each in found)

    def _basis(self, lot: LotToAssess, facts: str, result: ExposureResult) -> str:
        """The digest of all that a finding rests on: facts, maker, value, edition, lists, engine, first day."""
        maker, value = self._maker(lot.vendor), text_of(lot.value)
        return digest_of_texts(facts, maker.text, value, self._under, maker.lists_text, _ENGINE, _day(result))

    @cached_property
    def _under(self) -> str:
        return text_of(self._edition.digest)

    def _maker(self, vendor: VendorFacts) -> _Maker:
        known = self._makers.get(id(vendor))
        if known is None:
            known = self._makers[id(vendor)] = _Maker(vendor)
        return known

    def _of_alike(self, lot: LotToAssess, result: ExposureResult) -> Alike:
        lacks_value = lot.value.units_without_value > 0
        known = self._alike.get((id(result.questions), lacks_value))
        if known is None:
            known = self._new_alike(lot, result)
            self._alike[id(result.questions), lacks_value] = known
        return known

    def _new_alike(self, lot: LotToAssess, result: ExposureResult) -> Alike:
        maker = self._maker(lot.vendor)
        columns = self._columns(maker, result)
        return Alike(
            questions=result.questions,
            explanation=self._explanation(maker, result),
            columns=columns,
            taken=tuple(taken(Exposure, columns)),
            texts=TextOfAlike(lot.facts),
        )

    def _columns(self, maker: _Maker, result: ExposureResult) -> dict[str, Any]:
        return {
            "edition_id": self._edition.pk,
            "list_editions": maker.lists,
            "engine_version": ENGINE_VERSION,
            "is_current": True,
            "holds_from": result.holds.first,
            "holds_through": result.holds.through,
            "stage": result.stage.value,
            "origin": result.origin or "",
            "contested_origin": result.contested_origin or "",
            "clock": result.clock.value if result.clock else "",
            "rate": _fraction(result.rate),
            "best": result.best.fraction,
            "worst": _fraction(result.worst),
            "sanction_level": result.sanction.level.value,
            "is_screened": result.sanction.is_screened,
            "score": result.score,
            "band": result.band.value,
            "doubted_facts": [doubt.fact for doubt in result.doubts],
        }

    def _explanation(self, maker: _Maker, result: ExposureResult) -> Explanation:
        body = explanations.kept(result, maker.plain)
        digest = digest_of(body)
        return self._by_digest.setdefault(digest, Explanation(digest=digest, body=body))

    def _save(self, digests: set[str]) -> None:
        known = _explanations_of(digests)
        new = sorted(digests - known.keys())
        if new:
            with transaction.atomic():
                rows = ((digest, text_of(self._by_digest[digest].body)) for digest in new)
                insert_missing(Explanation, ("digest", "body"), rows, by="digest")
            known |= _explanations_of(new)
        for digest, pk in known.items():
            self._by_digest[digest].pk = pk


class _Maker:
    """A maker's facts as they are kept, and the list editions that it was screened against."""

    def __init__(self, vendor: VendorFacts) -> None:
        self.vendor = vendor
        self.plain: dict[str, Any] = as_plain(vendor)
        self.text = text_of(digest_of(vendor))
        self.lists = {each.list_code: each.edition for each in vendor.lists_screened}
        self.lists_text = text_of(self.lists)


def _own(found: Found) -> tuple[Any, ...]:
    """What one row has of its own, in the order of OWN."""
    explanation = found.alike.explanation.pk
    own = (found.run_id, explanation, found.lot_id, found.basis, found.facts)
    return *own, *found.cents, found.units_without_value


def _explanations_of(digests: Iterable[str]) -> dict[str, int]:
    return {
        digest: pk
        for some in in_chunks(digests)
        for digest, pk in Explanation.objects.filter(digest__in=some).values_list("digest", "pk")
    }


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


@cache
def _text_of_day(day: date) -> str:
    return text_of(day.isoformat())


def _day(result: ExposureResult) -> str:
    return _text_of_day(result.holds.first)
