"""What agrees or contradicts beside the names: numbers that are given out once, and countries."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from risk.engine.listed import Identifier, ListedEntity
from risk.engine.terms.countries import CountryCode

SHORTEST_IDENTIFIER = 6
"""Numbers of fewer letters and digits are borne by different parties in different registers."""

_NOT_OF_A_COMPANY = re.compile(r"Phone|Birth|Gender|Nationality", re.I)


@dataclass(frozen=True, slots=True, kw_only=True)
class ScreenedParty:
    """Whom we ask about: every name in every script, its countries, and its numbers as they are written."""

    names: tuple[str, ...]
    countries: frozenset[CountryCode] = frozenset()
    identifiers: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Something beside the names: it agrees (True), contradicts (False) or one side is silent (None)."""

    code: str
    agrees: bool | None
    sentence: str


Feature = Callable[[ScreenedParty, ListedEntity], Evidence]


def same_identifier(party: ScreenedParty, entity: ListedEntity) -> Evidence:
    """A number that is given out once agrees: registration, tax, LEI, website, wallet."""
    own = {number_of(value) for value in party.identifiers}
    shared = [each for each in entity.identifiers if _identifies(each) and number_of(each.value) in own]
    if shared:
        sentence = f"Both have the {shared[0].system} {shared[0].value}."
        return Evidence(code="identifier_agrees", agrees=True, sentence=sentence)
    return Evidence(code="identifier_silent", agrees=None, sentence="No number of theirs can be compared.")


def same_country(party: ScreenedParty, entity: ListedEntity) -> Evidence:
    """A country of the vendor is one of the listed party's; others contradict, but a company can move."""
    if not party.countries or not entity.countries:
        return Evidence(
            code="country_silent", agrees=None, sentence="The country of one of them is not known."
        )
    shared = sorted(party.countries & entity.countries)
    own, listed = (", ".join(sorted(each)) for each in (party.countries, entity.countries))
    if shared:
        return Evidence(code="country_agrees", agrees=True, sentence=f"Both are of {', '.join(shared)}.")
    sentence = f"The vendor is of {own}, the listed party of {listed}."
    return Evidence(code="country_contradicts", agrees=False, sentence=sentence)


FEATURES: tuple[Feature, ...] = (same_identifier, same_country)
"""Evidence beside the names. It orders hits; only an identifier that agrees makes one by itself."""


def numbers_of(entity: ListedEntity) -> set[str]:
    """Every number that identifies the party, as numbers are compared."""
    return {number_of(each.value) for each in entity.identifiers if _identifies(each)}


def _identifies(identifier: Identifier) -> bool:
    return len(number_of(identifier.value)) >= SHORTEST_IDENTIFIER and not _NOT_OF_A_COMPANY.search(
        identifier.system
    )


def number_of(value: str) -> str:
    """Letters and digits only, in one case; a website without its protocol and www."""
    plain = re.sub(r"^(?:https?://)?(?:www\.)?", "", value.strip().casefold()).rstrip("/")
    return re.sub(r"[^0-9a-z]", "", plain)
