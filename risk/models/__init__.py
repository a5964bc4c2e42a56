"""The tables of policies and exposures."""

from risk.models.exposure import Assessment, Exposure
from risk.models.policy import Measure, PolicyEdition
from risk.models.scenario import SavedScenario

__all__ = ["Assessment", "Exposure", "Measure", "PolicyEdition", "SavedScenario"]
