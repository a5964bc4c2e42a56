"""The tables of policies, lists and exposures."""

from risk.models.exposure import Assessment, Exposure
from risk.models.lists import ListedEntityRecord, ListEdition
from risk.models.policy import Measure, PolicyEdition
from risk.models.scenario import SavedScenario

__all__ = [
    "Assessment",
    "Exposure",
    "ListEdition",
    "ListedEntityRecord",
    "Measure",
    "PolicyEdition",
    "SavedScenario",
]
