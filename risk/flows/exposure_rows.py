"""A finding of the engine as a row of the database, with the explanation that people read."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from risk.engine.amounts import LotValue
from risk.engine.exposure import ENGINE_VERSION, REPLACEMENT, ExposureResult, Question
from risk.engine.facts import LotFacts, VendorFacts, as_plain, from_plain
from risk.engine.findings import RateLine, Reason
from risk.engine.outcomes import Doubt
from risk.engine.terms.money import AdValoremRate, Money
from risk.flows.gather_lots import LotToAssess
from risk.models import Exposure, PolicyEdition


def exposure_row(
    lot: LotToAssess, result: ExposureResult, edition: PolicyEdition, basis: str, now: datetime
) -> Exposure:
    """The row of one finding, not yet saved."""
    amounts = result.amounts
    return Exposure(
        lot_id=lot.lot_id,
        edition=edition,
        list_editions={each.list_code: each.edition for each in lot.vendor.lists_screened},
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
        explanation={**explained(result, lot.value), "rests_on": _rests_on(lot)},
    )


def kept_lot(row: Exposure) -> LotToAssess:
    """Everything that a finding on record rests on, as it was kept with it.

    Raises ValueError, TypeError or KeyError where it is not all there, or no facts any more.
    """
    beside = row.explanation["rests_on"]
    return LotToAssess(
        lot_id=row.lot_id,
        facts=from_plain(LotFacts, row.facts),
        vendor=from_plain(VendorFacts, beside["maker"]),
        value=from_plain(LotValue, beside["value"]),
    )


def kept_day(row: Exposure) -> date:
    """The day on which a finding on record was asked for: that on which its rigs would be bought again."""
    questions = {each["question"]: each for each in row.explanation["questions"]}
    return date.fromisoformat(questions[REPLACEMENT]["day"])


def _rests_on(lot: LotToAssess) -> dict[str, Any]:
    """What a finding rests on beside the facts of the lot."""
    return {"maker": as_plain(lot.vendor), "value": as_plain(lot.value)}


def explained(result: ExposureResult, value: LotValue) -> dict[str, Any]:
    """The finding in the words of its reasons: questions with their lines, sanctions, doubts, findings."""
    return {
        "stage": result.stage.value,
        "clock": result.clock.value if result.clock else None,
        "holds": {"from": result.holds.first.isoformat(), "through": _iso(result.holds.through)},
        "customs_value": {"in_fleet": _text(value.in_fleet), "ever": _text(value.ever)},
        "questions": [_question(question, value) for question in result.questions],
        "sanction": {
            "level": result.sanction.level.value,
            "is_screened": result.sanction.is_screened,
            "reasons": [_reason(reason) for reason in result.sanction.reasons],
        },
        "doubts": [_doubt(doubt) for doubt in result.doubts],
        "findings": [_reason(reason) for reason in result.findings],
    }


def _question(question: Question, value: LotValue) -> dict[str, Any]:
    """One question: its lines with their rates, and their duty where the value is known."""
    basis = value.in_fleet if question.name in ("to come", "replacement") else value.ever
    lines = question.answer.lines if question.answer else ()
    return {
        "question": question.name,
        "day": question.day.isoformat(),
        "origin": question.origin,
        "settled": question.answer is not None,
        "total_rate_percent": question.answer.total_rate.percent if question.answer else None,
        "additional_rate_percent": question.answer.additional_rate.percent if question.answer else None,
        "total_duty": _text(question.answer.on(basis).total) if question.answer and basis else None,
        "lines": [_line(line, basis) for line in lines],
    }


def _line(line: RateLine, basis: Money | None) -> dict[str, Any]:
    duty = line.on(basis) if basis else None
    return {
        "measure": line.measure,
        "title": line.title,
        "rate_percent": line.rate.percent,
        "base": _text(duty.base) if duty else None,
        "duty": _text(duty.duty) if duty else None,
        "refundable": line.refundable_from is not None,
        "legal_reference": line.legal_reference,
        "because": list(line.because),
    }


def _doubt(doubt: Doubt) -> dict[str, Any]:
    return {
        "fact": doubt.fact,
        "best_percent": doubt.best.percent,
        "worst_percent": doubt.worst.percent if doubt.worst else None,
        "sentence": doubt.sentence,
    }


def _reason(reason: Reason) -> dict[str, str]:
    return {"code": reason.code, "sentence": reason.sentence}


def _fraction(rate: AdValoremRate | None) -> Any:
    return None if rate is None else rate.fraction


def _cents(amount: Money | None) -> int | None:
    return None if amount is None else amount.cents


def _text(amount: Money | None) -> str | None:
    return None if amount is None else str(amount)


def _iso(day: Any) -> str | None:
    return None if day is None else day.isoformat()
