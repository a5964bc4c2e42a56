"""The addresses: the API under /api/v1/, the health check, and the console."""

from django.contrib import admin
from django.urls import include, path

from config.pages.health import health

urlpatterns = [
    path("health/", health),
    path("api/v1/", include("config.api")),
    path("", admin.site.urls),
]
handler400 = "config.api.bad_request"
handler404 = "config.api.not_found"
handler500 = "config.api.fault"
