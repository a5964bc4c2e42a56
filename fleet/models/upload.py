"""Uploads: the file, how it was read, what was wrong with it and what it changed."""

from __future__ import annotations

import secrets
from pathlib import PurePath

from django.conf import settings
from django.db import models

from fleet.models.operator import Owned


def stored_under(upload: Upload, file_name: str) -> str:
    """A random name in the operator's own folder: of the user's file name only the kind reaches the disk."""
    suffix = PurePath(file_name).suffix.lower()[:6]
    return f"uploads/{upload.operator_id}/{secrets.token_hex(16)}{suffix}"


class UploadState(models.TextChoices):
    """How far an upload has come."""

    CHOOSING = "choosing", "being set up, nothing written"
    WAITING = "waiting", "waiting to be read"
    CHECKED = "checked", "checked, nothing written"
    APPLIED = "applied", "applied"
    REFUSED = "refused", "refused, nothing written"
    CANCELLED = "cancelled", "cancelled, nothing written"
    UNDONE = "undone", "undone"
    FAILED = "failed", "failed by a fault of the product, nothing written"


class Upload(Owned):
    """One spreadsheet on its way into the fleet. Counts are data rows: a row of 500 rigs is one.

    `choices` holds what the person gave with the file (see fleet.flows.upload_choices). `plan_digest` and
    `deltas` are what a check decided: the digest of all that would be written, and by how much each holding
    would move; `sample_changes` are the first of the changes, old and new. `is_confirmed`: somebody asked
    that what was checked be applied, and until it is, it is owed. `progress` says how far a worker is;
    `fleet_version` is the fleet's after the upload was applied.
    """

    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    uploaded_at = models.DateTimeField(auto_now_add=True)
    file = models.FileField(upload_to=stored_under, max_length=200)
    file_name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    choices = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=UploadState.choices, default=UploadState.WAITING)
    refusal = models.CharField(max_length=500, blank=True)
    layout = models.CharField(max_length=40, blank=True)
    columns = models.JSONField(default=dict)
    ignored_columns = models.JSONField(default=list)
    rows = models.PositiveIntegerField(default=0)
    new = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    missing = models.PositiveIntegerField(default=0)
    wrong = models.PositiveIntegerField(default=0)
    lots = models.PositiveIntegerField(default=0)
    seconds = models.JSONField(default=dict)
    plan_digest = models.CharField(max_length=64, blank=True)
    deltas = models.JSONField(default=list)
    sample_changes = models.JSONField(default=list)
    progress = models.JSONField(default=dict)
    fleet_version = models.PositiveBigIntegerField(null=True)
    checked_at = models.DateTimeField(null=True)
    applied_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    undo_report = models.JSONField(default=dict)
    is_confirmed = models.BooleanField(default=False, editable=False)
    is_cancelled = models.BooleanField(default=False, editable=False)
    claimed_until = models.DateTimeField(null=True, editable=False)

    class Meta:
        indexes = [models.Index(fields=["operator", "-id"])]

    def __str__(self) -> str:
        return f"Upload {self.pk}: {self.file_name}"

    @property
    def is_settled(self) -> bool:
        """Whether nothing more will happen to it by itself."""
        return self.state != UploadState.WAITING


class SavedMapping(Owned):
    """How an operator's people read sheets with certain headings, so that they are asked only once.

    `choices` holds what belongs to the headings (READ_BY_HEADINGS), never what belongs to one shipment, as its
    entry date and its site do.
    """

    heading_set = models.CharField(max_length=64)
    file_name = models.CharField(max_length=255)
    choices = models.JSONField(default=dict)
    used_at = models.DateTimeField()
    used_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["operator", "heading_set"], name="one_mapping_of_a_heading_set")
        ]

    def __str__(self) -> str:
        return f"How {self.file_name} was read"


class UploadProblem(models.Model):
    """One thing wrong with one cell or row, with what would be right. `is_warning`: told, but not refused."""

    upload = models.ForeignKey(Upload, on_delete=models.CASCADE, related_name="problems")
    row = models.PositiveIntegerField()
    column = models.CharField(max_length=200, blank=True)
    code = models.CharField(max_length=60)
    value = models.CharField(max_length=300, blank=True)
    sentence = models.CharField(max_length=600)
    is_warning = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["upload", "row"])]

    def __str__(self) -> str:
        return f"Row {self.row}: {self.sentence}"
