"""Frozen facts without a database: an entry, a lot, a vendor, a measure, and the law that we ship.

Each takes only what a test is about; the rest is a rig of China flown into the United States.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from risk.engine.conditions import Condition
from risk.engine.conditions.hts_code import HtsCodeUnder
from risk.engine.conditions.import_country import ImportedInto
from risk.engine.conditions.origin import OriginAmong
from risk.engine.facts import UNITED_STATES, EntryFacts, ListScreened, LotFacts, VendorFacts
from risk.engine.policy import MeasureKind, MeasureSpec, PolicyBook, RateType
from risk.engine.terms.countries import CountryCode
from risk.engine.terms.hts import EVERY_CODE, HtsCode, HtsPrefix
from risk.engine.terms.money import AdValoremRate, Money
from risk.engine.terms.rigs import TransportMode
from risk.engine.terms.spans import DateSpan
from risk.policy_files import PolicyFolder, read_folder
from risk.policy_files.yaml_loader import read_yaml

ROOT = Path(__file__).resolve().parents[1]
POLICIES = ROOT / "risk" / "policies"

CHINA = CountryCode("CN")
RIG = HtsCode("8543709860")
ENTRY_DAY = date(2026, 9, 1)


@cache
def shipped_policies() -> PolicyFolder:
    """The law as it ships, read once for all tests."""
    return read_folder(POLICIES)


def shipped_book() -> PolicyBook:
    """The book of the law as it ships."""
    return shipped_policies().book


def a_rate(percent: str | int) -> AdValoremRate:
    """A rate by its percentage."""
    return AdValoremRate.of_percent(str(percent))


def an_entry(**said: object) -> EntryFacts:
    """A rig of China, flown in when every shipped duty had begun; keyword arguments say otherwise."""
    facts = {
        "day": ENTRY_DAY,
        "import_country": UNITED_STATES,
        "hts_code": RIG,
        "country_of_origin": CHINA,
        "transport_mode": TransportMode.AIR,
    }
    return EntryFacts(**(facts | said))


def a_lot(**said: object) -> LotFacts:
    """Antminers of China that were entered by air and stand in the United States."""
    facts = {
        "maker": "Bitmain",
        "model": "Antminer S21",
        "country_of_assembly": CHINA,
        "country_of_origin": CHINA,
        "hts_code": RIG,
        "import_country": UNITED_STATES,
        "entry_date": ENTRY_DAY,
        "transport_mode": TransportMode.AIR,
    }
    return LotFacts(**(facts | said))


def a_vendor(**said: object) -> VendorFacts:
    """A maker screened against one list."""
    return VendorFacts(
        **({"name": "Bitmain", "lists_screened": (ListScreened(list_code="US-OFAC-SDN"),)} | said)
    )


def the_conditions(
    *, prefixes: tuple[HtsPrefix, ...] = (EVERY_CODE,), origins: frozenset[CountryCode] | None = None
) -> tuple[Condition, ...]:
    """What every measure on goods looks at: the country of import, the code, the origin."""
    return (ImportedInto(UNITED_STATES), HtsCodeUnder(prefixes), OriginAmong(origins))


def a_measure(*, percent: str | int = 25, **said: object) -> MeasureSpec:
    """An additive duty on everything from everywhere, from 2018 on."""
    facts = {
        "code": "US-EXAMPLE",
        "family": "us/example",
        "title": "An example",
        "kind": MeasureKind.TARIFF,
        "authority": "An authority",
        "span": DateSpan(date(2018, 1, 1)),
        "rate_type": RateType.ADDITIVE,
        "rate": a_rate(percent),
        "conditions": the_conditions(),
        "legal_reference": "An act, its page",
        "source": "Where it was read",
        "confidence": "high",
        "verified_through": date(2026, 10, 10),
    }
    return MeasureSpec(**(facts | said))


def a_base(*, percent: str | int = "2.6", **said: object) -> MeasureSpec:
    """A base duty on everything from everywhere, from 2018 on."""
    facts = {"code": "US-BASE", "family": "us/base", "authority": "The schedule", "rate_type": RateType.BASE}
    return a_measure(percent=percent, **(facts | said))


def a_book(*measures: MeasureSpec) -> PolicyBook:
    """A book of these measures alone."""
    return PolicyBook(measures)


# How each word of a case file is read into a fact of an entry.
_READ_FACT: dict[str, Callable[[Any], object]] = {
    "day": lambda day: day,
    "import_country": CountryCode,
    "hts_code": HtsCode.parse,
    "country_of_origin": CountryCode,
    "transport_mode": TransportMode,
    "loaded_date": lambda day: day,
    "us_content_percent": Decimal,
    "usmca_claim": bool,
    "claims": frozenset,
    "customs_value": Money.parse,
}


def entry_told(words: Mapping[str, Any]) -> EntryFacts:
    """The entry that a case file tells, into the United States; what it does not name is not known."""
    return EntryFacts(
        **{key: value if value is None else _READ_FACT[key](value) for key, value in words.items()}
    )


def cases_in(path: Path) -> Any:
    """What a case file holds, read as policy files are: days as days, bare numbers as they stand."""
    return read_yaml(path.read_text(encoding="utf-8")).content
