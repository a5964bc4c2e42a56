"""Where tests run in several processes, each has a database of its own in their Redis, and a folder of its own for
files: one clears what no row of its own database names. Loaded before the settings."""

from __future__ import annotations

import os

WORKER = os.environ.get("PYTEST_XDIST_WORKER", "")
ADDRESS = os.environ.get("REDIS_URL", "")

if WORKER and ADDRESS:
    server, _, _ = ADDRESS.rpartition("/")
    os.environ["REDIS_URL"] = f"{server}/{int(WORKER.removeprefix('gw')) + 1}"

if WORKER and (folder := os.environ.get("VAR_DIR")):
    os.environ["VAR_DIR"] = os.path.join(folder, WORKER)  # noqa: PTH118  before anything is imported
