"""The total rate of every origin on both sides of every change, against a sum done apart from the engine.

The sum reads the reference's measures as they stand there: no engine, no policy files, a dozen lines.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from functools import cache

from risk.engine.duty import rates_on
from risk.engine.terms.countries import CountryCode
from risk.engine.terms.hts import HtsCode
from tests.facts import an_entry, shipped_book
from tests.reference import reference_measures

FIRST, LAST = date(2018, 7, 1), date(2026, 11, 22)
ORIGINS = [
    *("CN", "HK", "MO", "MY", "TH", "ID", "VN", "TW", "SG", "KR", "JP", "IN", "BR", "CH", "LI", "GB", "NO"),
    *("CA", "MX", "US", "RU", "KP", "PY", "AE", "DE"),
]
MAKERS_OF_PARTS = ["CN", "HK", "MY", "TW", "KR", "MX", "DE", "US"]
RIG = "8543.70.9860"
PARTS = ["8471.50.0150", "8473.30.1180", "8504.40.95"]
KINDS = ("base", "additive", "floor_total")


def test_the_total_rate_of_a_rig_is_right_for_every_origin_on_both_sides_of_every_change():
    assert_rates_agree([RIG], ORIGINS, [*days_of_change(), *days_before_a_change()])


def test_the_total_rate_of_a_part_is_right_for_its_origins_on_every_change():
    assert_rates_agree(PARTS, MAKERS_OF_PARTS, days_of_change())


def test_the_total_rate_of_a_rig_is_right_for_every_origin_that_the_law_names():
    named = {origin for measure in reference_measures().values() for origin in measure["origins"]} - {"*"}
    days = [date(2025, 4, 9), date(2025, 7, 1), date(2025, 9, 1), date(2025, 12, 1), date(2026, 9, 1)]
    assert_rates_agree([RIG], sorted(named), days)


def assert_rates_agree(codes, origins, days):
    questions = [(code, origin, day) for code in codes for origin in origins for day in days]
    assert len(questions) > 500
    wrong = {
        question: (ours, theirs)
        for question in questions
        if (ours := rate_by_the_engine(*question)) != (theirs := rate_by_the_reference(*question))
    }
    assert not wrong


def rate_by_the_engine(code, origin, day):
    entry = an_entry(day=day, hts_code=HtsCode.parse(code), country_of_origin=CountryCode(origin))
    return Decimal(rates_on(entry, shipped_book()).total_rate.percent)


def rate_by_the_reference(code, origin, day):
    """Base, plus every additive rate, plus what each rate in total leaves to pay."""
    biting = [m for m in measures_on(code, day.isoformat()) if has_origin(m, origin)]
    rates = {
        kind: [Decimal(str(m["rate_percent"])) for m in biting if m["rate_type"] == kind] for kind in KINDS
    }
    (base,) = rates["base"]
    return (
        base + sum(rates["additive"]) + sum(max(Decimal(0), total - base) for total in rates["floor_total"])
    )


@cache
def measures_on(code, day):
    return [m for m in measures_of(code) if m["effective_from"] <= day < (m["effective_to"] or "9999")]


@cache
def measures_of(code):
    """The duties that apply by default to goods of a code."""
    digits = code.replace(".", "")
    return [
        measure
        for measure in reference_measures().values()
        if measure["rate_type"] in KINDS
        and measure["applies_by_default"]
        and any(lies_under(digits, prefix) for prefix in measure["hts_prefixes"])
        and not any(lies_under(digits, prefix) for prefix in measure["excluded_hts_prefixes"])
    ]


def has_origin(measure, origin):
    named = measure["origins"] == ["*"] or origin in measure["origins"]
    return named and origin not in measure["excluded_origins"]


def lies_under(digits, prefix):
    return prefix == "*" or digits.startswith(prefix.replace(".", ""))


def days_of_change():
    """The first day of each state of the law."""
    ends = ("effective_from", "effective_to")
    days = {date.fromisoformat(m[end]) for m in reference_measures().values() for end in ends if m[end]}
    return sorted({day for day in days if FIRST <= day <= LAST} | {FIRST, LAST})


def days_before_a_change():
    """The last day of each state of the law."""
    return [day - timedelta(days=1) for day in days_of_change() if day > FIRST]
