"""Risk's addresses under /api/v1/."""

from django.urls import path

from risk.api import exposures

urlpatterns = [
    path("exposure/", exposures.Exposure.as_view(), name="exposure"),
    path("what-if/", exposures.WhatIf.as_view(), name="what_if"),
]
