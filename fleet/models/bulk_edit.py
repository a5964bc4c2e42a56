"""Edits of many rigs at once: chosen, previewed, applied as what was shown, and taken back as a whole."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from fleet.models.operator import Owned


class EditState(models.TextChoices):
    """How far an edit has come."""

    WAITING = "waiting", "being compared"
    CHECKED = "checked", "checked, nothing written"
    CONFIRMED = "confirmed", "being applied"
    APPLIED = "applied", "applied"
    UNDOING = "undoing", "being taken back"
    REFUSED = "refused", "refused, nothing written"
    DISCARDED = "discarded", "discarded, nothing written"
    UNDONE = "undone", "undone"
    FAILED = "failed", "failed by a fault of the product, nothing written"


UNDER_WAY = (EditState.WAITING, EditState.CONFIRMED, EditState.UNDOING)


class BulkEdit(Owned):
    """Values laid over many rigs. `said` are the values by the names of a sheet's columns, null where one is cleared;
    `query` is the view that the rigs were chosen in.

    `plan_digest`, `deltas` and `groups` are what the preview decided: the digest of all that would be written, by
    how much each holding would move, and how many rigs go from which value to which. `progress` says how far a
    worker is.
    """

    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    asked_at = models.DateTimeField()
    query = models.TextField(blank=True)
    rig_ids = models.JSONField(default=list)
    rigs = models.PositiveIntegerField(default=0)
    said = models.JSONField(default=dict)
    why = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=10, choices=EditState.choices, default=EditState.WAITING)
    refusal = models.CharField(max_length=500, blank=True)
    problems = models.JSONField(default=list)
    changed = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    plan_digest = models.CharField(max_length=64, blank=True)
    deltas = models.JSONField(default=list)
    groups = models.JSONField(default=list)
    progress = models.JSONField(default=dict)
    checked_at = models.DateTimeField(null=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    applied_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    undo_report = models.JSONField(default=dict)
    claimed_until = models.DateTimeField(null=True, editable=False)

    class Meta:
        indexes = [models.Index(fields=["operator", "-id"])]

    def __str__(self) -> str:
        return f"Edit {self.pk}"

    @property
    def is_waiting(self) -> bool:
        """Whether a worker has it, or is about to."""
        return self.state in UNDER_WAY
