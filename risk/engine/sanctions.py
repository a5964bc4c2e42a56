"""How far lists reach a maker: parties that a policy edition names, entries of lists that it is, and its owners.

A measure's parties are compared as whole words in any case; nothing is guessed from likeness there. What was found
by likeness counts as far as a person has decided on it. A maker that was screened against no fresh list is never
clear.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from risk.engine.facts import Listing, VendorFacts
from risk.engine.findings import Reason, SanctionLevel
from risk.engine.list_effects import effect_of
from risk.engine.ownership import (
    OWNERSHIP_RULES,
    OwnershipFinding,
    OwnershipRule,
    Standing,
    ownership_findings,
)
from risk.engine.policy import Effect, MeasureSpec, PolicyBook
from risk.engine.terms.spans import DateSpan

Found = Iterator[tuple[SanctionLevel, Reason]]

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
    """The sanction level of a maker on a day, under the parties that the edition names and the lists it was
    screened against."""
    found = sorted(_reached(vendor, book, on), key=lambda pair: STRONGEST_FIRST.index(pair[0]))
    is_screened = any(each.is_fresh_on(on) for each in vendor.lists_screened)
    floor = SanctionLevel.CLEAR if is_screened else SanctionLevel.UNKNOWN
    return SanctionFinding(
        level=found[0][0] if found else floor,
        is_screened=is_screened,
        reasons=(*(reason for _, reason in found), *_not_screened(vendor, on)),
    )


def together(findings: Iterable[SanctionFinding]) -> SanctionFinding:
    """What is found of several parties as of one: the strongest level; screened where every party is."""
    found = tuple(findings)
    return SanctionFinding(
        level=min((each.level for each in found), key=STRONGEST_FIRST.index),
        is_screened=all(each.is_screened for each in found),
        reasons=tuple(dict.fromkeys(reason for each in found for reason in each.reasons)),
    )


def days_of_lists(vendor: VendorFacts, book: PolicyBook) -> frozenset[date]:
    """The days on which what lists and ties say of the maker may read differently, beside those of the book."""
    spans = [each.span for each in vendor.affiliations]
    spans += [each.span for each in vendor.listings]
    spans += [each.span for each in vendor.holdings]
    if vendor.holdings and (vendor.listings or _owners_named(vendor, book.measures)):
        spans += [phase.span for rule in OWNERSHIP_RULES for phase in rule.phases]
    stale = (each.fresh_through for each in vendor.lists_screened)
    spans += [DateSpan(date.min, day) for day in stale if day]
    days = {day for span in spans if span for day in (span.first, span.day_after) if day}
    return frozenset(days - {date.min})


def _not_screened(vendor: VendorFacts, on: date) -> Iterator[Reason]:
    """What keeps the maker from being clear, or from being clear of some list."""
    if not vendor.lists_screened:
        sentence = f"No government list is loaded that {vendor.name} has been screened against."
        yield Reason("never_screened", sentence)
    stale: dict[tuple[str, date | None], list[str]] = {}
    for each in vendor.lists_screened:
        if not each.is_fresh_on(on):
            stale.setdefault((each.edition, each.fresh_through), []).append(each.list_code)
    for (edition, through), codes in stale.items():
        sentence = (
            f"{vendor.name} counts as not screened against {', '.join(codes)}: the edition in force ({edition}) "
            f"is stale since {through}."
        )
        yield Reason("list_stale", sentence)


def _reached(vendor: VendorFacts, book: PolicyBook, on: date) -> Found:
    measures = [each for each in book.in_effect_on(on) if each.effect is not None and each.names]
    yield from _by_measures(vendor, measures, on)
    listings = [each for each in vendor.listings if each.span is None or on in each.span]
    yield from _by_hits(vendor, listings, on)
    yield from _by_owners(vendor, listings, measures, on)


def _by_measures(vendor: VendorFacts, measures: Iterable[MeasureSpec], on: date) -> Found:
    for measure in measures:
        for own in (vendor.name, *vendor.other_names):
            if _is_named(own, measure):
                yield _level_of(measure), _named(own, measure)
                break
        for tie in vendor.affiliations:
            if (tie.span is None or on in tie.span) and _is_named(tie.other_party, measure):
                yield SanctionLevel.WATCH, _affiliate(vendor, tie.other_party, tie.relation, measure)


def _by_hits(vendor: VendorFacts, listings: Iterable[Listing], on: date) -> Found:
    """What the maker itself is or may be; what those tied to it are, and that it is watched for that."""
    for listing in listings:
        if listing.party == vendor.name:
            yield _itself(vendor, listing)
        elif not listing.is_confirmed:
            sentence = (
                f"{listing.party}, tied to {vendor.name}, may be {_entry(listing)}; nobody has decided yet."
            )
            yield SanctionLevel.WATCH, Reason("tie_hit_open", sentence)
        else:
            yield from _affiliated(vendor, listing, on)


def _itself(vendor: VendorFacts, listing: Listing) -> tuple[SanctionLevel, Reason]:
    if not listing.is_confirmed:
        sentence = f"{vendor.name} may be {_entry(listing)}; nobody has decided yet, so it is not cleared."
        return SanctionLevel.WATCH, Reason("hit_open", sentence)
    effect = effect_of(listing.list_code)
    law = f"{effect.title}, {effect.legal_reference}"
    sentence = f"{vendor.name} is {_entry(listing)}, as a person confirmed ({law})."
    return effect.level, Reason("listed", sentence)


def _affiliated(vendor: VendorFacts, listing: Listing, on: date) -> Found:
    """The tie itself; a tie that is over says nothing any more."""
    for tie in vendor.affiliations:
        if tie.other_party == listing.party and (tie.span is None or on in tie.span):
            sentence = (
                f"{vendor.name} is tied to {listing.party} ({tie.relation}), which is {_entry(listing)}."
            )
            yield SanctionLevel.WATCH, Reason("affiliate_listed", sentence)
            return


def _by_owners(
    vendor: VendorFacts, listings: Iterable[Listing], measures: Iterable[MeasureSpec], on: date
) -> Found:
    """Whom listed owners hold, under each rule; the sentence says of the first of the path what it is."""
    if not vendor.holdings:
        return
    confirmed = [each for each in listings if each.is_confirmed]
    for rule in OWNERSHIP_RULES:
        seeds = _seeds(vendor, rule, confirmed, measures)
        if not seeds:
            continue
        finding = ownership_findings(vendor.holdings, seeds.keys(), rule=rule, on=on).get(vendor.name)
        if finding is not None and finding.standing is not Standing.LISTED:
            yield finding.level, _by_path(finding, seeds)


def _seeds(
    vendor: VendorFacts, rule: OwnershipRule, confirmed: Iterable[Listing], measures: Iterable[MeasureSpec]
) -> dict[str, str]:
    """The owners who are listed themselves, with what each is."""
    owners = {each.owner for each in vendor.holdings}
    seeds = {
        owner: f"{owner} is named by {measure.code} ({measure.legal_reference})"
        for measure in measures
        if _level_of(measure) is rule.level
        for owner in sorted(owners)
        if _is_named(owner, measure)
    }
    return seeds | {
        each.party: f"{each.party} is {_entry(each)}"
        for each in confirmed
        if each.list_code in rule.list_codes and each.party in owners
    }


def _by_path(finding: OwnershipFinding, seeds: dict[str, str]) -> Reason:
    reason = finding.reason
    listed = [seeds[name] for name in finding.path if name in seeds]
    return Reason(reason.code, f"{reason.sentence} {'; '.join(listed)}." if listed else reason.sentence)


def _entry(listing: Listing) -> str:
    """The entry in words: name, list, number, programmes, edition."""
    programs = f", {', '.join(listing.programs)}" if listing.programs else ""
    return f"'{listing.listed_name}' ({listing.list_code} {listing.entity_id}{programs}; {listing.edition})"


def _owners_named(vendor: VendorFacts, measures: Iterable[MeasureSpec]) -> bool:
    named = [measure for measure in measures if measure.effect is not None and measure.names]
    return any(_is_named(each.owner, measure) for measure in named for each in vendor.holdings)


def _level_of(measure: MeasureSpec) -> SanctionLevel:
    return LEVEL_OF_EFFECT[measure.effect] if measure.effect else SanctionLevel.CLEAR


def _is_named(name: str, measure: MeasureSpec) -> bool:
    words = f" {_words(name)} "
    return any(f" {_words(party)} " in words for party in measure.names)


@lru_cache(maxsize=4_096)  # the parties of the law are asked about for every lot
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
