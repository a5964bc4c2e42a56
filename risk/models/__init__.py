"""The tables of policies, lists, exposures, and of what is told outside."""

from risk.models.exposure import Assessment, Explanation, Exposure, FindingsVersion
from risk.models.list_fetch import FetchOutcome, ListFetch
from risk.models.lists import ListedEntityRecord, ListEdition
from risk.models.outbound import Alert, AlertKind, AlertRule, FleetTold
from risk.models.policy import Measure, PolicyEdition
from risk.models.purchases import PurchaseCheck, PurchaseRule
from risk.models.reports import (
    Report,
    ReportForm,
    ReportKind,
    ReportSchedule,
    ReportSending,
    ReportState,
)
from risk.models.runs import AssessmentRun, OperatorTurn, RunCounts, RunStep, Turn
from risk.models.scenario import SavedScenario
from risk.models.screening import (
    HitDecision,
    NameWeights,
    ScreeningHit,
    ScreeningRun,
    VendorScreening,
)
from risk.models.snapshot import FleetSnapshot
from risk.models.through_time import ShareCurve, ShareMove
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
    "Alert",
    "AlertKind",
    "AlertRule",
    "Assessment",
    "AssessmentRun",
    "DeliveryState",
    "Explanation",
    "Exposure",
    "FetchOutcome",
    "FindingsVersion",
    "FleetSnapshot",
    "FleetTold",
    "HitDecision",
    "ListEdition",
    "ListFetch",
    "ListedEntityRecord",
    "Measure",
    "NameWeights",
    "OperatorTurn",
    "PolicyEdition",
    "PurchaseCheck",
    "PurchaseRule",
    "Report",
    "ReportForm",
    "ReportKind",
    "ReportSchedule",
    "ReportSending",
    "ReportState",
    "RunCounts",
    "RunStep",
    "SavedScenario",
    "ScreeningHit",
    "ScreeningRun",
    "ShareCurve",
    "ShareMove",
    "StopReason",
    "Turn",
    "VendorScreening",
    "WebhookAttempt",
    "WebhookDelivery",
    "WebhookEndpoint",
    "WebhookEvent",
    "WebhookSecret",
]
