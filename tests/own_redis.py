"""Where tests run in several processes, each has a database of its own in their Redis: loaded before the settings."""

from __future__ import annotations

import os

WORKER = os.environ.get("PYTEST_XDIST_WORKER", "")
ADDRESS = os.environ.get("REDIS_URL", "")

if WORKER and ADDRESS:
    server, _, _ = ADDRESS.rpartition("/")
    os.environ["REDIS_URL"] = f"{server}/{int(WORKER.removeprefix('gw')) + 1}"
