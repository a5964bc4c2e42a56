"""A finding in the words of its reasons, as plain JSON: kept without money, and told with the money of one lot.

Lots that are found alike, by one maker, share what is kept; each has a value of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from risk.engine.amounts import LotValue
from risk.engine.exposure import (
    CUSTOMS_VALUE,
    REPLACEMENT,
    TO_COME,
    ExposureResult,
    Question,
    doubt_of_value,
    with_doubt_of_value,
)
from risk.engine.findings import RateLine, Reason
from risk.engine.kept_facts import as_plain
from risk.engine.outcomes import Doubt
from risk.engine.terms.money import NO_MONEY, AdValoremRate, Money

Plain = dict[str, Any]
OF_THE_FLEET = (TO_COME, REPLACEMENT)
"""Questions about the rigs that are in the fleet; the others are about all that the lot ever held."""


def kept(result: ExposureResult, maker: Plain) -> Plain:
    """What a finding says whatever the lot is worth, and the facts of the maker (as_plain) that it rests on."""
    return {
        "stage": result.stage.value,
        "clock": result.clock.value if result.clock else None,
        "holds": {"from": result.holds.first.isoformat(), "through": _iso(result.holds.through)},
        "questions": [_question(question) for question in result.questions],
        "sanction": {
            "level": result.sanction.level.value,
            "is_screened": result.sanction.is_screened,
            "reasons": [_reason(reason) for reason in result.sanction.reasons],
        },
        "doubts": [_doubt(doubt) for doubt in result.doubts if doubt.fact != CUSTOMS_VALUE],
        "findings": [_reason(reason) for reason in result.findings],
        "maker": maker,
    }


def told(body: Mapping[str, Any], value: LotValue) -> Plain:
    """The same for a lot of that value: lines of duty in money, and the doubt about rigs without a value."""
    doubts = body["doubts"]
    if value.units_without_value:
        doubts = [*with_doubt_of_value(doubts, _doubt(doubt_of_value(value)), stage=body["stage"])]
    return {
        **{name: said for name, said in body.items() if name != "maker"},
        "customs_value": {"in_fleet": _text(value.in_fleet), "ever": _text(value.ever)},
        "questions": [_told_question(question, value) for question in body["questions"]],
        "doubts": doubts,
        "rests_on": {"maker": body["maker"], "value": as_plain(value)},
    }


def asked_on(body: Mapping[str, Any]) -> date:
    """The day on which a finding was asked for: that on which its rigs would be bought again."""
    days = {each["question"]: each["day"] for each in body["questions"]}
    return date.fromisoformat(days[REPLACEMENT])


def _question(question: Question) -> Plain:
    answer = question.answer
    return {
        "question": question.name,
        "day": question.day.isoformat(),
        "origin": question.origin,
        "settled": answer is not None,
        "total_rate_percent": answer.total_rate.percent if answer else None,
        "additional_rate_percent": answer.additional_rate.percent if answer else None,
        "lines": [_line(line) for line in answer.lines] if answer else [],
    }


def _line(line: RateLine) -> Plain:
    part = {} if line.share_of_value == 1 else {"share_of_value": str(line.share_of_value)}
    return {
        "measure": line.measure,
        "title": line.title,
        "rate_percent": line.rate.percent,
        **part,
        "refundable": line.refundable_from is not None,
        "legal_reference": line.legal_reference,
        "because": list(line.because),
    }


def _told_question(question: Plain, value: LotValue) -> Plain:
    basis = value.in_fleet if question["question"] in OF_THE_FLEET else value.ever
    lines = [_told_line(line, basis) for line in question["lines"]]
    duties = [Money.parse(line["duty"]) for line in lines if line["duty"] is not None]
    is_known = question["settled"] and basis is not None
    return {**question, "total_duty": _text(sum(duties, NO_MONEY)) if is_known else None, "lines": lines}


def _told_line(line: Plain, basis: Money | None) -> Plain:
    """What findings before engine version 3 kept in money is told as it was."""
    if "duty" in line:
        return line
    base = None if basis is None else Money.rounded(basis.amount * Decimal(line.get("share_of_value", 1)))
    duty = None if base is None else AdValoremRate.of_percent(line["rate_percent"]).of(base)
    amounts = {"base": _text(base), "duty": _text(duty)}
    return {**{name: said for name, said in line.items() if name != "share_of_value"}, **amounts}


def _doubt(doubt: Doubt) -> Plain:
    return {
        "fact": doubt.fact,
        "best_percent": doubt.best.percent,
        "worst_percent": doubt.worst.percent if doubt.worst else None,
        "sentence": doubt.sentence,
    }


def _reason(reason: Reason) -> dict[str, str]:
    return {"code": reason.code, "sentence": reason.sentence}


def _text(amount: Money | None) -> str | None:
    return None if amount is None else str(amount)


def _iso(day: Any) -> str | None:
    return None if day is None else day.isoformat()
