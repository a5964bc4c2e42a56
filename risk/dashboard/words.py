"""Numbers in words and units that people read: shares, hashrates, power, dollars, days left."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import ROUND_DOWN, Decimal

from risk.engine.shares import FleetShares, Kind, Measured, Part
from risk.engine.terms.countries import country_names
from risk.engine.terms.figures import written
from risk.engine.terms.money import Money
from risk.engine.terms.words import (  # noqa: F401 - templates and pages call all words by this module
    NOT_KNOWN,
    about_dollars,
    counted,
    day,
    dollars,
    percent,
    whole,
)
from risk.selectors import FleetExposure

THOUSAND = Decimal(1000)
HASHRATE_UNITS = ("GH/s", "TH/s", "PH/s", "EH/s")
POWER_UNITS = ("W", "kW", "MW", "GW")
FACTS = {
    "hts_code": "HTS code",
    "usmca_claim": "USMCA claim",
    "us_content_percent": "US content",
    "import_country": "country of import",
    "loaded_date": "loading day",
    "transport_mode": "mode of transport",
    "assessment": "not assessed yet",
    "list_screening": "screening of the maker against the lists",
    "hashrate_ths": "hashrate",
    "power_w": "power",
    "mac_address": "MAC address",
}


def headline(exposure: FleetExposure) -> str:
    """The exposed share of a fleet in one sentence, by hashrate, or by units where no hashrate is known.

    "61.4 % of 310.2 PH/s is exposed (tariff 58.2 %, sanction 0 %, unknown 6.1 %)". A fleet without rigs,
    or without a single finding, is told in words.
    """
    whole = exposure.whole
    if state := state_in_words(whole):
        return state
    measure = "hashrate" if whole.fleet.hashrate_ghs else "units"
    parts = {
        "tariff": whole.exposed[Kind.TARIFF].of(measure),
        "sanction": whole.exposed[Kind.SANCTION].of(measure),
        "unknown": whole.bar[Part.UNKNOWN].of(measure),
    }
    told = ", ".join(f"{name} {percent(share)}" for name, share in parts.items())
    exposed = percent(whole.exposed[Kind.ANY].of(measure))
    verb = "is" if measure == "hashrate" else "are"
    return f"{exposed} of {amount(measure, whole.fleet)} {verb} exposed ({told})"


def state_in_words(whole: FleetShares) -> str:
    """Why there is no share to tell: no rigs, or nothing assessed; empty where there is one."""
    if not whole.fleet.units:
        return "The fleet is empty: no rigs are on record yet"
    if whole.doubted_facts.get("assessment") == whole.lots:
        lots, rigs = counted(whole.lots, "lot"), counted(whole.fleet.units, "rig")
        return f"Nothing is assessed yet: {lots} to go, {rigs}"
    return ""


def amount(measure: str, rigs: Measured) -> str:
    """What is counted, in the unit of the measure: "2,400 rigs", "310.2 PH/s", "8.4 MW", "$7.4 million"; or "–"."""
    return AMOUNTS[measure](rigs) if rigs.units else "–"


def hashrate(ghs: int) -> str:
    """Gigahashes a second in the largest unit that leaves a number over 1: "310.2 PH/s"."""
    return _scaled(ghs, HASHRATE_UNITS)


def power(watts: int) -> str:
    """Watts in the largest unit that leaves a number over 1: "8.4 MW"."""
    return _scaled(watts, POWER_UNITS)


AMOUNTS: Mapping[str, Callable[[Measured], str]] = {
    "units": lambda rigs: counted(rigs.units, "rig"),
    "hashrate": lambda rigs: hashrate(rigs.hashrate_ghs),
    "power": lambda rigs: power(rigs.power_w),
    "value": lambda rigs: about_dollars(rigs.value_cents),
}


def rate_told(rate: str) -> str:
    """A rate that the law gives, as "25 %" or "57.6 %", with the reader's marks."""
    return written(rate)


def exact_dollars(money: Money) -> str:
    """To the cent, since it is checked against papers: "$245,700.00"."""
    return written(f"${money.amount:,.2f}")


def country(code: str | None) -> str:
    """The name of a country; the code itself where it has none."""
    return country_names().get(code, code) if code else "not given"


def fact_in_words(name: str) -> str:
    """A fact, or a code that begins with one, by the words of the field: "hts_code" is "HTS code"."""
    known = next((fact for fact in FACTS if name == fact or name.startswith(f"{fact}_")), "")
    return (FACTS.get(known, "") + name[len(known) :]).replace("_", " ")


def days_until(when: date, today: date) -> str:
    """ "today", "tomorrow", "in 12 days", "43 days ago"."""
    days = (when - today).days
    if days in (0, 1, -1):
        return {0: "today", 1: "tomorrow", -1: "yesterday"}[days]
    return f"in {whole(days)} days" if days > 0 else f"{whole(-days)} days ago"


def _scaled(number: int, units: tuple[str, ...]) -> str:
    scaled, steps = Decimal(number), 0
    while scaled >= THOUSAND and steps < len(units) - 1:
        scaled, steps = scaled / THOUSAND, steps + 1
    shown = scaled.quantize(Decimal("0.1"), rounding=ROUND_DOWN)
    return written(f"{shown:,f}".removesuffix(".0")) + f" {units[steps]}"
