"""A fleet's exposed share through time: what was worked out of it, and how it moved, cause by cause."""

from __future__ import annotations

from django.db import models

from fleet.models import Operator
from fleet.models.operator import OwnedQuerySet
from risk.models.policy import PolicyEdition


class ShareCurve(models.Model):
    """The steps of one fleet's exposed share under one edition, worked out by a worker: no page waits for them.

    `steps` are those of risk.flows.keep_curves, `parts` those of risk.flows.fleet_parts, null in rows from before
    they were kept; `rests_on` is the digest of all that they rest on. Under a draft they begin on `day`, on which
    they were worked out.
    """

    operator = models.ForeignKey(Operator, on_delete=models.CASCADE, related_name="+", db_index=False)
    edition = models.ForeignKey(PolicyEdition, on_delete=models.CASCADE, related_name="+")
    day = models.DateField()
    rests_on = models.CharField(max_length=64)
    steps = models.JSONField()
    parts = models.JSONField(null=True)
    made_at = models.DateTimeField()

    objects = OwnedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["operator", "edition"], name="one_curve_per_operator_and_edition")
        ]

    def __str__(self) -> str:
        return f"{self.operator_id} under edition {self.edition_id}: {self.day}"


class ShareMove(models.Model):
    """How one fleet's exposed share moved on one day by the same causes, written with the findings that moved it.

    `causes` are those of assessments, in order; what several did together is one move. `before` is the share by each
    measure ahead of the first such move of the day, `after` behind the last, `points` the percentage points of all of
    them: text, null where a share was of nothing or not known.
    """

    operator = models.ForeignKey(Operator, on_delete=models.CASCADE, related_name="+", db_index=False)
    day = models.DateField()
    causes = models.JSONField()
    before = models.JSONField()
    after = models.JSONField()
    points = models.JSONField()
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()

    objects = OwnedQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["operator", "day"], name="moves_of_an_operator_by_day")]

    def __str__(self) -> str:
        return f"{self.operator_id}, {self.day}: {', '.join(self.causes)}"
