"""The Celery app: where tasks run, and what the clock sets going."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("rig_ledger")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.autodiscover_tasks(["risk.reports"])  # above the tiles that it draws, and so above risk.tasks
