"""The tables of policies, lists and exposures."""

from risk.models.exposure import Assessment, Explanation, Exposure
from risk.models.list_fetch import FetchOutcome, ListFetch
from risk.models.lists import ListedEntityRecord, ListEdition
from risk.models.outbound import Alert, AlertKind, AlertRule, FleetTold
from risk.models.policy import Measure, PolicyEdition
from risk.models.scenario import SavedScenario
from risk.models.screening import (
    HitDecision,
    NameWeights,
    ScreeningHit,
    ScreeningRun,
    VendorScreening,
)
from risk.models.snapshot import FleetSnapshot

__all__ = [
    "Alert",
    "AlertKind",
    "AlertRule",
    "Assessment",
    "Explanation",
    "Exposure",
    "FetchOutcome",
    "FleetSnapshot",
    "FleetTold",
    "HitDecision",
    "ListEdition",
    "ListFetch",
    "ListedEntityRecord",
    "Measure",
    "NameWeights",
    "PolicyEdition",
    "SavedScenario",
    "ScreeningHit",
    "ScreeningRun",
    "VendorScreening",
]
