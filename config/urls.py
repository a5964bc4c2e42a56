"""The addresses: the API under /api/v1/, what those ask who run it, and the console."""

from django.contrib import admin
from django.urls import include, path, re_path

from config.api import no_such_address
from config.pages.health import health, live, ready
from config.pages.metrics import metrics

urlpatterns = [
    path("health/", health),
    path("health/live", live),
    path("health/ready", ready),
    path("metrics", metrics),
    path("api/v1/", include("config.api")),
    re_path("^api/", no_such_address),
    path("", admin.site.urls),
]
handler400 = "config.api.bad_request"
handler404 = "config.api.not_found"
handler500 = "config.api.fault"
