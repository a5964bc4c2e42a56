"""Citations for which a measure has no place of its own: they stand at the end of its note, and are found there."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from risk.engine.policy import MeasureSpec

_ANY_END = re.compile(r"(^| )Not in effect from \d{4}-\d\d-\d\d: .*\.$")


class Cited(NamedTuple):
    """A note taken apart: what a person wrote, the decision that gives back, the act that ended the measure."""

    note: str = ""
    decision: str = ""
    act: str = ""


def joined(cited: Cited, *, refundable_from: date | None, ends_before: date | None) -> str:
    """The whole note; `ends_before` is the first day without the measure."""
    told = (
        cited.note,
        f"{_refundable(refundable_from)}{cited.decision}." if cited.decision else "",
        f"{_ended(ends_before)}{cited.act}." if cited.act else "",
    )
    return " ".join(part for part in told if part)


def cited_in(spec: MeasureSpec) -> Cited:
    """The parts of a measure's note; a decision or an act that nobody named is empty."""
    rest, act = _split(spec.note, _ended(spec.span.day_after))
    note, decision = _split(rest, _refundable(spec.refundable_from))
    return Cited(note, decision, act)


def ended_by_act(measure: MeasureSpec, act: str) -> MeasureSpec:
    """The measure with the act that ended it; an act that stood there for an end on another day is dropped."""
    bare = replace(measure, note=_ANY_END.sub("", measure.note))
    note = joined(
        cited_in(bare)._replace(act=act.removesuffix(".")),
        refundable_from=measure.refundable_from,
        ends_before=measure.span.day_after,
    )
    return replace(measure, note=note)


def _split(note: str, opening: str) -> tuple[str, str]:
    """What stands before the last of such openings, and what it opens; everything, where there is none."""
    before, found, after = note.rpartition(opening)
    is_part = bool(found) and after.endswith(".") and (not before or before.endswith(" "))
    return (before.removesuffix(" "), after[:-1]) if is_part else (note, "")


def _ended(day: date | None) -> str:
    return f"Not in effect from {day}: "


def _refundable(day: date | None) -> str:
    return f"Refundable from {day}: "
