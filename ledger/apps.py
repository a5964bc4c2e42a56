"""The ledger as Django knows it."""

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import Tags, register


class LedgerConfig(AppConfig):
    """The audit trail below every app."""

    name = "ledger"

    def ready(self) -> None:
        """Every connection says for whom it acts, and the checks say where that is of no use."""
        if settings.ROW_LEVEL_SECURITY:
            from ledger.row_security.acting import listen
            from ledger.row_security.checks import wall_holds

            listen()
            register(Tags.database)(wall_holds)
