"""The JSON of screening: hits of a name, hits on record, runs; the same for commands and API."""

from __future__ import annotations

from typing import Any

from risk.engine.hits import HitCandidate
from risk.models import HitDecision, ScreeningHit, ScreeningRun

COUNTS = ("opened", "unchanged", "lapsed", "closed")


def hit_answer(hit: HitCandidate) -> dict[str, Any]:
    """What a name is like, as programs read it."""
    return {
        "list": hit.entity.list_code,
        "entity_id": hit.entity.entity_id,
        "name": hit.entity.name,
        "matched_name": hit.matched.text,
        "strength": f"{hit.strength:.2f}",
        "band": hit.band.value,
        "programs": list(hit.entity.programs),
        "listed_on": hit.entity.listed_on.isoformat() if hit.entity.listed_on else None,
        "citations": list(hit.entity.citations),
        "reasons": [reason.sentence for reason in hit.reasons],
    }


def run_answer(run: ScreeningRun) -> dict[str, Any]:
    """A run, as programs read it."""
    return {
        "run": run.number,
        "kind": run.kind,
        "cause": run.cause,
        "editions": {
            form: f"{each['number']} as of {each['data_date']}" for form, each in run.editions.items()
        },
        "normaliser_version": run.normaliser_version,
        "threshold": f"{run.threshold:.2f}",
        "vendors": run.vendors,
        "names": run.names,
        "parties": run.parties,
        **{name: getattr(run, name) for name in COUNTS},
        "started_at": run.started_at.isoformat(),
        "finished_at": run.finished_at.isoformat(),
    }


def run_in_words(run: dict[str, Any]) -> str:
    """A run's answer in one line."""
    counts = ", ".join(f"{run[name]} {name}" for name in COUNTS)
    return (
        f"screening run {run['run']} ({run['cause']}): {run['vendors']} vendors, {run['names']} names, "
        f"{run['parties']} listed parties; hits: {counts}"
    )


def record_answer(hit: ScreeningHit) -> dict[str, Any]:
    """A hit on record: what was compared, what the list says, and what was decided last."""
    record = hit.record.record
    last = max(hit.decisions.all(), key=lambda each: each.pk, default=None)
    return {
        "id": hit.pk,
        "party": hit.party or None,
        "relation": hit.relation or None,
        "list": hit.list_code,
        "entity_id": hit.entity_id,
        "name": hit.record.name,
        "matched_name": hit.evidence["matched_name"],
        "vendor_name": hit.evidence["vendor_name"],
        "strength": f"{hit.strength:.2f}",
        "band": hit.band,
        "state": hit.state,
        "binds": hit.binds,
        "changed_because": hit.changed_because or None,
        "programs": record.get("programs", []),
        "listed_on": record.get("listed_on"),
        "citations": record.get("citations", []),
        "edition": str(hit.record.came_with),
        "sha256": hit.record.came_with.sha256,
        "words": hit.evidence["words"],
        "reasons": hit.evidence["reasons"],
        "decision": decision_answer(last) if last else None,
    }


def decision_answer(decision: HitDecision) -> dict[str, Any]:
    """What was said of a hit, and whether it is in force. Who said it stays in the console."""
    return {
        "decision": decision.decision,
        "reason": decision.reason,
        "at": decision.at.isoformat(),
        "is_in_force": decision.is_in_force,
    }
