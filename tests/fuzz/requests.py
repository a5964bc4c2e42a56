"""Good requests to begin with, and what becomes of them when one thing in them is something else."""

from __future__ import annotations

from typing import Any

from tests.sheets import a_row

LINE = {"model": "Antminer S21 XP", "quantity": 5, "unit_value": "3900.00", "country_of_origin": "MY"}
ASKED: dict[str, Any] = {
    "rigs/bulk/": {"rows": [{name.lower().replace(" ", "_"): value for name, value in a_row().items()}]},
    "assessments/": {"lines": [LINE]},
    "what-if/": {"rigs": {"bought": [{"model": "Antminer S21 XP", "units": 5}]}},
    "screening/": {"name": "Bitmain", "country": "CN"},
    "sites/": {"name": "Rockdale", "country": "US"},
}
# Scalars that have broken somebody's reader.
STRANGE: list[Any] = [
    *(
        "",
        "\0",
        "\ud800",
        "9" * 400,
        "2026-02-30",
        "0000-01-01",
        "1e999",
        "NaN",
        "-1",
        "=1+1",
        "8543.70.9860",
        "²",
    ),
    *(
        None,
        True,
        -1,
        0,
        2**70,
        -(2**63) - 1,
        1e308,
        -0.0,
        float("nan"),
        float("inf"),
        [],
        {},
        [[]],
        {"": None},
    ),
]


def with_one_changed(said: Any, places: list[int], value: Any) -> Any:
    """A copy in which what the places lead to is something else."""
    if not places or not isinstance(said, dict | list) or not said:
        return value
    keys = list(said) if isinstance(said, dict) else list(range(len(said)))
    at = keys[places[0] % len(keys)]
    made = dict(said) if isinstance(said, dict) else list(said)
    made[at] = with_one_changed(said[at], places[1:], value)
    return made
