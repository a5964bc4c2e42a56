"""The tables of policies and exposures."""

from risk.models.exposure import Assessment, Exposure
from risk.models.policy import Measure, PolicyEdition

__all__ = ["Assessment", "Exposure", "Measure", "PolicyEdition"]
