"""Views of a fleet's lists that people keep: filters, search, order and columns, under a name."""

from __future__ import annotations

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from fleet.models.operator import Owned, OwnedQuerySet


class ViewedList(models.TextChoices):
    """Which list a view is of."""

    LOTS = "lots", "lots"
    RIGS = "rigs", "rigs"


class SavedViewQuerySet(OwnedQuerySet):
    """Views that somebody may open."""

    def open_to(self, person: Any) -> Self:
        """The person's own and those that are shared with the operator; none that was removed."""
        return self.filter(Q(person=person) | Q(is_shared=True), removed_at__isnull=True)


class SavedView(Owned):
    """A list's address under a name. `removed_at`: it is gone, and can be brought back by who removed it."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    list = models.CharField(max_length=4, choices=ViewedList.choices)
    name = models.CharField(max_length=80)
    query = models.TextField(blank=True)
    is_shared = models.BooleanField(default=False)
    made_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, editable=False)

    objects = SavedViewQuerySet.as_manager()  # type: ignore[misc]  # the base's, with one question more

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["operator", "person", "list", "name"],
                condition=Q(removed_at__isnull=True),
                name="one_view_of_a_name",
            )
        ]

    def __str__(self) -> str:
        return self.name
