"""How the product is put together: settings, the Celery app, the console and the addresses."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
