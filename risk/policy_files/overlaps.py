"""Measures alike that would both bite on the same goods on the same day: one of them is a mistake."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import combinations
from typing import TypeVar

from risk.engine.conditions import Condition
from risk.engine.conditions.claimed import Claimed
from risk.engine.conditions.hts_code import HtsCodeUnder
from risk.engine.conditions.import_country import ImportedInto
from risk.engine.conditions.origin import OriginAmong
from risk.engine.conditions.transport_mode import CarriedBy
from risk.engine.policy import MeasureKind, MeasureSpec, RateType, Renumbering
from risk.engine.terms.hts import HtsPrefix
from risk.engine.terms.spans import DateSpan

C = TypeVar("C", bound=Condition)


def overlaps(
    measures: Iterable[MeasureSpec], renumberings: Sequence[Renumbering] = ()
) -> Iterator[tuple[MeasureSpec, MeasureSpec, DateSpan]]:
    """Each pair that meets (the earlier first) and the days that it shares.

    A measure that waits for a claim meets none; nor does a pair of which one gives way to the other.
    """
    alike = defaultdict(list)
    for measure in sorted(measures, key=lambda m: (m.span.first, m.code)):
        if measure.kind is MeasureKind.TARIFF and not conditions_of_kind(measure, Claimed):
            alike[_likeness(measure)].append(measure)
    for group in alike.values():
        for one, other in combinations(group, 2):
            shared = one.span.intersection(other.span)
            if shared and not _gives_way(one, other) and same_goods(one, other, renumberings):
                yield one, other, shared


def conditions_of_kind(measure: MeasureSpec, kind: type[C]) -> list[C]:
    """The conditions of one kind that a measure sets."""
    return [condition for condition in measure.conditions if isinstance(condition, kind)]


def _likeness(measure: MeasureSpec) -> tuple[str, ...]:
    """Alike are base rates of one country, wherever they stand; fees and duties within their family."""
    if measure.rate_type is RateType.BASE:
        return ("base", *base_country(measure))
    return ("fee" if measure.rate_type is RateType.FEE else "duty", measure.family)


def base_country(measure: MeasureSpec) -> tuple[str, ...]:
    """The country into which the goods of a measure are brought."""
    return tuple(into.country for into in conditions_of_kind(measure, ImportedInto))


def _gives_way(one: MeasureSpec, other: MeasureSpec) -> bool:
    return one.gives_way_to(other) or other.gives_way_to(one)


def same_goods(one: MeasureSpec, other: MeasureSpec, renumberings: Sequence[Renumbering]) -> bool:
    """Whether some goods meet what both measures look at."""
    return _origins_meet(one, other) and _modes_meet(one, other) and _codes_meet(one, other, renumberings)


def _codes_meet(one: MeasureSpec, other: MeasureSpec, renumberings: Sequence[Renumbering]) -> bool:
    """Whether some branch that both name, under any of its numbers, is left by what either excludes."""
    for mine in conditions_of_kind(one, HtsCodeUnder):
        for theirs in conditions_of_kind(other, HtsCodeUnder):
            excluded = (*mine.excluded, *theirs.excluded)
            shared = _shared_branches(_all_numbers(mine.prefixes, tuple(renumberings)), theirs.prefixes)
            if not any(_is_left_by(branch, excluded) for branch in shared):
                return False
    return True


def _shared_branches(mine: Iterable[HtsPrefix], theirs: Iterable[HtsPrefix]) -> Iterator[HtsPrefix]:
    """Of each two branches that meet, the narrower."""
    return (
        max(one, other, key=lambda p: len(p.digits)) for one in mine for other in theirs if one.meets(other)
    )


@lru_cache(maxsize=1_000)
def _all_numbers(
    prefixes: tuple[HtsPrefix, ...], renumberings: tuple[Renumbering, ...]
) -> frozenset[HtsPrefix]:
    """Once for a measure, which is held against many."""
    numbers = set(prefixes)
    for numbering in renumberings:
        for here, there in ((numbering.old, numbering.new), (numbering.new, numbering.old)):
            numbers |= {there for prefix in prefixes if prefix.meets(here)}
    return frozenset(numbers)


def _is_left_by(branch: HtsPrefix, excluded: Iterable[HtsPrefix]) -> bool:
    return not any(branch.digits.startswith(prefix.digits) for prefix in excluded)


def _origins_meet(one: MeasureSpec, other: MeasureSpec) -> bool:
    for mine in conditions_of_kind(one, OriginAmong):
        for theirs in conditions_of_kind(other, OriginAmong):
            named = [among.countries for among in (mine, theirs) if among.countries is not None]
            if named and not frozenset.intersection(*named) - mine.excluded - theirs.excluded:
                return False
    return True


def _modes_meet(one: MeasureSpec, other: MeasureSpec) -> bool:
    mine, theirs = conditions_of_kind(one, CarriedBy), conditions_of_kind(other, CarriedBy)
    return all(a.modes & b.modes for a in mine for b in theirs)
