"""The product's settings for tests: everything that is written goes to a folder of the run's own."""

import os
import tempfile

os.environ.setdefault("VAR_DIR", tempfile.mkdtemp(prefix="rig-ledger-tests-"))

from config.settings import *  # noqa: F403 - the folder must be named before the settings are read
from config.settings import DATABASES, VAR_DIR

# Argon2 takes a third of a second a password on purpose; tests sign in often.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# A file, not memory: the browser's server and the worker are other threads and processes.
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["TEST"] = {"NAME": VAR_DIR / "tests.sqlite3"}
