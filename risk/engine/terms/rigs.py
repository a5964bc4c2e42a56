"""Where a rig stands in its life, and how it travelled: the words of the fleet sheet, in one place."""

from __future__ import annotations

from enum import StrEnum


class RigStatus(StrEnum):
    """Where a rig is: ordered, on its way, standing somewhere, or gone."""

    ON_ORDER = "on order"
    IN_TRANSIT = "in transit"
    STORED = "stored"
    DEPLOYED = "deployed"
    REPAIR = "repair"
    RETIRED = "retired"
    SOLD = "sold"

    @property
    def has_arrived(self) -> bool:
        """Whether a rig of this status stands somewhere, rather than being still to come."""
        return self not in (RigStatus.ON_ORDER, RigStatus.IN_TRANSIT)

    @property
    def counts_in_fleet(self) -> bool:
        """Whether a rig of this status belongs to the fleet whose exposed share is asked for."""
        return self not in (RigStatus.RETIRED, RigStatus.SOLD)


IN_FLEET = tuple(status.value for status in RigStatus if status.counts_in_fleet)
"""The statuses that count in the fleet, as they are kept."""


class TransportMode(StrEnum):
    """How the goods reached the country of import; relief in transit and the harbor fee depend on it."""

    AIR = "air"
    VESSEL = "vessel"
    TRUCK = "truck"
    RAIL = "rail"
