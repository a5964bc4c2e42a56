"""The JSON that risk answers with, the same for commands and API: decimals as text, days in ISO."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from risk.api.run_answers import progress_answer
from risk.engine.beside_duty import claims_not_computed, rules_without_duty
from risk.engine.duty import fee_lines, fees_due, rates_on, relief_open_to, warnings_for
from risk.engine.facts import EntryFacts, without_value
from risk.engine.findings import DutyLine, FeeLine, RateAnswer, Reason
from risk.engine.outcomes import Considered
from risk.engine.policy import MeasureSpec, PolicyBook
from risk.engine.shares import FleetShares, Measured, Shares, Standing
from risk.engine.terms.money import NO_MONEY, Money
from risk.flows.what_if import LotMoved, WhatIf
from risk.models import Exposure
from risk.selectors import FleetExposure

LOTS_MOVED_TOLD = 100


def duty_answer(entry: EntryFacts, book: PolicyBook, customs_value: Money) -> dict[str, Any]:
    """The duty on one entry, line by line. Raises NoBaseRate where the duty is unknown."""
    return DutyTeller(book).told(entry, customs_value)


@dataclass(frozen=True, slots=True)
class _Rates:
    """Rates and fees of an entry whatever it is worth, what there is to find, and what there is to warn of."""

    answer: RateAnswer
    fees: tuple[MeasureSpec, ...]
    findings: list[dict[str, str]]
    warnings: list[dict[str, str]]


class DutyTeller:
    """Tells the duty of many entries under one book; what their value does not bear on is worked out once for equal
    ones."""

    def __init__(self, book: PolicyBook) -> None:
        self._book = book
        self._known: dict[EntryFacts, _Rates] = {}

    def told(self, entry: EntryFacts, customs_value: Money) -> dict[str, Any]:
        """The duty on one entry, line by line. Raises NoBaseRate where the duty is unknown."""
        rates = self._whatever_it_is_worth(entry)
        duty, fees = rates.answer.on(customs_value), fee_lines([(entry.day, rates.fees, customs_value)])
        return {
            "hts_code": entry.hts_code.digits if entry.hts_code else None,
            "country_of_origin": entry.country_of_origin,
            "entry_date": entry.day.isoformat(),
            "customs_value": str(customs_value),
            "currency": "USD",
            "lines": [_line(line) for line in duty.lines],
            "total_rate_percent": rates.answer.total_rate.percent,
            "total_duty": str(duty.total),
            "refundable_duty": str(duty.refundable),
            "fees": [fee_answer(fee) for fee in fees],
            "total_fees": str(sum((fee.amount for fee in fees), NO_MONEY)),
            "findings": rates.findings,
            "warnings": rates.warnings,
            "verified_through": self._book.verified_through.isoformat(),
        }

    def _whatever_it_is_worth(self, entry: EntryFacts) -> _Rates:
        key = entry if self._book.looks_at_customs_value else without_value(entry)
        if key not in self._known:
            answer = rates_on(entry, self._book)
            found = (*answer.findings, *rules_without_duty(entry, self._book))
            warned = _warnings(entry, self._book, answer)
            self._known[key] = _Rates(
                answer=answer,
                fees=fees_due(entry, self._book),
                findings=list(map(reason_answer, found)),
                warnings=list(map(reason_answer, warned)),
            )
        return self._known[key]


def exposure_answer(exposure: FleetExposure) -> dict[str, Any]:
    """The exposed share of a fleet, four ways, with the one bar, the amounts and the doubt."""
    whole = exposure.whole
    answer: dict[str, Any] = {
        "operator": exposure.operator.slug,
        "assessed_on": exposure.assessed_on.isoformat(),
        "policy_edition": exposure.edition.number if exposure.edition else None,
        "verified_through": _iso(exposure.edition.verified_through) if exposure.edition else None,
        "list_editions": exposure.list_editions,
        "owed_lots": exposure.owed_lots,
        "fleet": {"lots": whole.lots, **measured_answer(whole.fleet)},
        "exposed": members_answer(whole.exposed),
        "bar": members_answer(whole.bar),
        "duty": _duty(whole),
        "doubt": {"lots": whole.doubted_lots, "facts": dict(whole.doubted_facts)},
    }
    if exposure.progress is not None:
        answer |= progress_answer(exposure.progress, is_fresh=exposure.is_fresh)
    if exposure.groups is not None:
        answer["groups"] = [_group(key, shares) for key, shares in exposure.groups.items()]
    return answer


def what_if_answer(supposed: WhatIf) -> dict[str, Any]:
    """The exposure before and after, and the lots that moved most; a lot that would be made has no number."""
    return {
        "title": supposed.scenario.title,
        "before": exposure_answer(supposed.before),
        "after": exposure_answer(supposed.after),
        "lots_moved": len(supposed.moved),
        "moved": [_moved(lot) for lot in supposed.moved[:LOTS_MOVED_TOLD]],
    }


def _moved(lot: LotMoved) -> dict[str, Any]:
    return {
        "lot": lot.lot_id if lot.lot_id > 0 else None,
        "maker": lot.maker,
        "model": lot.model,
        "units_before": lot.rigs_before.units,
        "units_after": lot.rigs_after.units,
        "before": _standing(lot.before),
        "after": _standing(lot.after),
    }


def _standing(standing: Standing | None) -> dict[str, Any] | None:
    if standing is None:
        return None
    return {
        "country_of_origin": standing.country_of_origin,
        "additional_rate_percent": standing.rate.percent if standing.rate else None,
        "band": standing.band,
        "sanction_level": standing.sanction.value,
        "duty": {
            "to_come": amount_answer(standing.duty_to_come),
            "contingent": amount_answer(standing.contingent),
            "refundable": amount_answer(standing.refundable),
            "replacement": amount_answer(standing.replacement),
        },
    }


def amount_answer(amount: Money | None) -> str | None:
    """US dollars as text; null is not known."""
    return None if amount is None else str(amount)


def finding_answer(finding: Exposure) -> dict[str, Any]:
    """One lot's finding in brief; asks the database nothing where edition and lot came with it."""
    lot = finding.lot
    return {
        "lot": finding.lot_id,
        "maker": lot.model.maker.name,
        "model": lot.model.name,
        "entry_number": lot.entry_number or None,
        "purchase_order": lot.purchase_order or None,
        "policy_edition": finding.edition.number,
        "list_editions": finding.list_editions,
        "assessed_at": finding.assessed_at.isoformat(),
        "stage": finding.stage,
        "origin": finding.origin or None,
        "contested_origin": finding.contested_origin or None,
        "additional_rate_percent": _percent(finding.rate),
        "best_additional_rate_percent": _percent(finding.best),
        "worst_additional_rate_percent": _percent(finding.worst),
        "sanction_level": finding.sanction_level,
        "is_screened": finding.is_screened,
        "score": finding.score,
        "band": finding.band,
        "duty": _lot_amounts(finding),
        "doubted_facts": finding.doubted_facts,
    }


def explanation_answer(finding: Exposure) -> dict[str, Any]:
    """One lot's facts and its finding, in the words of the reasons."""
    return {
        "lot": finding.lot_id,
        "policy_edition": finding.edition.number,
        "verified_through": _iso(finding.edition.verified_through),
        "list_editions": finding.list_editions,
        "engine_version": finding.engine_version,
        "assessed_at": finding.assessed_at.isoformat(),
        "facts": finding.facts,
        "origin": finding.origin or None,
        "contested_origin": finding.contested_origin or None,
        "additional_rate_percent": _percent(finding.rate),
        "score": finding.score,
        "band": finding.band,
        "duty": _lot_amounts(finding),
        **finding.told,
    }


def _lot_amounts(finding: Exposure) -> dict[str, str | None]:
    return {
        "to_come": _cents(finding.duty_to_come_cents),
        "contingent": _cents(finding.contingent_cents),
        "refundable": _cents(finding.refundable_cents),
        "replacement": _cents(finding.replacement_cents),
    }


def _warnings(entry: EntryFacts, book: PolicyBook, answer: RateAnswer) -> tuple[Reason, ...]:
    found = (*warnings_for(entry, book), *claims_not_computed(entry))
    if not relief_open_to(entry, book):
        return found
    outcome = Considered(book).outcome(entry)
    base = answer.total_rate.fraction - answer.additional_rate.fraction
    best = _percent(outcome.best.fraction + base)
    sentence = (
        "The mode of transport or the loading day is not given, so relief in transit was not applied: "
        f"{answer.total_rate} without it, {best} % with it."
    )
    return (*found, Reason("relief_unknown", sentence))


def _line(line: DutyLine) -> dict[str, Any]:
    return {
        "measure": line.measure,
        "title": line.title,
        "rate_percent": line.rate.percent,
        "customs_value": str(line.base),
        "duty": str(line.duty),
        "refundable": line.refundable,
        "refundable_from": _iso(line.refundable_from),
        "legal_reference": line.legal_reference,
        "because": list(line.because),
    }


def fee_answer(fee: FeeLine) -> dict[str, str]:
    """A fee of an entry."""
    return {
        "measure": fee.measure,
        "title": fee.title,
        "amount": str(fee.amount),
        "legal_reference": fee.legal_reference,
    }


def reason_answer(reason: Reason) -> dict[str, str]:
    """A thing found, under its code."""
    return {"code": reason.code, "sentence": reason.sentence}


def measured_answer(rigs: Measured) -> dict[str, Any]:
    """Rigs counted and measured."""
    return {
        "units": rigs.units,
        "hashrate_ths": f"{Decimal(rigs.hashrate_ghs) / 1000:f}",
        "power_kw": f"{Decimal(rigs.power_w) / 1000:f}",
        "customs_value": str(rigs.customs_value),
        "units_with_hashrate": rigs.units_with_hashrate,
        "units_with_power": rigs.units_with_power,
        "units_with_value": rigs.units_with_value,
    }


def members_answer(shares: Mapping[Any, Shares]) -> dict[str, Any]:
    """Parts of a fleet by their names."""
    return {str(name): shares_answer(part) for name, part in shares.items()}


def shares_answer(part: Shares) -> dict[str, Any]:
    """A part of the fleet: its rigs, and its share of each measure; null is a share of nothing."""
    return {
        "units": part.rigs.units,
        "share_of_units": _decimal(part.of_units),
        "share_of_hashrate": _decimal(part.of_hashrate),
        "share_of_power": _decimal(part.of_power),
        "share_of_value": _decimal(part.of_value),
    }


def _duty(whole: FleetShares) -> dict[str, Any]:
    """Sums over the lots whose amount is known; `unknown_lots` says how many are not in a sum."""
    keys = {"duty_to_come": "to_come"}
    sums: dict[str, Any] = {keys.get(name, name): str(each.known) for name, each in whole.duty.items()}
    sums["unknown_lots"] = {keys.get(name, name): each.unknown_lots for name, each in whole.duty.items()}
    return sums


def _group(key: str | None, shares: FleetShares) -> dict[str, Any]:
    return {
        "key": key,
        **measured_answer(shares.fleet),
        "lots": shares.lots,
        "exposed": members_answer(shares.exposed),
        "bar": members_answer(shares.bar),
    }


def _decimal(share: Decimal | None) -> str | None:
    return None if share is None else f"{share:f}"


def _percent(fraction: Decimal | None) -> str | None:
    return None if fraction is None else f"{(fraction * 100).normalize():f}"


def _cents(amount: int | None) -> str | None:
    return None if amount is None else str(Money.of_cents(amount))


def _iso(day: Any) -> str | None:
    return None if day is None else day.isoformat()
