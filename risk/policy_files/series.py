"""Measures in the order in which they follow one another: one series of goods, value after value."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from risk.engine.policy import MeasureSpec
from risk.policy_files.citations import cited_in


def chains(measures: Iterable[MeasureSpec]) -> list[tuple[MeasureSpec, ...]]:
    """Each measure once, behind the one of its family that it follows: that ends the day before, by no act.

    A measure whose end names its act is the last of its chain; so is one that nothing follows.
    """
    begun: dict[str, list[list[MeasureSpec]]] = defaultdict(list)
    for measure in sorted(measures, key=lambda m: (m.span.first, m.code)):
        open_chains = [chain for chain in begun[measure.family] if _waits_for(chain[-1], measure)]
        if open_chains:
            _nearest(open_chains, measure).append(measure)
        else:
            begun[measure.family].append([measure])
    return [tuple(chain) for of_family in begun.values() for chain in of_family]


def ends_by_no_act(measure: MeasureSpec) -> bool:
    """Whether the measure ends and its note names no act that ended it."""
    return measure.span.through is not None and not cited_in(measure).act


def _waits_for(last: MeasureSpec, measure: MeasureSpec) -> bool:
    return last.span.day_after == measure.span.first and ends_by_no_act(last)


def _nearest(open_chains: Sequence[list[MeasureSpec]], measure: MeasureSpec) -> list[MeasureSpec]:
    """The chain of the same goods where there is one, else the first."""
    same = (chain for chain in open_chains if chain[-1].conditions == measure.conditions)
    return next(same, open_chains[0])
