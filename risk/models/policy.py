"""Policy editions: the law as it was known when it was published. A published edition never changes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q


class EditionQuerySet(models.QuerySet["PolicyEdition"]):
    """Questions about editions."""

    def published(self) -> Self:
        """Those that were in force for assessments at some time, newest first."""
        return self.filter(state=PolicyEdition.State.PUBLISHED).order_by("-number")

    def unfollowed(self) -> Self:
        """Published ones that nobody has followed yet, newest first."""
        return self.published().filter(followed_at__isnull=True)

    def current(self) -> PolicyEdition | None:
        """The newest published edition; None before the first."""
        return self.published().first()

    def update(self, **values: Any) -> int:
        """Changes drafts; of a published edition only that it was followed. Raises ValidationError."""
        if set(values) != {"followed_at"} and (frozen := self.published().first()):
            raise frozen.never_changes
        return super().update(**values)


class PolicyEdition(models.Model):
    """All measures of one moment of knowledge, and the classification of goods that they rest on.

    `based_on` is the edition of which the draft began as a copy, `changed_by` who changed the draft last,
    `reason` why it was published, `restates` the published edition whose error it mends.
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
    reason = models.TextField(blank=True)
    based_on = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    restates = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="restated_by"
    )
    followed_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = EditionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="draft") | Q(published_at__isnull=False, published_on__isnull=False),
                name="published_editions_say_when",
            ),
            models.CheckConstraint(
                condition=Q(restates__isnull=True) | ~Q(reason=""), name="a_restatement_says_why"
            ),
        ]

    def __str__(self) -> str:
        return f"Edition {self.number}"

    @property
    def is_published(self) -> bool:
        """Whether the edition is frozen."""
        return self.state == self.State.PUBLISHED

    @property
    def never_changes(self) -> ValidationError:
        """The refusal to change a published edition."""
        sentence = (
            f"Edition {self.number} is published; a published edition never changes. Start a new draft."
        )
        return ValidationError(sentence, code="edition_published")

    def save(self, *arguments: Any, **named: Any) -> None:
        """Keep a draft, or freeze it; raises ValidationError where the edition on record is published."""
        if self.pk and type(self).objects.published().filter(pk=self.pk).exists():
            raise self.never_changes
        super().save(*arguments, **named)


class MeasureQuerySet(models.QuerySet["Measure"]):
    """Measures of drafts may be written; those of published editions may be read. Raises ValidationError."""

    def in_force_on(self, day: date) -> Self:
        """Those that have begun and not ended."""
        begun = self.filter(effective_from__lte=day)
        return begun.filter(Q(effective_through__isnull=True) | Q(effective_through__gte=day))

    def update(self, **values: Any) -> int:
        """Changes measures of drafts."""
        _refuse_published(self.values("edition"))
        return super().update(**values)

    def delete(self) -> tuple[int, dict[str, int]]:
        """Takes measures out of drafts."""
        _refuse_published(self.values("edition"))
        return super().delete()

    def bulk_create(self, objs: Iterable[Any], *arguments: Any, **named: Any) -> list[Any]:
        """Adds measures to drafts."""
        rows = list(objs)
        _refuse_published({row.edition_id for row in rows})
        return super().bulk_create(rows, *arguments, **named)


def _refuse_published(edition_ids: Any) -> None:
    """Raises ValidationError where one of these editions (ids, or a query for them) is published."""
    if frozen := PolicyEdition.objects.published().filter(pk__in=edition_ids).first():
        raise frozen.never_changes


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

    objects = MeasureQuerySet.as_manager()

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

    def save(self, *arguments: Any, **named: Any) -> None:
        """Keep a measure of a draft; raises ValidationError for one of a published edition."""
        _refuse_published([self.edition_id])
        super().save(*arguments, **named)

    def delete(self, *arguments: Any, **named: Any) -> tuple[int, dict[str, int]]:
        """Take a measure out of a draft; raises ValidationError for one of a published edition."""
        _refuse_published([self.edition_id])
        return super().delete(*arguments, **named)
