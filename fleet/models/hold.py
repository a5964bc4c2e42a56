"""Legal holds: what nothing may be cleared of while somebody at law asks for it."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models

from fleet.models.operator import Owned, OwnedQuerySet
from fleet.models.upload import Upload


class HoldQuerySet(OwnedQuerySet):
    """Questions about holds."""

    def standing(self) -> Self:
        """Those that were not lifted."""
        return self.filter(lifted_at__isnull=True)


class LegalHold(Owned):
    """An operator, or one upload of it, of which nothing is cleared until the hold is lifted. Never deleted."""

    upload = models.ForeignKey(Upload, null=True, on_delete=models.PROTECT, related_name="holds")
    why = models.CharField(max_length=300)
    placed_at = models.DateTimeField()
    placed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = HoldQuerySet.as_manager()  # type: ignore[misc]  # the base's, with one question more

    class Meta:
        indexes = [models.Index(fields=["operator", "-id"], name="holds_of_an_operator")]

    def __str__(self) -> str:
        return f"Hold {self.pk}: {self.why}"
