"""Decisions on screening hits; a refusal is raised before anything is written."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction

from ledger.models import differing, record
from risk.engine.reviews import Decision, HitState
from risk.flows.tell_of_screening import tell_of_hit, tell_of_vendors
from risk.models import (
    HitDecision,
    ScreeningHit,
)


def decide_hit(
    *, hit_id: int, decision: Decision, reason: str, digest: str, by: Any, at: datetime
) -> HitDecision:
    """Say of a hit whether the vendor is the listed party, on the evidence that was shown (its `digest`).

    Where two persons are asked for, a first word is on record but not in force; a second person who says the same
    brings it in force. To escalate needs nobody else. Raises ValidationError without a reason, without a person, for
    evidence that has changed since it was shown, and for a hit that is found no more.
    """
    _refuse_undecidable(reason, by)
    with transaction.atomic():
        hit = ScreeningHit.objects.select_for_update().get(pk=hit_id)
        _refuse_moved(hit, digest)
        first = first_word_on(hit)
        before = {"state": hit.state, "decision": hit.decision}
        seconds = first if first and first.decision == decision and first.by_id != by.pk else None
        _refuse_said_already(decision, first, seconds, by)
        made = HitDecision.objects.create(
            hit=hit,
            decision=decision.value,
            reason=reason.strip(),
            evidence_digest=hit.evidence_digest,
            evidence=hit.evidence,
            by=by,
            at=at,
            is_in_force=_is_in_force(decision, seconds),
            seconds=seconds,
        )
        if made.is_in_force:
            _bring_in_force(hit, made)
        record(
            deed=f"hit {decision.value}" if made.is_in_force else f"hit to be {decision.value}",
            subject=f"hit {hit.pk}",
            by=by,
            operator_id=hit.operator_id,
            list=hit.list_code,
            entity_id=hit.entity_id,
            reason=made.reason,
            changed=differing(before, {"state": hit.state, "decision": hit.decision}),
            evidence=hit.evidence_digest,
        )
        if made.is_in_force:
            tell_of_hit("screening.hit_decided", hit, decision=made.decision)
    return made


def first_word_on(hit: ScreeningHit) -> HitDecision | None:
    """The newest decision on the evidence of now that still waits for a second person."""
    newest = hit.decisions.order_by("-pk").first()
    is_waiting = (
        newest is not None and not newest.is_in_force and newest.evidence_digest == hit.evidence_digest
    )
    return newest if is_waiting else None


def _is_in_force(decision: Decision, seconds: HitDecision | None) -> bool:
    needs_second = settings.SCREENING_NEEDS_SECOND_PERSON and decision is not Decision.ESCALATED
    return seconds is not None or not needs_second


def _bring_in_force(hit: ScreeningHit, made: HitDecision) -> None:
    """The hit stands as it was decided, and the lots of its vendor are owed an assessment."""
    if made.decision == Decision.ESCALATED and hit.binds:
        # Somebody else has to look; until a person says otherwise the confirmation binds on, as one that lapsed.
        hit.decided_on, hit.state = "", HitState.LAPSED.value
        hit.changed_because = "It was escalated; the confirmation binds until it is decided again."
    else:
        hit.decision, hit.decided_on, hit.decided_evidence = made.decision, hit.evidence_digest, hit.evidence
        hit.state, hit.changed_because = HitState(made.decision).value, ""
    hit.save(update_fields=["decision", "decided_on", "decided_evidence", "state", "changed_because"])
    tell_of_vendors([hit.vendor_id], cause=f"hit {hit.pk} {made.decision}")


def _refuse_undecidable(reason: str, by: Any) -> None:
    if by is None:
        raise ValidationError("A hit is decided by a person, not by a command.", code="needs_person")
    if not reason.strip():
        raise ValidationError(
            "Say why: a decision without a reason tells the next reader nothing.", code="no_reason"
        )


def _refuse_moved(hit: ScreeningHit, digest: str) -> None:
    if hit.state == HitState.GONE:
        raise ValidationError("The hit is found no more; there is nothing to decide.", code="hit_gone")
    if hit.evidence_digest != digest:
        raise ValidationError(
            "The evidence has changed since the page was opened; look at it again.", code="evidence_changed"
        )


def _refuse_said_already(
    decision: Decision, first: HitDecision | None, seconds: HitDecision | None, by: Any
) -> None:
    if first and not seconds and first.decision == decision and first.by_id == by.pk:
        raise ValidationError(
            "You have said so already; a second person has to say the same.", code="needs_second_person"
        )
