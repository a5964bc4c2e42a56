"""The Celery app: where tasks run, and what the clock sets going."""

import gc
import logging.config
import os
from typing import Any

from celery import Celery
from celery.signals import setup_logging, task_postrun, task_prerun, worker_process_init, worker_ready
from django.conf import settings

from ledger.row_security.acting import act_for, act_for_all

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("rig_ledger")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.autodiscover_tasks(["risk.reports"])  # above the tiles that it draws, and so above risk.tasks


@setup_logging.connect
def log_as_the_settings_say(**_: Any) -> None:
    """Workers and scheduler write the lines that the web process writes, not Celery's own."""
    logging.config.dictConfig(settings.LOGGING)


YOUNG_OBJECTS = 200_000


@worker_ready.connect
@worker_process_init.connect
def spare_the_collector(**_: Any) -> None:
    """Look for cycles less often, and never among what was loaded, which stays for good: facts and findings have no
    cycles, and to look at thousands of them again and again took a fifth of a worker's time. Each process of a worker
    does so for itself: it begins before the worker is ready, and knows nothing of what that says later."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG_OBJECTS, 20, 50)


# Rows of operators (docs/adr/0023): a task works for all of them, and says so; what it tells one it asks for by name.
@task_prerun.connect
def act_for_every_operator(**_: Any) -> None:
    """Before a task, in its thread."""
    if settings.ROW_LEVEL_SECURITY:
        act_for_all()


@task_postrun.connect
def act_for_nobody(**_: Any) -> None:
    """After it."""
    if settings.ROW_LEVEL_SECURITY:
        act_for(())
