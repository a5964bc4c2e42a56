"""What every fact on a vendor keeps beside itself: who said it, how sure it is, when it holds, who may see it."""

from __future__ import annotations

from typing import Any, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from risk.engine.terms.countries import CountryCode
from vendors.catalogue.files import CONFIDENCES
from vendors.catalogue.periods import Period


class Sourced(models.Model):
    """A statement somebody made: from where it is known, and how well that bears it.

    `is_shipped` tells what came with the product from what people added or changed; only the former follows the
    shipped files.
    """

    source = models.TextField(blank=True)
    confidence = models.CharField(
        max_length=40, blank=True, choices=[(each, each.replace("-", " ")) for each in CONFIDENCES]
    )
    note = models.TextField(blank=True)
    is_shipped = models.BooleanField(default=False, editable=False)

    class Meta:
        abstract = True


class Dated(Sourced):
    """A statement that holds for a time and perhaps for a place.

    `since` and `through` are as the source has them (2024, 2024-12 or 2024-12-09); the dates are the first
    and the last day that they allow.
    """

    country = models.CharField(max_length=2, blank=True)
    since = models.CharField(max_length=10, blank=True)
    through = models.CharField(max_length=10, blank=True)
    first_date = models.DateField(null=True, blank=True)
    through_date = models.DateField(null=True, blank=True)

    class Meta:
        abstract = True

    def clean(self) -> None:
        """Read the period and the country. Raises ValidationError beside the field that is wrong."""
        super().clean()
        since, through = _period("since", self.since), _period("through", self.through)
        if since and through and through.last_day < since.first_day:
            raise ValidationError({"through": f"It ends before it begins ({since})."})
        self.first_date = since.first_day if since else None
        self.through_date = through.last_day if through else None
        refuse_unknown_country("country", self.country)


def _period(field: str, text: str) -> Period | None:
    try:
        return Period.parse(text) if text else None
    except ValueError:
        sentence = f"'{text}' is no year, month or day; write 2024, 2024-12 or 2024-12-09."
        raise ValidationError({field: sentence}) from None


def refuse_unknown_country(field: str, code: str) -> None:
    """Raises ValidationError beside the field for a code that is no country's."""
    try:
        if code:
            CountryCode(code)
    except ValueError:
        raise ValidationError({field: "Write an ISO 3166-1 country code such as CN or MY."}) from None


class ScopedQuerySet(models.QuerySet[Any]):
    """Questions about rows that may be an operator's own."""

    def visible_to(self, operator: Any) -> Self:
        """Those of the platform and those of this operator; with None the platform's alone."""
        return self.filter(Q(operator__isnull=True) | Q(operator=operator) if operator else Q(operator=None))


class Scoped(models.Model):
    """A row about any vendor that belongs to the platform (no operator) or to one operator, who alone sees it."""

    operator = models.ForeignKey(
        "fleet.Operator",
        null=True,
        blank=True,
        editable=False,
        on_delete=models.CASCADE,
        related_name="+",
    )

    class Meta:
        abstract = True
