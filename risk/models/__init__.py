"""The tables of policies, lists and exposures."""

from risk.models.exposure import Assessment, Exposure
from risk.models.list_fetch import FetchOutcome, ListFetch
from risk.models.lists import ListedEntityRecord, ListEdition
from risk.models.policy import Measure, PolicyEdition
from risk.models.scenario import SavedScenario
from risk.models.snapshot import FleetSnapshot

__all__ = [
    "Assessment",
    "Exposure",
    "FetchOutcome",
    "FleetSnapshot",
    "ListEdition",
    "ListFetch",
    "ListedEntityRecord",
    "Measure",
    "PolicyEdition",
    "SavedScenario",
]
