"""What people keep beside a vendor: documents, contacts and notes; an operator's own are seen by it alone."""

from __future__ import annotations

import secrets
from pathlib import PurePath

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from vendors.models.sourced import Scoped, ScopedQuerySet
from vendors.models.vendor import Vendor


def stored_under(document: VendorDocument, file_name: str) -> str:
    """A random name in a folder of the keeper's own: of the user's file name only the kind reaches the disk."""
    suffix = PurePath(file_name).suffix.lower()[:6]
    return f"vendor-documents/{document.operator_id or 'register'}/{secrets.token_hex(16)}{suffix}"


class VendorDocument(Scoped):
    """A paper about a vendor. Never deleted: one that does not count any more is withdrawn, with a reason.

    It counts from `issued_on` (None: since ever) up to, and no more on, `expires_on` (None: no end).
    """

    class Kind(models.TextChoices):
        """What it is."""

        REGISTER_EXTRACT = "register extract", "register extract"
        OWNERSHIP = "ownership", "ownership chart or declaration"
        CERTIFICATE = "certificate", "certificate"
        CONTRACT = "contract", "contract"
        QUESTIONNAIRE = "questionnaire", "questionnaire"
        AUDIT = "audit", "audit report"
        OTHER = "other", "other"

    vendor = models.ForeignKey(Vendor, on_delete=models.CASCADE, related_name="documents")
    kind = models.CharField(max_length=20, choices=Kind)
    title = models.CharField(max_length=200)
    file = models.FileField(upload_to=stored_under, max_length=200, editable=False)
    file_name = models.CharField(max_length=255, editable=False)
    sha256 = models.CharField(max_length=64, editable=False)
    issued_on = models.DateField(null=True, blank=True)
    expires_on = models.DateField(null=True, blank=True)
    note = models.TextField(blank=True)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )
    added_at = models.DateTimeField(editable=False)
    withdrawn_at = models.DateTimeField(null=True, editable=False)
    withdrawn_because = models.CharField(max_length=300, blank=True, editable=False)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(issued_on__isnull=True)
                | Q(expires_on__isnull=True)
                | Q(expires_on__gt=F("issued_on")),
                name="a_document_expires_after_it_is_issued",
                violation_error_message="It expires before it is issued.",
            )
        ]
        indexes = [models.Index(fields=["vendor", "operator"])]

    def __str__(self) -> str:
        return self.title


class VendorContact(Scoped):
    """A person at a vendor, or a desk of it."""

    vendor = models.ForeignKey(Vendor, on_delete=models.CASCADE, related_name="contacts")
    name = models.CharField(max_length=200)
    position = models.CharField(max_length=200, blank=True)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=60, blank=True)
    note = models.TextField(blank=True)

    objects = ScopedQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name


class VendorNote(Scoped):
    """Something that a person wants remembered of a vendor."""

    vendor = models.ForeignKey(Vendor, on_delete=models.CASCADE, related_name="notes")
    text = models.TextField()
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )
    written_at = models.DateTimeField(auto_now_add=True, editable=False)

    objects = ScopedQuerySet.as_manager()

    def __str__(self) -> str:
        return self.text[:60]
