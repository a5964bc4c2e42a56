"""The book of law in which a scenario's measures stand, and a maker whose origin it contests."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from difflib import get_close_matches
from functools import reduce
from itertools import chain
from typing import assert_never

from risk.engine.facts import ContestedOrigin, VendorFacts
from risk.engine.policy import MeasureKind, MeasureSpec, PolicyBook, RateType
from risk.engine.terms.spans import ONE_DAY, DateSpan
from risk.policy_files.conditions import conditions_of
from risk.scenarios.scenario import (
    LawChange,
    MeasureAdded,
    MeasureChanged,
    MeasureEnded,
    OriginContested,
    PartyListed,
    Scenario,
    ScenarioRefused,
)

SUPPOSED = "supposed, not law"
FAMILY = "supposed"
JOINING = (RateType.ADDITIVE, RateType.FLOOR_TOTAL)
LONG_AGO = date(2000, 1, 1)  # before the first rig was entered

Measures = tuple[MeasureSpec, ...]


def supposed_book(book: PolicyBook, scenario: Scenario) -> PolicyBook:
    """The book as the scenario changes it; the very same book where it changes no law.

    Raises ScenarioRefused for a measure that the book does not have, or a span that ends before it begins.
    """
    changes = [change for change in scenario.changes if isinstance(change, LawChange)]
    return replace(book, measures=reduce(_changed, changes, book.measures)) if changes else book


def supposed_vendor(vendor: VendorFacts, scenario: Scenario) -> VendorFacts:
    """The maker with the origins that the scenario contests, before those on record."""
    contested = [
        change
        for change in scenario.changes
        if isinstance(change, OriginContested) and _is_called(change.maker, vendor)
    ]
    claims = tuple(
        ContestedOrigin(country=each.country, span=DateSpan(each.since or LONG_AGO, None), source=SUPPOSED)
        for each in reversed(contested)
    )
    return replace(vendor, contested_origins=claims + vendor.contested_origins) if claims else vendor


def _is_called(name: str, vendor: VendorFacts) -> bool:
    return name.casefold() in {each.casefold() for each in (vendor.name, *vendor.other_names)}


def _changed(measures: Measures, change: LawChange) -> Measures:
    match change:
        case MeasureAdded():
            return (*measures, _added(change, measures))
        case MeasureEnded():
            return _each(measures, change.code, lambda measure: _ended(measure, change.through))
        case MeasureChanged():
            return _each(measures, change.code, lambda measure: _otherwise(measure, change))
        case PartyListed():
            return (*measures, _listing(change))
        case _:
            assert_never(change)


def _each(measures: Measures, code: str, supposed: Callable[[MeasureSpec], Measures]) -> Measures:
    """The measures with those of the code as they are supposed."""
    if not any(measure.code == code for measure in measures):
        near = ", ".join(get_close_matches(code, [measure.code for measure in measures], cutoff=0.5))
        raise ScenarioRefused(
            [f"The edition has no measure '{code}'{f'; did you mean {near}?' if near else '.'}"]
        )
    each = (supposed(measure) if measure.code == code else (measure,) for measure in measures)
    return tuple(chain.from_iterable(each))


def _ended(measure: MeasureSpec, through: date) -> Measures:
    """None at all where the last day comes before its first."""
    if through < measure.span.first:
        return ()
    return (replace(measure, span=DateSpan(measure.span.first, through)),)


def _otherwise(measure: MeasureSpec, change: MeasureChanged) -> Measures:
    """The measure under its other span; with another rate from a day on, in two parts of the same code."""
    span = _span(measure, change)
    rate = measure.rate if change.rate is None else change.rate
    if change.since is None or change.since <= span.first:
        return (replace(measure, span=span, rate=rate),)
    if change.since not in span:
        raise ScenarioRefused(
            [f"{measure.code} is in effect {span}; it has no rate to change on {change.since}."]
        )
    until, after = DateSpan(span.first, change.since - ONE_DAY), DateSpan(change.since, span.through)
    return (replace(measure, span=until), replace(measure, span=after, rate=rate))


def _span(measure: MeasureSpec, change: MeasureChanged) -> DateSpan:
    first = change.effective_from or measure.span.first
    through = change.effective_through or measure.span.through
    if through is not None and through < first:
        raise ScenarioRefused([f"{measure.code} would end on {through}, before it begins on {first}."])
    return DateSpan(first, through)


def _added(change: MeasureAdded, measures: Measures) -> MeasureSpec:
    if any(measure.code == change.code for measure in measures):
        raise ScenarioRefused(
            [f"The edition has a measure '{change.code}' already; call the added one otherwise."]
        )
    if change.rate_type not in JOINING:
        raise ScenarioRefused(
            [f"{change.code}: a {change.rate_type} rate is not supposed; say {' or '.join(JOINING)}."]
        )
    conditions = conditions_of(
        {
            "code": change.code,
            "import_country": change.import_country,
            "countries_of_origin": change.countries_of_origin,
            "excluded_countries_of_origin": change.excluded_countries_of_origin,
            "hts_prefixes": change.hts_prefixes,
            "excluded_hts_prefixes": (),
            "transport_modes": change.transport_modes,
            "usmca_exempt_from": None,
            "customs_value_over": None,
            "applies_by_default": True,
        }
    )
    return _spec(
        code=change.code,
        title=change.title or change.code,
        kind=MeasureKind.TARIFF,
        span=DateSpan(change.effective_from, change.effective_through),
        rate_type=change.rate_type,
        rate=change.rate,
        conditions=conditions,
        yields_to=change.yields_to,
        replaces=change.replaces,
    )


def _listing(change: PartyListed) -> MeasureSpec:
    name = change.list_name or "a government list"
    return _spec(
        code=f"SUPPOSED-LIST-{change.vendor}",
        title=f"{change.vendor} on {name}",
        kind=MeasureKind.SANCTION,
        span=DateSpan(change.since or LONG_AGO, None),
        rate_type=RateType.NONE,
        rate=None,
        conditions=(),
        names=(change.vendor,),
        effect=change.effect,
    )


def _spec(**said: object) -> MeasureSpec:
    """A measure that nobody has enacted. It is verified through the last of days, so that the book's own
    verification is what its measures of law bear."""
    return MeasureSpec(
        **said,  # type: ignore[arg-type]
        family=FAMILY,
        authority=SUPPOSED,
        legal_reference=SUPPOSED,
        source=SUPPOSED,
        confidence="low",
        verified_through=date.max,
    )
