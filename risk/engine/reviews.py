"""What becomes of a screening hit: a decision stands as long as what it was made on, and never longer or shorter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any


class Decision(StrEnum):
    """What a person said of a hit: it is the listed party, it is not, or somebody else has to look."""

    CONFIRMED = "confirmed"
    DISMISSED = "dismissed"
    ESCALATED = "escalated"


class HitState(StrEnum):
    """Where a hit stands. A lapsed one was decided on other evidence and waits again; a gone one is not found."""

    OPEN = "open"
    LAPSED = "lapsed"
    ESCALATED = "escalated"
    CONFIRMED = "confirmed"
    DISMISSED = "dismissed"
    GONE = "gone"

    @property
    def awaits_decision(self) -> bool:
        """Whether a person has to look at it."""
        return self in (HitState.OPEN, HitState.LAPSED, HitState.ESCALATED)


def state_of(*, found: str | None, decision: Decision | None, decided_on: str) -> HitState:
    """The state of a hit: `found` is the digest of its evidence now (None: not found), `decided_on` that of the
    last decision's. The day does not matter, nor does the way by which it was found."""
    if found is None:
        return HitState.GONE
    if decision is None:
        return HitState.OPEN
    return HitState(decision.value) if found == decided_on else HitState.LAPSED


def binds(state: HitState, decision: Decision | None) -> bool:
    """Whether the vendor counts as the listed party: confirmed, and, once that has lapsed, until a person says
    otherwise. New evidence alone never unblocks anybody."""
    return state is HitState.CONFIRMED or (state is HitState.LAPSED and decision is Decision.CONFIRMED)


def what_changed(before: Mapping[str, Any], now: Mapping[str, Any]) -> str:
    """In one sentence, what differs between the evidence that was decided on and the evidence of now.

    Both are as HitCandidate.told: names, and what agrees or contradicts beside them.
    """
    told: list[str] = []
    for key, words in (("vendor_name", "the vendor's name"), ("matched_name", "the listed name")):
        if before.get(key) != now.get(key):
            told.append(f"{words} was '{before.get(key)}' and is '{now.get(key)}'")
    if before.get("is_weak") != now.get("is_weak"):
        told.append(f"the listed name is {'now' if now.get('is_weak') else 'no longer'} a weak alias")
    old, new = _sentences(before), _sentences(now)
    told += [f'"{each}" is new' for each in new if each not in old]
    told += [f'"{each}" no longer holds' for each in old if each not in new]
    return f"What it was decided on has changed: {'; '.join(told)}." if told else ""


def _sentences(evidence: Mapping[str, Any]) -> Sequence[str]:
    return [each["sentence"].rstrip(".") for each in evidence.get("features", ())]
