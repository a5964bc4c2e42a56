"""What customs says of an entry afterwards: the day on which it was liquidated."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from fleet.models.operator import Owned


class Liquidation(Owned):
    """The day on which customs liquidated an entry, and where that is said. It takes the place of the usual cycle in
    the clocks of the entry: protest, refund portal."""

    entry_number = models.CharField(max_length=50)
    liquidated_on = models.DateField()
    source = models.CharField(max_length=200)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["operator", "entry_number"], name="one_liquidation_of_an_entry")
        ]

    def __str__(self) -> str:
        return f"{self.entry_number}: {self.liquidated_on}"
