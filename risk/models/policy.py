"""Policy editions: the law as it was known when it was published. A published edition never changes."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q


class EditionQuerySet(models.QuerySet["PolicyEdition"]):
    """Questions about editions."""

    def published(self) -> Self:
        """Those that were in force for assessments at some time, newest first."""
        return self.filter(state=PolicyEdition.State.PUBLISHED).order_by("-number")

    def current(self) -> PolicyEdition | None:
        """The newest published edition; None before the first."""
        return self.published().first()


class PolicyEdition(models.Model):
    """All measures of one moment of knowledge, and the classification of goods that they rest on.

    `followed_at` empty on a published edition: the lots that it touches are not yet all marked as owed.
    """

    class State(models.TextChoices):
        """A draft may change; a published edition may not."""

        DRAFT = "draft", "draft"
        PUBLISHED = "published", "published"

    number = models.PositiveIntegerField(unique=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    title = models.CharField(max_length=200, blank=True)
    digest = models.CharField(max_length=64, blank=True)
    classification = models.JSONField(default=dict)
    verified_through = models.DateField(null=True, blank=True)
    published_on = models.DateField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    followed_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = EditionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="draft") | Q(published_at__isnull=False, published_on__isnull=False),
                name="published_editions_say_when",
            )
        ]

    def __str__(self) -> str:
        return f"Edition {self.number}"

    @property
    def is_published(self) -> bool:
        """Whether the edition is frozen."""
        return self.state == self.State.PUBLISHED


class Measure(models.Model):
    """One measure of an edition. `record` is the whole measure; the columns repeat what lists filter by."""

    edition = models.ForeignKey(PolicyEdition, on_delete=models.CASCADE, related_name="measures")
    code = models.CharField(max_length=60)
    family = models.CharField(max_length=120)
    title = models.CharField(max_length=300)
    authority = models.CharField(max_length=120)
    rate_type = models.CharField(max_length=20)
    rate_percent = models.CharField(max_length=20, blank=True)
    effective_from = models.DateField()
    effective_through = models.DateField(null=True, blank=True)
    confidence = models.CharField(max_length=20)
    legal_reference = models.TextField()
    record = models.JSONField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["edition", "code"], name="one_measure_of_a_code_per_edition"),
            models.CheckConstraint(
                condition=Q(effective_through__isnull=True)
                | Q(effective_through__gte=models.F("effective_from")),
                name="a_measure_ends_after_it_begins",
            ),
            models.CheckConstraint(condition=~Q(legal_reference=""), name="every_measure_has_a_citation"),
        ]

    def __str__(self) -> str:
        return self.code
