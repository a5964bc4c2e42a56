"""Attempts to fetch lists from their official addresses: what came of each stays on record."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Self

from django.db import models
from django.db.models import Max, Q

from risk.models.lists import ListEdition


class FetchOutcome(models.TextChoices):
    """What came of an attempt; while it runs, that."""

    RUNNING = "running"
    NEW = "new", "new edition"
    UNCHANGED = "unchanged"
    REFUSED = "refused"  # a file came, which cannot be the list in force
    FAILED = "failed"  # no file came, or not whole


class ListFetchQuerySet(models.QuerySet["ListFetch"]):
    """Questions about attempts."""

    def of_format(self, form: str) -> Self:
        """The attempts for one format, newest first."""
        return self.filter(format=form).order_by("-begun_at", "-pk")

    def last_file(self, edition: ListEdition) -> ListFetch | None:
        """The newest attempt by which an edition's own files came: its marks ask whether they changed."""
        return self.of_format(edition.format).filter(edition=edition).exclude(marks={}).first()

    def last_of(self, forms: Iterable[str]) -> list[ListFetch]:
        """The newest attempt of each outcome for these formats; one query."""
        newest = self.filter(format__in=list(forms)).values("format", "outcome").annotate(last=Max("pk"))
        return list(self.filter(pk__in=newest.values("last")))


class ListFetch(models.Model):
    """One attempt for one format: where it asked, what came, and the edition that it made or found unchanged.

    `bytes` and `sha256` are those of the list and its companions together. `files` tells for each part its address,
    where the redirects ended, bytes and checksum; `marks` what the servers will know them by (ETag, Last-Modified).
    """

    format = models.CharField(max_length=40)
    address = models.CharField(max_length=500)
    begun_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=10, choices=FetchOutcome.choices, default=FetchOutcome.RUNNING)
    sentence = models.TextField(default="")
    bytes = models.PositiveBigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, default="")
    files = models.JSONField(default=dict)
    marks = models.JSONField(default=dict)
    edition = models.ForeignKey(ListEdition, null=True, on_delete=models.PROTECT, related_name="fetches")

    objects = ListFetchQuerySet.as_manager()

    class Meta:
        verbose_name = "fetched list"
        constraints = [
            models.UniqueConstraint(
                fields=["format"], condition=Q(outcome="running"), name="one_fetch_of_a_list_at_a_time"
            )
        ]
        indexes = [models.Index(fields=["format", "begun_at"], name="fetches_of_a_list")]

    @property
    def has_succeeded(self) -> bool:
        """Whether the edition in force is, after it, what the source gives out."""
        return self.outcome in (FetchOutcome.NEW, FetchOutcome.UNCHANGED)

    @property
    def has_failed(self) -> bool:
        """Whether it ended without that."""
        return self.outcome in (FetchOutcome.REFUSED, FetchOutcome.FAILED)

    def __str__(self) -> str:
        return f"{self.format} at {self.begun_at:%Y-%m-%d %H:%M}: {self.outcome}"
