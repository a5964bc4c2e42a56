"""One fact of a rig or of its lot in words, whoever tells it: a page, a preview, the history."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from risk.dashboard.words import country, day, dollars, hashrate, power
from risk.engine.terms.hts import HtsCode
from risk.engine.terms.money import Money

NONE = "–"
COUNTRIES = ("country_of_origin", "country_of_assembly", "hashboard_origin", "import_country")


def value_in_words(name: str, value: Any) -> str:
    """A value as it is on record, or as JSON keeps it, by the name of its fact; a dash where nobody gave one."""
    if value in ("", None):
        return NONE
    if isinstance(value, bool):
        return "yes" if value else "no"
    if name.endswith("_date"):
        return day(value if isinstance(value, date) else date.fromisoformat(value))
    return SAID[name](value) if name in SAID else str(value)


def _cents(cents: int) -> str:
    return dollars(Money.of_cents(cents))


SAID: Mapping[str, Callable[[Any], str]] = {
    **dict.fromkeys(COUNTRIES, country),
    "hts_code": lambda code: str(code if isinstance(code, HtsCode) else HtsCode(code)),
    "us_content_percent": lambda percent: f"{Decimal(percent).normalize():f} %",
    "customs_value_cents": _cents,
    "duty_paid_cents": _cents,
    "hashrate_ghs": hashrate,
    "power_w": power,
}
