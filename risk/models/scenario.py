"""Scenarios that an operator keeps; what they come to is asked anew each time and never recorded."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from risk.scenarios import LONGEST_TEXT


class SavedScenario(models.Model):
    """The text of a supposition under a name that is the operator's own."""

    operator = models.ForeignKey("fleet.Operator", on_delete=models.CASCADE, related_name="scenarios")
    title = models.CharField(max_length=120)
    text = models.TextField(max_length=LONGEST_TEXT)
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    saved_at = models.DateTimeField()

    class Meta:
        ordering = ["title"]
        constraints = [models.UniqueConstraint(fields=["operator", "title"], name="one_scenario_of_a_title")]

    def __str__(self) -> str:
        return self.title
