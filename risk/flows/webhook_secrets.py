"""Secrets of webhooks: worked out from a salt and the product's key whenever they are needed, and kept nowhere."""

from __future__ import annotations

import hmac
from datetime import datetime, timedelta

from django.conf import settings

from risk.models import WebhookEndpoint, WebhookSecret
from risk.outward import new_salt, secret_of, written_secret
from risk.outward.signing import check_of


def make_secret(endpoint: WebhookEndpoint, *, at: datetime) -> WebhookSecret:
    """A fresh secret, in force from now on; in the caller's transaction."""
    salt = new_salt()
    check = check_of(secret_of(salt, key=settings.SECRET_KEY))
    return WebhookSecret.objects.create(endpoint=endpoint, salt=salt, check_digest=check, made_at=at)


def rotate(endpoint: WebhookEndpoint, *, overlap: timedelta, at: datetime) -> WebhookSecret:
    """A fresh secret, beside which the one before goes on for the overlap; one older still ends at once.

    In the caller's transaction, which holds the endpoint.
    """
    in_force = list(endpoint.secrets.in_force_at(at))
    for place, secret in enumerate(in_force):
        ends = at if place else min(filter(None, (at + overlap, secret.ends_at)))
        WebhookSecret.objects.filter(pk=secret.pk).update(ends_at=ends)
    return make_secret(endpoint, at=at)


def secrets_in_force(endpoint: WebhookEndpoint, moment: datetime) -> list[bytes]:
    """Those that sign at the moment, the newest first; none where the product's key is another one now."""
    found = (known(secret) for secret in endpoint.secrets.in_force_at(moment))
    return [secret for secret in found if secret is not None]


def known(secret: WebhookSecret) -> bytes | None:
    """The secret that was given out; None where neither the product's key nor a former one that is still set
    (SECRET_KEY_FALLBACKS) made it."""
    for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        found = secret_of(secret.salt, key=str(key))
        if hmac.compare_digest(check_of(found), secret.check_digest):
            return found
    return None


def secret_text(secret: WebhookSecret) -> str:
    """The secret as its holder gets it: `whsec_…`; empty where it is lost."""
    found = known(secret)
    return written_secret(found) if found else ""
