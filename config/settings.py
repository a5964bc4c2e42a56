"""Every setting under its heading, with who reads it; values come from the environment."""

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

from kombu import Exchange, Queue

from config import environment
from config.schedules import Every
from config.watching.sentry import tell_sentry

# --- Places -------------------------------------------------------------------------------------------
# Read by: everything that keeps a file. `var/` holds all that a running product writes.
BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = environment.read("VAR_DIR", BASE_DIR / "var", Path)
VAR_DIR.mkdir(parents=True, exist_ok=True)
POLICY_DIR = BASE_DIR / "risk" / "policies"
SAMPLE_LIST = BASE_DIR / "samples" / "lists" / "consolidated_2022-04-21.csv"  # its name ends with its day
SAMPLE_WORKBOOK = BASE_DIR / "samples" / "prairie-hash-fleet.xlsx"

# --- Security -----------------------------------------------------------------------------------------
# Read by: Django's signing, host check and cookies.
SECRET_KEY = environment.read("SECRET_KEY", "", str) or environment.kept_secret(VAR_DIR / "secret-key")
# Former keys, which still open what they signed; webhooks whose secrets they made go on (risk.flows.webhook_secrets).
SECRET_KEY_FALLBACKS: list[str] = environment.read("SECRET_KEY_FALLBACKS", [], environment.names)
DEBUG = environment.read("DEBUG", False, environment.switch)
# This machine asks itself for its health whatever the console's names are; no page of another site can claim these.
_ITSELF = ["localhost", "127.0.0.1", "[::1]"]
ALLOWED_HOSTS = _ITSELF + environment.read("ALLOWED_HOSTS", _ITSELF, environment.names)
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
# On: the product is reached over TLS alone, through a proxy (TRUSTED_PROXIES) that ends it; see docs/operations.md.
# Off: cookies that are set over TLS are sent over TLS alone all the same (fleet.sign_in.sessions.CookiesOverTls).
TLS_ONLY = environment.read("TLS_ONLY", False, environment.switch)
SECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = TLS_ONLY
SECURE_REDIRECT_EXEMPT = [r"^health/", r"^metrics$"]  # asked beside the proxy, by the machine itself
SECURE_HSTS_SECONDS = (
    environment.read("HSTS_SECONDS", 31_536_000, environment.whole_number) if TLS_ONLY else 0
)
# Whether the machines beside this one speak TLS is not ours to say: no word of subdomains, none to preload lists.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        # Widths of bars are style attributes; scripts are never inline.
        "style-src": ["'self'", "'unsafe-inline'"],
        "object-src": ["'none'"],
        "base-uri": ["'self'"],
        "frame-ancestors": ["'none'"],
        "form-action": ["'self'"],
    }
}

# --- Apps ---------------------------------------------------------------------------------------------
# Read by: Django. The product's own apps stand in the order of the import ladder, lowest first.
INSTALLED_APPS = [
    # The console is the admin site (config/console.py); Unfold gives its register the looks.
    "unfold.apps.BasicAppConfig",
    "config.apps.ConsoleConfig",
    # Its commands of people stand before those of Django, which they put on the audit.
    "fleet",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "csp",
    "ledger",
    "vendors",
    "risk",
    "keeping",
]
AUTH_USER_MODEL = "fleet.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Requests -----------------------------------------------------------------------------------------
# Read by: the web server.
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
# Read by: ledger.proxies. Proxies that say whom they heard and whether that was over TLS; nobody else is believed.
TRUSTED_PROXIES: list[environment.Network] = environment.read("TRUSTED_PROXIES", [], environment.networks)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
MIDDLEWARE = [
    "ledger.tracing.RequestIds",
    "ledger.measuring.RequestTimes",
    "ledger.proxies.TrustedProxies",
    "ledger.browsers.BrowserLimits",
    "ledger.origins.FromRequests",
    "fleet.sign_in.sessions.CookiesOverTls",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "fleet.sign_in.sessions.Seen",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
            "libraries": {"console": "config.pages.library"},
            # `date` follows the reader on every page; in letters and files nobody has asked for another order.
            "builtins": ["config.pages.told_to"],
        },
    }
]
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = VAR_DIR / "static"
STATIC_ROOT.mkdir(exist_ok=True)
# Served straight from the packages' folders, so that a start needs no collectstatic.
WHITENOISE_USE_FINDERS = True

# --- Database -----------------------------------------------------------------------------------------
# Read by: the ORM. Unset: an embedded SQLite file.
DATABASES = {
    "default": environment.read(
        "DATABASE_URL", environment.sqlite(VAR_DIR / "fleet.sqlite3"), environment.database
    )
}

environment.refuse_old_sqlite(DATABASES["default"])

# A password that the address does not hold, so that it can be a secret of its own.
if not DATABASES["default"].get("PASSWORD"):
    DATABASES["default"]["PASSWORD"] = environment.read("DATABASE_PASSWORD", "", str)
# On: PostgreSQL is reached through a pooler in transaction mode, such as pgbouncer.
if environment.read("DATABASE_POOLED", False, environment.switch):
    DATABASES["default"] |= environment.POOLED

# --- Row level security -------------------------------------------------------------------------------
# Read by: ledger.row_security, config.row_security, fleet.flows.bulk_rows. On: the database itself shows a request no
# row of another operator (docs/adr/0023). Needs PostgreSQL, and once `manage.py row_level_security on`.
ROW_LEVEL_SECURITY = environment.read("ROW_LEVEL_SECURITY", False, environment.switch)
if ROW_LEVEL_SECURITY:
    environment.refuse_without_postgres("ROW_LEVEL_SECURITY", DATABASES["default"])
    MIDDLEWARE.insert(
        MIDDLEWARE.index("django.contrib.auth.middleware.AuthenticationMiddleware") + 1,
        "config.row_security.ActingForTheVisitor",
    )

# --- Queue --------------------------------------------------------------------------------------------
# Read by: Celery. Unset: messages are files under var/queue, for one machine.
REDIS_URL = environment.read("REDIS_URL", "", environment.redis_address)
QUEUE_DIR = VAR_DIR / "queue"
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, Any]
if REDIS_URL:
    CELERY_BROKER_URL = REDIS_URL
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "socket_connect_timeout": 2,
        "socket_timeout": 5,
        "visibility_timeout": 3600,
    }
else:
    (QUEUE_DIR / "messages").mkdir(parents=True, exist_ok=True)
    CELERY_BROKER_URL = "filesystem://localhost//"
    CELERY_BROKER_TRANSPORT = "ledger.file_queue:Transport"
    CELERY_WORKER_ENABLE_REMOTE_CONTROL = False  # it needs messages to all, which files do not have
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(QUEUE_DIR / "messages"),
        "data_folder_out": str(QUEUE_DIR / "messages"),
        "polling_interval": 0.2,  # measured: 0.15 s from enqueue to start at 0.2 % of a core
    }
CELERY_TASK_IGNORE_RESULT = True
# Only the progress of uploads is told there; the embedded queue keeps no states, their rows hold it anyway.
CELERY_RESULT_BACKEND = REDIS_URL or None
CELERY_RESULT_EXPIRES = timedelta(hours=1)
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_TIME_LIMIT = 900
CELERY_TASK_SOFT_TIME_LIMIT = 840
# What a person waits for goes to a queue of its own, and so does what waits for other machines, which may keep a
# worker for as long as they like; editions, workbooks, the calendar and sweeps are the batch.
# Each queue has an exchange of its own: on one exchange with one key, every message would go to all.
PROMPT, BATCH, OUTSIDE = "prompt", "batch", "outside"
_WAIT_FOR_OTHERS = ("send_alerts", "deliver_webhooks", "fetch_lists", "fetch_list", "tell_ahead")
CELERY_TASK_QUEUES = [Queue(name, Exchange(name), routing_key=name) for name in (PROMPT, BATCH, OUTSIDE)]
CELERY_TASK_ROUTES = {
    "fleet.tasks.*": {"queue": PROMPT},
    "ledger.tasks.seal_audit": {"queue": PROMPT},
    "fleet.tasks.write_export": {"queue": BATCH},  # a name goes before a pattern
    "fleet.tasks.tend_exports": {"queue": BATCH},
    "fleet.tasks.tend_sign_in": {"queue": BATCH},
    "fleet.tasks.send_password_letter": {"queue": OUTSIDE},
    "risk.tasks.assess_prompt": {"queue": PROMPT},
    **{f"risk.tasks.{name}": {"queue": OUTSIDE} for name in _WAIT_FOR_OTHERS},
    "risk.reports.tasks.write_report": {"queue": PROMPT},
    "risk.reports.tasks.send_reports": {"queue": OUTSIDE},
}
CELERY_TASK_DEFAULT_QUEUE = BATCH
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # a worker outlives a queue that is down for however long
# A queue that is down must not hold up the request that owes the work: the owed row is already saved.
CELERY_TASK_PUBLISH_RETRY = False
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
# How often the scheduler looks for what the queue lost. Read by: the beat schedule below.
SWEEP_SECONDS = environment.read("SWEEP_SECONDS", 20, environment.whole_number)
# How long a worker that died keeps others from what it had claimed; a slow one loses its claim, and what it found is
# not written. A batch takes about a second. Read by: risk.flows.claims.
ASSESSMENT_LEASE_SECONDS = environment.read("ASSESSMENT_LEASE_SECONDS", 60, environment.whole_number)
# The same of an upload, whose worker lengthens its hold every quarter of it. Read by: fleet.flows.progress.
UPLOAD_LEASE_SECONDS = environment.read("UPLOAD_LEASE_SECONDS", 40, environment.whole_number)
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "beat-schedule")


def _every(task: str, period: timedelta) -> dict[str, Any]:
    """A message that nobody took before the next is due is forgotten: while a worker is busy none pile up."""
    return {"task": task, "schedule": Every(period), "options": {"expires": period.total_seconds()}}


CELERY_BEAT_SCHEDULE = {
    # What the queue lost, and what the calendar makes due, is found here.
    "assess what is owed": _every("risk.tasks.sweep", timedelta(seconds=SWEEP_SECONDS)),
    # What the front page draws: worked out when a fleet is settled, an edition is published, a day begins.
    "keep shares through time": _every("risk.tasks.keep_curves", timedelta(seconds=SWEEP_SECONDS)),
    # Once a day is kept; asked every hour, so that a scheduler that was down at midnight still keeps the day.
    "keep how fleets stand": _every("risk.tasks.snapshot_fleets", timedelta(hours=1)),
    # Fetched once a day; asked every hour for the same reason, and because a source that failed is asked again.
    "fetch lists": _every("risk.tasks.fetch_lists", timedelta(hours=1)),
    # Papers that expire and measures to come: due at midnight, and when an edition or a fleet changed.
    "tell of what comes": _every("risk.tasks.tell_ahead", timedelta(minutes=5)),
    # What was kept as long as KEEP_DAYS tells goes.
    "keep house": _every("keeping.tasks.housekeep", timedelta(days=1)),
    "fold what is over": _every("risk.tasks.fold_steps", timedelta(hours=1)),
    "write workbooks": _every("fleet.tasks.tend_exports", timedelta(minutes=1)),
    "write reports": _every("risk.reports.tasks.tend_reports", timedelta(minutes=1)),
    # Due when a week or a month begins; asked again for machines that were off then, and what was sent is on record.
    "mail reports": _every("risk.reports.tasks.send_reports", timedelta(minutes=5)),
    "forget tries and old sessions": _every("fleet.tasks.tend_sign_in", timedelta(hours=1)),
    "edit what waits": _every("fleet.tasks.tend_edits", timedelta(seconds=SWEEP_SECONDS)),
    # What was committed is sealed at once by whoever wrote it; this finds what a killed process left.
    "seal the audit": _every("ledger.tasks.seal_audit", timedelta(seconds=SWEEP_SECONDS)),
    "read what waits": _every("fleet.tasks.read_waiting_uploads", timedelta(seconds=SWEEP_SECONDS)),
}

# --- Keeping ------------------------------------------------------------------------------------------
# Read by: keeping.housekeeping, by the names of its rules. For how many days each is kept; 0: for ever. Papers of an
# entry have to be kept for five years (19 CFR 163.4), so files that a fleet came from are as well.
_KEPT = {
    "upload_files": 1827,
    "unapplied_uploads": 90,
    "evidence_files": 0,
    "vendor_files": 1827,
    "unreceived_receipts": 90,
    "unapplied_edits": 30,
    "exports": 7,
    "reports": 90,
    "runs": 365,
    "alerts": 365,
    # That is how far back a replay of webhooks reaches.
    "deliveries": environment.read("WEBHOOK_LOG_DAYS", 30, environment.whole_number),
    "events": environment.read("WEBHOOK_LOG_DAYS", 30, environment.whole_number),
    "answered_requests": 1,  # as ledger.api.idempotency promises
    "sessions": 1,
    "stray_files": 2,
}
KEEP_DAYS: dict[str, int] = environment.read("KEEP_DAYS", _KEPT, environment.days_by_name(_KEPT))

# --- Cache --------------------------------------------------------------------------------------------
# Read by: ledger.api.limits. Without Redis each web process counts for itself.
CACHES = {
    "default": {"BACKEND": "ledger.shared_cache.SharedCache", "LOCATION": REDIS_URL}
    if REDIS_URL
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
}

# --- Uploads ------------------------------------------------------------------------------------------
# Read by: fleet.services.accept_upload. Files lie outside of everything that is served.
MEDIA_ROOT = VAR_DIR / "files"
STORAGES = {
    "default": {"BACKEND": "ledger.stored_files.StoredFiles"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
UPLOAD_MAX_BYTES = environment.read("UPLOAD_MAX_BYTES", 120 * 1024 * 1024, environment.whole_number)

# Read by: ledger.malware. A scanner that is given each file from outside on its standard input and ends with 0 for a
# clean one, 1 for one in which it found something, such as `clamdscan --no-summary -`. Unset: nothing is scanned.
MALWARE_COMMAND = environment.read("MALWARE_COMMAND", "", environment.command)
# Shorter than a writer on SQLite waits for another (20 seconds).
MALWARE_SECONDS = environment.read("MALWARE_SECONDS", 15, environment.whole_number)

# --- Policy -------------------------------------------------------------------------------------------
# Read by: risk.services.publish_edition. On: who changed a draft last cannot publish it.
POLICY_NEEDS_SECOND_PERSON = environment.read("POLICY_NEEDS_SECOND_PERSON", False, environment.switch)

# --- Screening ----------------------------------------------------------------------------------------
# Read by: risk.flows (who counts as screened), the pages of screening. A list whose data are older is stale: makers
# count as not screened against it. OFAC's list changes on most working days, so a week without an edition is a fault.
LIST_STALE_AFTER_DAYS = environment.read("LIST_STALE_AFTER_DAYS", 7, environment.whole_number)
# Read by: risk.services.decide_hit. On: a hit is confirmed or dismissed when a second person says the same.
SCREENING_NEEDS_SECOND_PERSON = environment.read("SCREENING_NEEDS_SECOND_PERSON", False, environment.switch)

# --- Lists from their sources -------------------------------------------------------------------------
# Read by: risk.flows. On: this machine asks nobody: nothing is fetched, and webhooks wait.
OFFLINE = environment.read("OFFLINE", False, environment.switch)
# The documented addresses of OFAC's Sanctions List Service and of trade.gov, by format and file.
_OFAC = "https://sanctionslistservice.ofac.treas.gov/api/download"
_CSL = "https://data.trade.gov/downloadable_consolidated_screening_list/v1"
_OFFICIAL_ADDRESSES = {
    "ofac_enhanced_xml": {"list": f"{_OFAC}/SDN_ENHANCED.ZIP", "consolidated": f"{_OFAC}/CONS_ENHANCED.ZIP"},
    "ofac_sdn": {
        "list": f"{_OFAC}/SDN.CSV",
        "alt": f"{_OFAC}/ALT.CSV",
        "add": f"{_OFAC}/ADD.CSV",
        "comments": f"{_OFAC}/SDN_COMMENTS.CSV",
    },
    "csl": {"list": f"{_CSL}/consolidated.csv"},
}
LIST_ADDRESSES = environment.read(
    "LIST_ADDRESSES", _OFFICIAL_ADDRESSES, environment.list_addresses(_OFFICIAL_ADDRESSES)
)
# What the scheduler fetches once a day. The XML says more of the parties on the SDN list than the consolidated list
# does, which has the lists of the other departments.
LISTS_FETCHED = environment.read(
    "LISTS_FETCHED", ["ofac_enhanced_xml", "csl"], environment.names_among(_OFFICIAL_ADDRESSES)
)
# Where redirects may lead besides the hosts of the addresses: OFAC hands its files out of a bucket of its own.
LIST_HOSTS = environment.read(
    "LIST_HOSTS", ["wc2h-sls-prod-public-published.s3.us-gov-west-1.amazonaws.com"], environment.names
)
LIST_FETCH_SECONDS = environment.read("LIST_FETCH_SECONDS", 180, environment.whole_number)
LIST_MAX_BYTES = environment.read("LIST_MAX_BYTES", 512 * 1024 * 1024, environment.whole_number)
# OFAC's server refuses agents that do not begin with Mozilla/5.0 or are shorter than forty characters (seen in
# 2026-07); "compatible" and what follows is how programs say who they are in that form.
LIST_AGENT = environment.read(
    "LIST_AGENT", "Mozilla/5.0 (compatible; RigLedger/1; sanctions lists, once a day)", str
)
# On: plain http and addresses of one's own network are asked as well, for a mirror. Tests set it.
LISTS_FROM_PRIVATE_NETWORK = environment.read("LISTS_FROM_PRIVATE_NETWORK", False, environment.switch)

# --- Webhooks -----------------------------------------------------------------------------------------
# Read by: risk.flows (send_message, deliver_webhooks), risk.services.webhooks. Where OFFLINE is set they wait.
# All that one attempt may take, in seconds: looking the host up, the line, the answer.
WEBHOOK_SECONDS = environment.read("WEBHOOK_SECONDS", 15, environment.whole_number)
# On: plain http and machines of one's own network may listen as well. Never on where operators do not trust each
# other: every one of them could then ask the machines beside this one. Tests set it.
WEBHOOKS_TO_PRIVATE_NETWORK = environment.read("WEBHOOKS_TO_PRIVATE_NETWORK", False, environment.switch)

# --- Sign-in ------------------------------------------------------------------------------------------
# Read by: django.contrib.auth. What stands behind them: docs/adr/0025.
AUTHENTICATION_BACKENDS = ["fleet.rights.RoleBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    # NIST SP 800-63B-4, 3.1.1.2: fifteen where a password may be all that is asked for.
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 15}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "fleet.sign_in.passwords.NotTooLong"},
    {"NAME": "fleet.sign_in.passwords.NotGuessable"},
    {"NAME": "fleet.sign_in.sessions.EndsSessions"},
]
LOGIN_URL, LOGIN_REDIRECT_URL = "/login/", "/"
PASSWORD_RESET_TIMEOUT = 3600  # a letter's link, in seconds
# Read by: fleet.sign_in. Of whom a second step is asked: platform, managers, everybody; of nobody where it is empty.
MFA_REQUIRED: list[str] = environment.read(
    "MFA_REQUIRED", [], environment.names_among(("platform", "managers", "everybody"))
)
# Read by: fleet.sign_in.sessions. A session ends when it was not used for so long, and at last after so many days.
SESSION_ENGINE = "fleet.sign_in.sessions"
SESSION_COOKIE_AGE = 3600 * environment.read("SESSION_IDLE_HOURS", 72, environment.whole_number)
SESSION_LONGEST = timedelta(days=environment.read("SESSION_LONGEST_DAYS", 14, environment.whole_number))
# Read by: fleet.sign_in.single_sign_on. Unset: there is no single sign-on.
OIDC_ISSUER = environment.read("OIDC_ISSUER", "", environment.issuer)
OIDC_CLIENT_ID = environment.read("OIDC_CLIENT_ID", "", str)
OIDC_CLIENT_SECRET = environment.read("OIDC_CLIENT_SECRET", "", str)
OIDC_NAME = environment.read("OIDC_NAME", "single sign-on", str)
OIDC_CREATES_PEOPLE = environment.read("OIDC_CREATES_PEOPLE", False, environment.switch)

# --- Mail ---------------------------------------------------------------------------------------------
# Read by: risk.flows.send_alerts, risk.reports.mailing. Unset: nothing is mailed, and alerts are read in the console.
EMAIL = environment.read("EMAIL_URL", None, environment.mail)
EMAIL_TIMEOUT = 15
DEFAULT_FROM_EMAIL = environment.read("EMAIL_FROM", "rig-ledger@localhost", str)
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if EMAIL else 'console'}.EmailBackend"
if EMAIL:
    EMAIL_HOST, EMAIL_PORT, EMAIL_USE_TLS, EMAIL_USE_SSL = EMAIL.host, EMAIL.port, EMAIL.tls, EMAIL.ssl
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = EMAIL.user, EMAIL.password

# --- Language and time --------------------------------------------------------------------------------
# Read by: Django. Measures begin at midnight US Eastern, so that is the product's day.
LANGUAGE_CODE = "en-us"
TIME_ZONE = "America/New_York"
USE_TZ = True
USE_I18N = False

# --- Logs ---------------------------------------------------------------------------------------------
# Read by: logging. No request bodies, no file contents, no keys. "json": an object a line (ledger.log_lines).
LOG_FORMAT = environment.read("LOG_FORMAT", "text", environment.one_of("text", "json"))
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "text": {"format": "{asctime} {levelname} {name} {message}", "style": "{"},
        "json": {"()": "ledger.log_lines.JsonLines"},
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": LOG_FORMAT}},
    "root": {"handlers": ["stderr"], "level": os.environ.get("LOG_LEVEL", "INFO")},
    "loggers": {"fontTools": {"level": "WARNING"}},  # thirty lines for every font that a report embeds
}

# --- Running it ---------------------------------------------------------------------------------------
# Read by: config.pages.metrics, ledger.measuring. Whoever has the token, or asks from these networks, sees /metrics;
# without either nothing is measured and there is no such page.
METRICS_TOKEN = environment.read("METRICS_TOKEN", "", str)
METRICS_NETWORKS: list[environment.Network] = environment.read("METRICS_NETWORKS", [], environment.networks)
IS_MEASURED = bool(METRICS_TOKEN or METRICS_NETWORKS)
METRICS_DIR = VAR_DIR / "metrics"
# Faults go to a Sentry of one's own; unset, its package is not even imported (config.watching.sentry).
SENTRY_DSN = environment.read("SENTRY_DSN", "", str)
if SENTRY_DSN:
    tell_sentry(SENTRY_DSN)
if IS_MEASURED:
    CELERY_BEAT_SCHEDULE["add up what was measured"] = _every(
        "ledger.tasks.fold_measured", timedelta(hours=1)
    )

# --- Law ----------------------------------------------------------------------------------------------
# Read by: risk.dashboard.attention. Over this many days since the law was last checked, every page of the
# console says so in a banner, and the front page asks for a person. Surcharges have begun, changed and ended
# within weeks of one another, so a month is as long as a number can go unchecked.
POLICY_STALE_AFTER_DAYS = environment.read("POLICY_STALE_AFTER_DAYS", 30, environment.whole_number)

# --- API ----------------------------------------------------------------------------------------------
# Read by: Django REST framework, ledger.api.limits, drf-spectacular (the schema and its pages).
API_REQUESTS_A_MINUTE = environment.read("API_REQUESTS_A_MINUTE", 600, environment.whole_number)
# What JSON may have; each address has a limit of its own below it (ledger.api.views), files go another way.
DATA_UPLOAD_MAX_MEMORY_SIZE = 25 * 1024 * 1024
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "fleet.api.callers.KeyAuthentication",
        "fleet.api.callers.PersonAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["fleet.api.callers.HasScope"],
    "DEFAULT_RENDERER_CLASSES": ["ledger.api.rendering.AnswerRenderer"],
    "DEFAULT_PARSER_CLASSES": ["ledger.api.parsers.JsonBody", "rest_framework.parsers.FormParser"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "ledger.api.negotiation.JsonAlways",
    "DEFAULT_METADATA_CLASS": None,
    "DEFAULT_PAGINATION_CLASS": "ledger.api.pages.Pages",
    "DEFAULT_THROTTLE_CLASSES": ["ledger.api.limits.MinuteLimit"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "ledger.api.problems.answer_exception",
    "URL_FORMAT_OVERRIDE": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Rig ledger",
    "DESCRIPTION": "Fleets of rigs and what tariffs, sanctions and disputed origins make of them.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SCHEMA_PATH_PREFIX": "/api/v1/",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SERVE_AUTHENTICATION": [],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "COMPONENT_SPLIT_REQUEST": True,
    # Uploads, receipts and hits have a `state`, rigs and vendors a `status`, papers and identifiers a `kind`.
    "ENUM_NAME_OVERRIDES": {
        "ReceivedStatus": "fleet.api.receipt_shapes.RECEIVED_STATUSES",
        "VendorStatus": "vendors.models.Vendor.Status",
        "UploadState": "fleet.models.upload.UploadState",
        "ReceiptState": "fleet.models.receipt.ReceiptState",
        "RigStatus": "fleet.models.inventory.STATUSES",
        "EvidenceKind": "fleet.models.OriginEvidence.Kind",
        "FormerIdentifierKind": "fleet.models.RigIdentifier.Kind",
        "HitState": "risk.engine.reviews.HitState",
        "DeliveryState": "risk.models.webhooks.DeliveryState",
        "WebhookEvent": "risk.models.webhooks.WebhookEvent",
        "WebhookStopReason": "risk.models.webhooks.StopReason",
        "AttemptVerdict": "risk.api.webhook_shapes.VERDICTS",
        # Limits, papers and others have a `kind`; a lot has a `sanction_level`, a party a `level`.
        "PurchaseVerdict": "risk.api.purchase_told.VERDICTS",
        "LimitKindEnum": "risk.api.purchase_told.LIMIT_KINDS",
        "SanctionLevelEnum": "risk.api.purchase_told.LEVELS",
    },
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "ledger.api.schema.tell_what_all_share",
    ],
}

# --- Console ------------------------------------------------------------------------------------------
# Read by: every page, for the forms of days; django-unfold, for the register's pages, whose colours are those of
# static/console/console.css.
FORMAT_MODULE_PATH = ["config.formats"]
UNFOLD = {
    "SITE_TITLE": "Rig ledger",
    "SITE_HEADER": "Rig ledger",
    "SHOW_HISTORY": False,
    "BORDER_RADIUS": "8px",
    "COLORS": {
        "base": {
            "50": "#f3f6f5",
            "100": "#e9eeec",
            "200": "#dce4e1",
            "300": "#c3cfcb",
            "400": "#94a39e",
            "500": "#5f6f6a",
            "600": "#4f5f5b",
            "700": "#3a4744",
            "800": "#293532",
            "900": "#121a18",
            "950": "#0d1312",
        },
        "primary": {
            "50": "#effaf8",
            "100": "#d8f1ec",
            "200": "#b3e2d9",
            "300": "#82ccc0",
            "400": "#4fb0a3",
            "500": "#2f9488",
            "600": "#1d766c",
            "700": "#195f58",
            "800": "#174c47",
            "900": "#153f3b",
            "950": "#082524",
        },
    },
}
