"""The tables of policies, lists and exposures."""

from risk.models.exposure import Assessment, Explanation, Exposure
from risk.models.list_fetch import FetchOutcome, ListFetch
from risk.models.lists import ListedEntityRecord, ListEdition
from risk.models.policy import Measure, PolicyEdition
from risk.models.purchases import PurchaseCheck, PurchaseRule
from risk.models.scenario import SavedScenario
from risk.models.screening import (
    HitDecision,
    NameWeights,
    Notice,
    ScreeningHit,
    ScreeningRun,
    VendorScreening,
)
from risk.models.snapshot import FleetSnapshot

__all__ = [
    "Assessment",
    "Explanation",
    "Exposure",
    "FetchOutcome",
    "FleetSnapshot",
    "HitDecision",
    "ListEdition",
    "ListFetch",
    "ListedEntityRecord",
    "Measure",
    "NameWeights",
    "Notice",
    "PolicyEdition",
    "PurchaseCheck",
    "PurchaseRule",
    "SavedScenario",
    "ScreeningHit",
    "ScreeningRun",
    "VendorScreening",
]
