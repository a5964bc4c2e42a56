"""The ledger as Django knows it."""

from celery.signals import task_postrun, task_prerun
from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate

from ledger.guarding import answer_sqlite, put_up_guard
from ledger.origins import task_begins, task_ends


class LedgerConfig(AppConfig):
    """The audit below every app."""

    name = "ledger"

    def ready(self) -> None:
        """The audit's guard stands after every migration, and tasks say where deeds come from."""
        connection_created.connect(answer_sqlite, dispatch_uid="audit guard")
        post_migrate.connect(put_up_guard, sender=self, dispatch_uid="audit guard")
        task_prerun.connect(task_begins, dispatch_uid="audit origin")
        task_postrun.connect(task_ends, dispatch_uid="audit origin")
