"""Faults to Sentry, for those who run one: only where SENTRY_DSN is set is its package so much as imported."""

from __future__ import annotations

from importlib import import_module

from django.core.exceptions import ImproperlyConfigured


def tell_sentry(dsn: str) -> None:
    """From now on faults and logged errors are sent to the address.

    Without who asked, what was sent, and what variables held: a fleet's facts stay on this machine. Raises
    ImproperlyConfigured where the package is not installed.
    """
    try:
        sentry = import_module("sentry_sdk")
    except ModuleNotFoundError:
        raise ImproperlyConfigured(
            "SENTRY_DSN is set, but Sentry's package is not installed: "
            "pip install --require-hashes -r requirements-sentry.txt."
        ) from None
    sentry.init(
        dsn=dsn,
        send_default_pii=False,
        include_local_variables=False,
        max_request_body_size="never",
        max_breadcrumbs=0,
        traces_sample_rate=0,
        before_send=_without_the_request,
    )


def _without_the_request(event: dict[str, object], _hint: dict[str, object]) -> dict[str, object]:
    """Addresses may hold what was searched for, headers a key, arguments of tasks a name."""
    for part in ("request", "user", "extra", "server_name"):
        event.pop(part, None)
    return event
