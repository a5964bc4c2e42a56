"""The addresses: the console and the health check; the API joins them under /api/v1/."""

from django.contrib import admin
from django.urls import path

from config.pages.health import health

urlpatterns = [
    path("health/", health),
    path("", admin.site.urls),
]
