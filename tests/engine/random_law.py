"""Made-up books, lots, makers, values and fleets, as wide as what the engine may be told; findings in one order."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import count

from hypothesis import strategies as st

from risk.engine.amounts import LotValue
from risk.engine.conditions.claimed import Claimed
from risk.engine.conditions.hts_code import HtsCodeUnder
from risk.engine.conditions.import_country import ImportedInto
from risk.engine.conditions.origin import OriginAmong
from risk.engine.conditions.transport_mode import CarriedBy
from risk.engine.conditions.usmca import NotUsmcaFree
from risk.engine.facts import Affiliation, ContestedOrigin, ListScreened, LotFacts
from risk.engine.policy import Effect, MeasureKind, PolicyBook, RateType, ReliefTier, Renumbering
from risk.engine.terms.countries import CountryCode
from risk.engine.terms.hts import HtsCode, HtsPrefix
from risk.engine.terms.money import AdValoremRate, Money
from risk.engine.terms.rigs import TransportMode
from risk.engine.terms.spans import DateSpan
from tests.facts import a_base, a_measure, a_vendor

COUNTRIES = st.sampled_from([CountryCode(code) for code in ("CN", "MY", "CA", "MX", "US", "PY", "TH")])
CODES = st.sampled_from([HtsCode(code) for code in ("8543709860", "85437099", "8471500150", "8544429090")])
PREFIXES = st.sampled_from([HtsPrefix(digits) for digits in ("", "8543", "854370", "8543709860", "8471")])
DAYS = st.dates(date(2018, 1, 1), date(2027, 12, 31))
MODES = st.sampled_from(TransportMode)
RATES = st.decimals(0, "0.7", places=4).map(AdValoremRate)
VALUES = st.integers(0, 10**10).map(Money.of_cents)
NAMES = ("Bitmain", "Canaan", "Auradine", "Xiamen Sophgo Technologies")
CHINESE = frozenset({CountryCode("CN")})
ON = st.sampled_from([date(2019, 6, 1), date(2024, 5, 15), date(2025, 6, 10), date(2026, 11, 22)])


@st.composite
def spans(draw):
    first = draw(DAYS)
    days = draw(st.none() | st.integers(0, 3000))
    return DateSpan(first, None if days is None else first + timedelta(days=days))


@st.composite
def conditions(draw):
    """What a measure looks at: always the country of import, and one or more things beside it."""
    origins = OriginAmong(
        draw(st.none() | st.frozensets(COUNTRIES, min_size=1)), draw(st.frozensets(COUNTRIES, max_size=2))
    )
    codes = HtsCodeUnder(
        tuple(draw(st.lists(PREFIXES, min_size=1, max_size=2))), tuple(draw(st.lists(PREFIXES, max_size=1)))
    )
    others = st.sampled_from(
        [CarriedBy(frozenset({TransportMode.AIR})), NotUsmcaFree(date(2025, 3, 7)), Claimed("US-CLAIMED")]
    )
    return (ImportedInto(CountryCode("US")), codes, origins, *draw(st.lists(others, max_size=1)))


RELIEF = st.builds(
    ReliefTier,
    modes=st.none() | st.frozensets(MODES, min_size=1, max_size=2),
    loaded_before=DAYS,
    entered_before=DAYS,
    rate=RATES,
    legal_reference=st.just("The heading that spares it"),
)


@st.composite
def books(draw):
    """A schedule with or without gaps, some duties upon it, a party that is named, a code renumbered."""
    numbers = count(1)
    duties = st.builds(
        lambda **said: a_measure(code=f"US-{next(numbers)}", family=f"us/{said['authority']}", **said),
        authority=st.sampled_from(["A", "B"]),
        span=spans(),
        rate_type=st.sampled_from([RateType.ADDITIVE, RateType.FLOOR_TOTAL]),
        rate=RATES,
        conditions=conditions(),
        relief=st.lists(RELIEF, max_size=2).map(tuple),
        replaces=st.sampled_from([frozenset(), frozenset({"us/A"}), frozenset({"us/B"})]),
        yields_to=st.sampled_from([frozenset(), frozenset({"US-1"}), frozenset({"us/B"})]),
        spares_us_content=st.booleans(),
        refundable_from=st.none() | DAYS,
        litigation=st.sampled_from(["", "under challenge in a court."]),
    )
    listing = a_measure(
        code="US-LIST",
        kind=MeasureKind.SANCTION,
        rate_type=RateType.NONE,
        rate=None,
        conditions=(),
        span=draw(spans()),
        names=(draw(st.sampled_from(NAMES)),),
        effect=draw(st.sampled_from(Effect)),
    )
    renumbering = Renumbering(
        old=HtsPrefix("85437099"),
        new=HtsPrefix("85437098"),
        since=draw(DAYS),
        legal_reference="The modification that renumbers it",
    )
    base = a_base(rate=draw(RATES), span=DateSpan(draw(DAYS)))
    return PolicyBook(
        measures=(base, listing, *draw(st.lists(duties, max_size=6))),
        renumberings=(renumbering,) if draw(st.booleans()) else (),
    )


LOTS = st.builds(
    LotFacts,
    maker=st.sampled_from(NAMES),
    model=st.sampled_from(["Antminer S21", "Avalon A15"]),
    country_of_assembly=st.none() | COUNTRIES,
    country_of_origin=st.none() | COUNTRIES,
    hashboard_origin=st.none() | COUNTRIES,
    hts_code=st.none() | CODES,
    import_country=st.sampled_from([CountryCode("US"), CountryCode("PY"), None]),
    entry_date=st.none() | DAYS,
    expected_entry_date=st.none() | DAYS,
    entry_number=st.none() | st.sampled_from(["ABC-1234567-8", "ABC-1234567-9"]),
    transport_mode=st.none() | MODES,
    loaded_date=st.none() | DAYS,
    importer_of_record=st.none() | st.just("An importer"),
    us_content_percent=st.none() | st.integers(0, 100).map(Decimal),
    usmca_claim=st.none() | st.booleans(),
    purchase_order=st.none() | st.sampled_from(["PO-1", "PO-2"]),
    has_arrived=st.booleans(),
)

VENDORS = st.builds(
    a_vendor,
    name=st.sampled_from(NAMES),
    affiliations=st.lists(
        st.builds(
            Affiliation,
            other_party=st.sampled_from(NAMES),
            relation=st.just("common control"),
            span=st.none() | spans(),
        ),
        max_size=1,
    ).map(tuple),
    contested_origins=st.lists(
        st.builds(ContestedOrigin, country=COUNTRIES, span=spans(), source=st.just("customs notices")),
        max_size=1,
    ).map(tuple),
    lists_screened=st.sampled_from([(), (ListScreened(list_code="US-OFAC-SDN"),)]),
)

WORTH = st.builds(
    LotValue,
    in_fleet=st.none() | VALUES,
    ever=st.none() | VALUES,
    units_without_value=st.integers(0, 2),
)


@st.composite
def fleets(draw):
    """Lots of few kinds and few makers: each fact may come back in other lots, as an equal object or in a
    lot that differs in one thing only."""
    kinds, makers = (draw(st.lists(some, min_size=1, max_size=3)) for some in (LOTS, VENDORS))
    other = draw(LOTS)
    changes = st.sampled_from(fields(LotFacts)).map(lambda fact: {fact.name: getattr(other, fact.name)})
    lots = st.builds(replace, st.sampled_from(kinds)) | st.builds(
        lambda kind, change: replace(kind, **change), st.sampled_from(kinds), changes
    )
    vendors = st.sampled_from(makers) | st.builds(replace, st.sampled_from(makers))
    return draw(st.lists(st.tuples(lots, vendors, WORTH), min_size=2, max_size=12))


def in_one_order(found):
    """A measure that begins on another day stands elsewhere among the lines of days that it does not move."""
    questions = tuple(replace(each, outcome=with_sorted_lines(each.outcome)) for each in found.questions)
    return found._replace(questions=questions, findings=sorted(found.findings, key=str))


def with_sorted_lines(outcome):
    if outcome.answer is None:
        return outcome
    lines, findings = (
        tuple(sorted(told, key=str)) for told in (outcome.answer.lines, outcome.answer.findings)
    )
    return replace(outcome, answer=replace(outcome.answer, lines=lines, findings=findings))
