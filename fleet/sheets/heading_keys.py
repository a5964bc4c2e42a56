"""The last look at a heading: it holds a word that one column alone is known by, and none that would make it
something else ('Collateral Location', but not 'Rack Location'; 'Observed Serial', but not 'PSU Serial').
"""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass

_PARTS = "psu supply board hashboard hashboards control controller chip fan cable parent"
_TIMES = "old previous former replaced replacement new last first next"
_PAPERS = "invoice warranty contract payment bill insurance lien title tracking"
_NET = "pool worker ip network firmware port hostname"


@dataclass(frozen=True, slots=True)
class Key:
    """A column, the words of which one must be there, and those that must not."""

    column: str
    any_of: frozenset[str]
    none_of: frozenset[str]


def _key(column: str, any_of: str, none_of: str) -> Key:
    return Key(column, frozenset(any_of.split()), frozenset(f"{none_of} {_PARTS} {_TIMES} {_NET}".split()))


_KEYS = (
    _key("serial_number", "serial sn", f"{_PAPERS} mac"),
    _key("mac_address", "mac", ""),
    _key("model", "model", f"{_PAPERS} year cost price"),
    _key("maker", "manufacturer brand", f"{_PAPERS} country date serial model number part address warranty"),
    _key(
        "site",
        "site location facility warehouse building datacenter premises yard campus farm",
        f"{_PAPERS} rack slot shelf row bin functional assembly manufacture origin country status count manager "
        "contact phone loaded port tag date power number type cost owner position mac quantity",
    ),
    _key(
        "status", "status state", f"{_PAPERS} customs system connection health test power country date site"
    ),
    _key(
        "hashrate_ths",
        "hashrate ths phs ghs mhs terahash",
        "w kw watt watts power current avg average mean real actual live now percent pct total "
        "efficiency j jth ideal cost price loss",
    ),
    _key(
        "power_w",
        "power consumption watts watt kw вт квт draw",
        "mode version limit cost price efficiency factor pdu j jth current avg average actual live now percent "
        "total port socket rate hash hashrate th ths kwh meter capacity transformer",
    ),
    _key("country_of_origin", "origin", "port percent content site location city reason date"),
    _key(
        "quantity",
        "quantity",
        "price value cost sold ordered expected position package packages colli pallet box carton rack",
    ),
    _key("rack", "rack pod", "row col column count position slot unit site location type height"),
)


def column_known_by(words: Set[str]) -> str | None:
    """The name of the one column that the words are a key of, or None."""
    found = [key.column for key in _KEYS if key.any_of & words and not key.none_of & words]
    return found[0] if len(found) == 1 else None
