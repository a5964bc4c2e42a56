"""The ledger as Django knows it."""

from celery.signals import task_postrun, task_prerun
from django.apps import AppConfig
from django.conf import settings
from django.core.checks import Tags, register
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate

from ledger.guarding import answer_sqlite, put_up_guard
from ledger.origins import task_begins, task_ends


class LedgerConfig(AppConfig):
    """The audit below every app."""

    name = "ledger"

    def ready(self) -> None:
        """The audit's guard stands after every migration, tasks say where deeds come from, and every connection says
        for whom it acts."""
        connection_created.connect(answer_sqlite, dispatch_uid="audit guard")
        post_migrate.connect(put_up_guard, sender=self, dispatch_uid="audit guard")
        task_prerun.connect(task_begins, dispatch_uid="audit origin")
        task_postrun.connect(task_ends, dispatch_uid="audit origin")
        if settings.ROW_LEVEL_SECURITY:
            from ledger.row_security.acting import listen
            from ledger.row_security.checks import wall_holds

            listen()
            register(Tags.database)(wall_holds)
