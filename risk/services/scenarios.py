"""Suppositions that are kept."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from fleet.models import Operator
from ledger.models import differing, record
from risk.models import (
    SavedScenario,
)
from risk.scenarios import ScenarioRefused, read_scenario, scenario_text

LONGEST_TITLE = 120


def keep_scenario(*, operator: Operator, title: str, text: str, by: Any, at: datetime) -> SavedScenario:
    """Keep a supposition under a title; the same title again replaces what was kept.

    Raises ValidationError for a text that is no scenario, and for a title that is none.
    """
    title = " ".join(title.split())
    if not 0 < len(title) <= LONGEST_TITLE:
        raise ValidationError(f"Give it a name of 1 to {LONGEST_TITLE} characters.", code="title_unfit")
    try:
        read_scenario(scenario_text(text))
    except ScenarioRefused as refusal:
        raise ValidationError(list(refusal.complaints), code="scenario_unfit") from None
    said = {"text": text, "saved_by": by, "saved_at": at}
    with transaction.atomic():
        standing = SavedScenario.objects.filter(operator=operator, title=title).first()
        changed = differing({"text": standing.text if standing else ""}, {"text": text})
        kept, _ = SavedScenario.objects.update_or_create(operator=operator, title=title, defaults=said)
        record(deed="scenario kept", subject=title, by=by, operator_id=operator.pk, changed=changed)
    return kept


def forget_scenario(*, scenario: SavedScenario, by: Any) -> None:
    """Keep a supposition no longer."""
    with transaction.atomic():
        changed = differing({"text": scenario.text}, {})
        subject, operator_id = scenario.title, scenario.operator_id
        record(deed="scenario forgotten", subject=subject, by=by, operator_id=operator_id, changed=changed)
        SavedScenario.objects.filter(pk=scenario.pk).delete()
