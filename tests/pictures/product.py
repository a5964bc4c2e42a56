"""The product with its sample operator, served by one process of its own, for which it is always the same day."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread

import django
import time_machine

DAY = datetime(2026, 11, 28, 15, 0, tzinfo=UTC)


@contextmanager
def a_product(folder: Path) -> Iterator[tuple[str, tuple[str, str]]]:
    """Serves it while the block lasts; gives its address and the login of the sample operator."""
    own = {"VAR_DIR": str(folder), "OFFLINE": "1", "DATABASE_URL": "", "REDIS_URL": "", "DEBUG": ""}
    os.environ.update({**own, "DJANGO_SETTINGS_MODULE": "config.settings"})
    # Playwright runs an event loop in this thread, and Django refuses its database beside one without this word.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with time_machine.travel(DAY, tick=True):
        django.setup()
        _fill()
        user, password = (folder / "demo-login").read_text().split()
        with _served() as address:
            yield address, (user, password)


def _fill() -> None:
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("load_catalogue", json=True)
    call_command("load_policies", publish=True, json=True)
    call_command("make_demo", json=True)


@contextmanager
def _served() -> Iterator[str]:
    """Web and worker in threads of this process, so that they share its day."""
    from celery.contrib.testing.worker import start_worker
    from django.conf import settings
    from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
    from django.core.wsgi import get_wsgi_application

    from config import celery_app

    # The browser's clock is today's: what would be over by then is kept until the browser closes.
    settings.SESSION_EXPIRE_AT_BROWSER_CLOSE, settings.CSRF_COOKIE_AGE = True, None
    server = ThreadedWSGIServer(("127.0.0.1", 0), WSGIRequestHandler, connections_override={})
    server.set_app(get_wsgi_application())
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    with start_worker(celery_app, pool="solo", perform_ping_check=False, loglevel="warning"):
        yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
