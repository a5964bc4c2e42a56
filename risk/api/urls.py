"""Risk's addresses under /api/v1/."""

from django.urls import path

from risk.api import (
    entries,
    exposure_lots,
    exposures,
    notes,
    policies,
    purchase_checks,
    runs,
    screening,
    webhooks,
)

urlpatterns = [
    path("exposure/", exposures.Exposure.as_view(), name="exposure"),
    path("exposure/lots/", exposure_lots.ExposureLots.as_view(), name="exposure_lots"),
    path("exposure/lots/<int:lot_id>/", exposure_lots.ExposureLot.as_view(), name="exposure_lot"),
    path("exposure/runs/", runs.Runs.as_view(), name="assessment_runs"),
    path("exposure/history/", notes.History.as_view(), name="exposure_history"),
    path("exposure/doubts/", notes.Doubts.as_view(), name="doubts"),
    path("exposure/reserve/", notes.Reserve.as_view(), name="reserve"),
    path("exposure/refunds/", notes.Refunds.as_view(), name="refunds"),
    path("entries/", entries.Entries.as_view(), name="entries"),
    path("policy/editions/", policies.Editions.as_view(), name="policy_editions"),
    path("policy/measures/", policies.Measures.as_view(), name="policy_measures"),
    path("what-if/", exposures.WhatIf.as_view(), name="what_if"),
    path("assessments/", purchase_checks.Checks.as_view(), name="assessments"),
    path("assessments/<slug:check_id>/", purchase_checks.OneCheck.as_view(), name="assessment"),
    path("assessments/<slug:check_id>/order/", purchase_checks.CheckOrder.as_view(), name="assessment_order"),
    path("screening/", screening.Screening.as_view(), name="screening"),
    path("vendors/<int:vendor_id>/hits/", screening.VendorHits.as_view(), name="vendor_hits"),
    path("webhooks/", webhooks.Webhooks.as_view(), name="webhooks"),
    path("webhooks/<int:webhook_id>/", webhooks.OneWebhook.as_view(), name="webhook"),
    path("webhooks/<int:webhook_id>/test/", webhooks.Testing.as_view(), name="test_webhook"),
    path("webhooks/<int:webhook_id>/rotate/", webhooks.Rotating.as_view(), name="rotate_webhook"),
    path("webhooks/<int:webhook_id>/replay/", webhooks.ReplayingTime.as_view(), name="replay_webhook"),
    path("webhooks/<int:webhook_id>/deliveries/", webhooks.Deliveries.as_view(), name="webhook_deliveries"),
    path(
        "webhooks/<int:webhook_id>/deliveries/<int:delivery_id>/",
        webhooks.OneDelivery.as_view(),
        name="webhook_delivery",
    ),
    path(
        "webhooks/<int:webhook_id>/deliveries/<int:delivery_id>/replay/",
        webhooks.Replaying.as_view(),
        name="replay_webhook_delivery",
    ),
]
