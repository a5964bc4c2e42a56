"""Countries as lists write them: codes, English names, and regions that are no country."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from risk.engine.terms.countries import CountryCode


@cache
def country_of(text: str) -> CountryCode | None:
    """The country of a code or an English name, or None ('Region: Crimea', 'Palestinian', 'undetermined')."""
    if not text or any(character.isdigit() for character in text):
        return None  # a postal code
    try:
        return CountryCode.parse(_plain(text))
    except ValueError:
        return None


def countries_of(texts: Iterable[str]) -> tuple[CountryCode, ...]:
    """Every country that the texts name, each once."""
    return tuple(dict.fromkeys(country for text in texts if (country := country_of(text.strip()))))


def last_country(address: str) -> CountryCode | None:
    """The country at the end of an address in one line: '…, Hangzhou, 310052, CN'."""
    return country_of(address.rpartition(",")[2].strip())


def _plain(text: str) -> str:
    """OFAC's own spellings: 'Korea, North', 'Congo, Democratic Republic of the'."""
    return _OFAC_SPELLINGS.get(text.casefold().strip(), text)


_OFAC_SPELLINGS = {
    "korea, north": "KP",
    "korea, south": "KR",
    "congo, democratic republic of the": "CD",
    "congo, republic of the": "CG",
    "burma": "MM",
    "bahamas, the": "BS",
    "gambia, the": "GM",
    "macau": "MO",
    "west bank": "PS",
    "palestinian": "PS",
    "gaza": "PS",
    "virgin islands, british": "VG",
    "turkey": "TR",
    "cote d ivoire": "CI",
    "czech republic": "CZ",
    "cape verde": "CV",
    "swaziland": "SZ",
    "saint vincent and the grenadines": "VC",
    "micronesia": "FM",
}
