"""The settings of production: what Django's own checks find, what browsers are told, where secrets may stand."""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
from contextlib import closing

import pytest
from django.core.exceptions import ImproperlyConfigured

from config import environment
from config.pages import health
from tests.house.tree import ROOT

SECRET = "hunter2-hunter2"
ASK = """
import json, sys, warnings
import django
from django.conf import settings
django.setup()
from django.core.checks import run_checks
from django.test import Client
plain = Client().get("/health/live", headers={"host": "127.0.0.1:8000"})
proxied = {"REMOTE_ADDR": "10.0.0.1", "HTTP_HOST": "rigs.example.com", "HTTP_X_FORWARDED_FOR": "198.51.100.7"}
http = Client().get("/login/?next=/", **proxied, HTTP_X_FORWARDED_PROTO="http")
https = Client().get("/login/", **proxied, HTTP_X_FORWARDED_PROTO="https")
print(json.dumps({
    "checks": [str(each) for each in run_checks(include_deployment_checks=True) if not each.is_silenced()],
    "health": plain.status_code,
    "http": [http.status_code, http.get("Location")],
    "https": [https.status_code, dict(https.headers)],
    "cookies": [[name, bool(kept["secure"]), kept["samesite"]] for name, kept in https.cookies.items()],
    "debug": settings.DEBUG,
    "kept": {name: getattr(settings, name) == "of a file" for name in ("SECRET_KEY", "METRICS_TOKEN")},
    "sentry": "sentry_sdk" in sys.modules,
}))
"""


@pytest.fixture(scope="module")
def production(tmp_path_factory) -> dict:
    """What a product says whose settings are those of deploy/ and docs/operations.md, its key in a file."""
    folder = tmp_path_factory.mktemp("production")
    (folder / "key").write_text(secrets.token_urlsafe(60) + "\n")
    (folder / "token").write_text("of a file\n")
    told = {
        "VAR_DIR": str(folder),
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "SECRET_KEY": "",
        "SECRET_KEY_FILE": str(folder / "key"),
        "METRICS_TOKEN_FILE": str(folder / "token"),
        "ALLOWED_HOSTS": "rigs.example.com",
        "TRUSTED_PROXIES": "10.0.0.1",
        "TLS_ONLY": "1",
    }
    call = [sys.executable, "-W", "error", "-c", ASK]
    own = {name: value for name, value in os.environ.items() if name != "DJANGO_ALLOW_ASYNC_UNSAFE"}
    said = subprocess.run(call, cwd=ROOT, env=own | told, capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stderr
    return json.loads(said.stdout)


def test_djangos_checks_for_production_find_nothing(production):
    assert production["checks"] == []


def test_plain_http_is_sent_to_tls_but_the_machine_may_ask_for_its_health(production):
    assert production["http"] == [301, "https://rigs.example.com/login/?next=/"]
    assert production["health"] == 200


def test_browsers_are_told_to_come_back_over_tls_and_what_never_to_do(production):
    status, headers = production["https"]
    assert status == 200
    assert headers["Strict-Transport-Security"] == "max-age=31536000"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=(), " in headers["Permissions-Policy"]
    assert "object-src 'none'" in headers["Content-Security-Policy"]


def test_cookies_go_over_tls_alone(production):
    assert production["cookies"]
    assert all(secure and samesite for _, secure, samesite in production["cookies"])


def test_secrets_come_from_files_and_there_is_no_debugging_and_no_sentry_unasked(production):
    assert production["kept"] == {"SECRET_KEY": False, "METRICS_TOKEN": True}
    assert not production["debug"]
    assert not production["sentry"]


@pytest.mark.django_db  # a file that is closed lets go of connections
def test_a_static_file_has_the_headers_too(client):
    with closing(client.get("/static/console/console.css")) as answer:
        assert answer["Cross-Origin-Resource-Policy"] == "same-origin"


def test_a_fault_shows_nothing_of_itself(client, monkeypatch):
    def fails() -> None:
        raise RuntimeError(SECRET)

    monkeypatch.setattr(health, "parts", fails)
    client.raise_request_exception = False
    answer = client.get("/health/ready")
    assert answer.status_code == 500
    assert not any(word in answer.content.decode() for word in (SECRET, "Traceback", "RuntimeError"))


@pytest.mark.parametrize(
    ("name", "value", "reader"),
    [
        ("DATABASE_URL", f"mysql://rigs:{SECRET}@db/rigs", environment.database),
        ("DATABASE_URL", f"postgresql://rigs:{SECRET}/{SECRET}@db/rigs", environment.database),
        ("REDIS_URL", f"http://:{SECRET}@queue/0", environment.redis_address),
        ("EMAIL_URL", f"smtp://mail:{SECRET}/@host:{SECRET}", environment.mail),
        ("METRICS_TOKEN", SECRET, environment.whole_number),
    ],
)
def test_a_wrong_value_that_may_hold_a_secret_is_not_repeated(monkeypatch, name, value, reader):
    monkeypatch.setenv(name, value)
    with pytest.raises(ImproperlyConfigured, match=f"^{name} is wrong: ") as refused:
        environment.read(name, None, reader)
    assert SECRET not in str(refused.value)


def test_a_wrong_value_that_holds_none_is(monkeypatch):
    monkeypatch.setenv("SWEEP_SECONDS", "often")
    with pytest.raises(
        ImproperlyConfigured, match=r"^SWEEP_SECONDS is 'often': write a whole number over 0.$"
    ):
        environment.read("SWEEP_SECONDS", 1, environment.whole_number)


def test_sentry_without_its_package_stops_the_start_with_a_sentence(monkeypatch):
    from config.watching.sentry import tell_sentry

    monkeypatch.setitem(sys.modules, "sentry_sdk", None)
    with pytest.raises(ImproperlyConfigured, match="Sentry's package is not installed"):
        tell_sentry("https://key@sentry.example.com/1")
