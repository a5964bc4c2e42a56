"""Editions of government lists, and the parties on them: what a list said on a day stays what it said."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import OuterRef, Q, Subquery


class ListEditionQuerySet(models.QuerySet["ListEdition"]):
    """Questions about editions of lists."""

    def of_format(self, form: str) -> Self:
        """The editions of one format, newest first."""
        return self.filter(format=form).order_by("-number")

    def current(self, form: str) -> ListEdition | None:
        """The edition in force of a format; None before the first."""
        return self.of_format(form).first()

    def newest(self) -> Self:
        """The newest edition of each format, in the order of the formats."""
        newest = self.filter(format=OuterRef("format")).order_by("-number").values("pk")[:1]
        return self.filter(pk=Subquery(newest)).order_by("format")

    def in_force(self) -> list[ListEdition]:
        """Those, in one query."""
        return list(self.newest())


class ListEdition(models.Model):
    """One file (with its companions) of one format as of one day. It never changes; a newer one follows it.

    `rows` counts the parties by list code. `counts` tells what differed from the one before.
    """

    format = models.CharField(max_length=40)
    number = models.PositiveIntegerField()
    data_date = models.DateField()
    sha256 = models.CharField(max_length=64)
    file_name = models.CharField(max_length=255)
    rows = models.JSONField(default=dict)
    counts = models.JSONField(default=dict)
    loaded_at = models.DateTimeField()
    loaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = ListEditionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["format", "number"], name="list_editions_are_numbered_by_format"),
        ]

    def __str__(self) -> str:
        return f"{self.format} {self.number} as of {self.data_date}"


class ListedEntityQuerySet(models.QuerySet["ListedEntityRecord"]):
    """Questions about listed parties."""

    def on(self, edition: ListEdition) -> Self:
        """The parties of an edition, whether or not a newer one has other words for them."""
        stays = Q(gone_with__isnull=True) | Q(gone_with__number__gt=edition.number)
        return self.filter(stays, format=edition.format, came_with__number__lte=edition.number)


class ListedEntityRecord(models.Model):
    """What a list says of one party, from the edition that it came with until the one that it was gone with.

    `record` is the whole party. A party that reads differently in a newer edition is another record.
    """

    format = models.CharField(max_length=40)
    list_code = models.CharField(max_length=100)
    entity_id = models.CharField(max_length=255)
    name = models.TextField()
    digest = models.CharField(max_length=64)
    record = models.JSONField()
    came_with = models.ForeignKey(ListEdition, on_delete=models.PROTECT, related_name="came")
    gone_with = models.ForeignKey(
        ListEdition, null=True, blank=True, on_delete=models.PROTECT, related_name="gone"
    )

    objects = ListedEntityQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["format", "list_code", "entity_id"],
                condition=Q(gone_with__isnull=True),
                name="one_standing_record_of_a_listed_party",
            )
        ]

    def __str__(self) -> str:
        return f"{self.list_code} {self.entity_id}: {self.name}"
