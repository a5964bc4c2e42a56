"""Risk as Django knows it; when the apps are ready, its receivers listen."""

from django.apps import AppConfig


class RiskConfig(AppConfig):
    """Policies, findings, and what is owed."""

    name = "risk"

    def ready(self) -> None:
        from risk import receivers  # noqa: F401 - connecting is importing
