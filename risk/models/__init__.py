"""The tables of policies, lists and exposures."""

from risk.models.exposure import Assessment, Explanation, Exposure
from risk.models.lists import ListedEntityRecord, ListEdition
from risk.models.policy import Measure, PolicyEdition
from risk.models.scenario import SavedScenario
from risk.models.snapshot import FleetSnapshot

__all__ = [
    "Assessment",
    "Explanation",
    "Exposure",
    "FleetSnapshot",
    "ListEdition",
    "ListedEntityRecord",
    "Measure",
    "PolicyEdition",
    "SavedScenario",
]
