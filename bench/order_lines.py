"""The lines of the purchase orders that benchmarks ask about."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any


def line_to_check(number: int) -> dict[str, Any]:
    """Of four models and makers, four vendors, five origins and sixty days."""
    return {
        "model": ("Antminer S21 XP", "Antminer S21", "Whatsminer M60S", "Avalon A1566")[number % 4],
        "vendor": ("Bitmain", "MicroBT", "Canaan", "Nobody & Sons")[number % 4],
        "quantity": 100 + number,
        "unit_value": f"{3_000 + number}.99",
        "country_of_origin": ("MY", "CN", "TH", "ID", "US")[number % 5],
        "country_of_assembly": "MY",
        "import_country": "US",
        "transport_mode": ("air", "vessel")[number % 2],
        "expected_entry_date": (date(2026, 12, 1) + timedelta(days=number % 60)).isoformat(),
    }
