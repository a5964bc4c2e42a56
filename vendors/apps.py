"""The vendor register as Django knows it."""

from django.apps import AppConfig


class VendorsConfig(AppConfig):
    """Makers and other vendors: one register for all operators."""

    name = "vendors"

    def ready(self) -> None:
        """Connect what listens."""
        from vendors import receivers  # noqa: F401
