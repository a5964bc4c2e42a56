"""The tables of policies and exposures."""

from risk.models.exposure import Assessment, Exposure
from risk.models.policy import Measure, PolicyEdition
from risk.models.snapshot import FleetSnapshot

__all__ = ["Assessment", "Exposure", "FleetSnapshot", "Measure", "PolicyEdition"]
