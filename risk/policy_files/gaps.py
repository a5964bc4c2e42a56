"""Days on which the law would be silent by mistake: a value that ends, with neither an act nor a successor."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from risk.engine.policy import MeasureSpec, RateType, Renumbering
from risk.policy_files.citations import cited_in
from risk.policy_files.overlaps import base_country, same_goods
from risk.policy_files.series import chains, ends_by_no_act

Fault = tuple[str, str]


def gaps(
    measures: Sequence[MeasureSpec], renumberings: Sequence[Renumbering] = ()
) -> Iterator[tuple[MeasureSpec, Fault]]:
    """Each measure after which something is missing, and what: the act that ended it, or the next value."""
    bases = [measure for measure in measures if measure.rate_type is RateType.BASE]
    for last in (chain[-1] for chain in chains(measures)):
        if ends_by_no_act(last):
            yield last, _unfinished(last, _next_of_family(last, measures, renumberings))
        elif last in bases and cited_in(last).act and not _goes_on(last, bases, renumberings):
            yield last, _no_base(last)


def _next_of_family(
    last: MeasureSpec, measures: Sequence[MeasureSpec], renumberings: Sequence[Renumbering]
) -> date | None:
    """The first day after its end on which a value for the same goods begins in its family."""
    end = last.span.day_after
    begins = (
        measure.span.first
        for measure in measures
        if end and measure.family == last.family and measure.span.first > end
        if same_goods(last, measure, renumberings)
    )
    return min(begins, default=None)


def _goes_on(last: MeasureSpec, bases: Sequence[MeasureSpec], renumberings: Sequence[Renumbering]) -> bool:
    """Whether some base rate stands on the same goods the day after."""
    end = last.span.day_after
    return any(
        end in other.span
        and base_country(other) == base_country(last)
        and same_goods(last, other, renumberings)
        for other in bases
        if end
    )


def _unfinished(last: MeasureSpec, following: date | None) -> Fault:
    end = f"it ends on {last.span.through}"
    if following:
        fault = f"{end}, and the next value begins only on {following}; close the gap, or name the act (ended_by)."
        return "gap", fault
    fault = f"{end}, and no act is named that ended it; name it (ended_by), or give the value that follows."
    return "missing_citation", fault


def _no_base(last: MeasureSpec) -> Fault:
    fault = f"from {last.span.day_after} on no base rate stands on its goods; give the one that follows."
    return "gap", fault
