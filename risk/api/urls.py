"""Risk's addresses under /api/v1/."""

from django.urls import path

from risk.api import exposures, screening

urlpatterns = [
    path("exposure/", exposures.Exposure.as_view(), name="exposure"),
    path("what-if/", exposures.WhatIf.as_view(), name="what_if"),
    path("screening/", screening.Screening.as_view(), name="screening"),
    path("vendors/<int:vendor_id>/hits/", screening.VendorHits.as_view(), name="vendor_hits"),
]
