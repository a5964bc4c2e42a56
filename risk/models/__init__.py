"""The tables of policies, lists, exposures, and of what is told outside."""

from risk.models.exposure import Assessment, Explanation, Exposure
from risk.models.list_fetch import FetchOutcome, ListFetch
from risk.models.lists import ListedEntityRecord, ListEdition
from risk.models.policy import Measure, PolicyEdition
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
from risk.models.webhooks import (
    DeliveryState,
    StopReason,
    WebhookAttempt,
    WebhookDelivery,
    WebhookEndpoint,
    WebhookEvent,
    WebhookSecret,
)

__all__ = [
    "Assessment",
    "DeliveryState",
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
    "SavedScenario",
    "ScreeningHit",
    "ScreeningRun",
    "StopReason",
    "VendorScreening",
    "WebhookAttempt",
    "WebhookDelivery",
    "WebhookEndpoint",
    "WebhookEvent",
    "WebhookSecret",
]
