"""Measures that give way to one another in a circle: none of them would ever bite."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import permutations

from risk.engine.policy import MeasureSpec


def circles(measures: Sequence[MeasureSpec]) -> Iterator[tuple[MeasureSpec, ...]]:
    """Each circle once: every measure in it gives way to the next, and the last to the first."""
    ways: dict[str, list[MeasureSpec]] = {}
    for one, other in permutations(measures, 2):
        if one.gives_way_to(other) and one.span.overlaps(other.span):
            ways.setdefault(one.code, []).append(other)
    told: set[frozenset[str]] = set()
    for measure in measures:
        found = _way_back(measure, ways)
        codes = frozenset(each.code for each in found)
        if found and codes not in told:
            told.add(codes)
            yield found


def _way_back(start: MeasureSpec, ways: dict[str, list[MeasureSpec]]) -> tuple[MeasureSpec, ...]:
    """The shortest way from a measure over those to which it gives way back to itself; empty for none."""
    paths: list[tuple[MeasureSpec, ...]] = [(start,)]
    seen = {start.code}
    for path in paths:
        for following in ways.get(path[-1].code, ()):
            if following.code == start.code:
                return path
            if following.code not in seen:
                seen.add(following.code)
                paths.append((*path, following))
    return ()
