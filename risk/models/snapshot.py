"""The fleet as it was: its exposed share, kept once a day."""

from __future__ import annotations

from django.db import models


class FleetSnapshot(models.Model):
    """What was known of one operator's fleet on one day, under the edition current then.

    `shares` holds by kind ("any", "tariff", …) and by part of the bar the share by units, hashrate, power and
    value as text from 0 to 1, null where the whole was nothing; `owed_lots` were not yet assessed when it
    was taken. `parts` holds what each maker's rigs at each site came to, and what of them was exposed
    (risk.flows.fleet_parts); null in rows from before it was kept. Never written for a day gone by: how the fleet
    stood then is not known.
    """

    operator = models.ForeignKey("fleet.Operator", on_delete=models.CASCADE, related_name="snapshots")
    day = models.DateField()
    edition_number = models.PositiveIntegerField(null=True)
    lots = models.PositiveIntegerField()
    units = models.PositiveBigIntegerField()
    owed_lots = models.PositiveIntegerField()
    shares = models.JSONField()
    parts = models.JSONField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["operator", "day"], name="one_snapshot_per_operator_and_day")
        ]

    def __str__(self) -> str:
        return f"{self.operator_id}: {self.day}"
