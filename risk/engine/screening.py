"""How far the sanctions and lists of a policy edition reach a maker: by name, or through its affiliations.

Names are compared as whole words in any case; nothing is guessed from likeness here. A maker that was
screened against no list at all is never clear.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from risk.engine.facts import VendorFacts
from risk.engine.findings import Reason, SanctionLevel
from risk.engine.policy import Effect, MeasureSpec, PolicyBook

LEVEL_OF_EFFECT = {
    Effect.BLOCKS: SanctionLevel.BLOCKED,
    Effect.RESTRICTS: SanctionLevel.RESTRICTED,
    Effect.WATCHES: SanctionLevel.WATCH,
}
STRONGEST_FIRST = tuple(SanctionLevel)


@dataclass(frozen=True, slots=True, kw_only=True)
class SanctionFinding:
    """The highest level found, why, and whether lists were looked at at all.

    An unscreened maker can turn out worse than `level`; it is never better than unknown.
    """

    level: SanctionLevel
    is_screened: bool
    reasons: tuple[Reason, ...]


def sanction_finding(vendor: VendorFacts, book: PolicyBook, on: date) -> SanctionFinding:
    """The sanction level of a maker on a day, under the parties that the edition names."""
    found = sorted(_reached(vendor, book, on), key=lambda pair: STRONGEST_FIRST.index(pair[0]))
    is_screened = bool(vendor.lists_screened)
    reasons = tuple(reason for _, reason in found)
    if not is_screened:
        reasons += (
            Reason("never_screened", f"No government list is loaded, so {vendor.name} was not screened."),
        )
    floor = SanctionLevel.CLEAR if is_screened else SanctionLevel.UNKNOWN
    return SanctionFinding(level=found[0][0] if found else floor, is_screened=is_screened, reasons=reasons)


def _reached(vendor: VendorFacts, book: PolicyBook, on: date) -> Iterator[tuple[SanctionLevel, Reason]]:
    for measure in book.in_effect_on(on):
        if measure.effect is None or not measure.names:
            continue
        for own in (vendor.name, *vendor.other_names):
            if _is_named(own, measure):
                yield LEVEL_OF_EFFECT[measure.effect], _named(own, measure)
                break
        for tie in vendor.affiliations:
            if (tie.span is None or on in tie.span) and _is_named(tie.other_party, measure):
                yield SanctionLevel.WATCH, _affiliate(vendor, tie.other_party, tie.relation, measure)


def _is_named(name: str, measure: MeasureSpec) -> bool:
    words = f" {_words(name)} "
    return any(f" {_words(party)} " in words for party in measure.names)


def _words(name: str) -> str:
    return " ".join(re.findall(r"\w+", name.casefold()))


def _named(name: str, measure: MeasureSpec) -> Reason:
    sentence = f"{name} is named by {measure.code}: {measure.title} ({measure.legal_reference})."
    return Reason("named_by_measure", _with_meaning(sentence, measure))


def _affiliate(vendor: VendorFacts, party: str, relation: str, measure: MeasureSpec) -> Reason:
    named = f"which {measure.code} names ({measure.legal_reference})"
    sentence = f"{vendor.name} is tied to {party} ({relation}), {named}."
    return Reason("affiliate_of_named_party", _with_meaning(sentence, measure))


def _with_meaning(sentence: str, measure: MeasureSpec) -> str:
    return f"{sentence} {measure.means}" if measure.means else sentence
