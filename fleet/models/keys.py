"""Keys with which programs enter: shown once, kept as a digest, in force for one operator, some scopes and a span."""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import secrets
from datetime import date, datetime, time
from typing import Self

from django.conf import settings
from django.db import models
from django.utils.timezone import make_aware

from fleet.models.operator import Operator, OwnedQuerySet
from ledger.proxies import address_read

MARK = "rl"
PREFIX_BYTES = 4
SECRET_BYTES = 32


class Scope(models.TextChoices):
    """What a key may be used for."""

    FLEET_READ = "fleet:read", "read the fleet and its uploads"
    FLEET_WRITE = "fleet:write", "send uploads, change the fleet"
    VENDORS_READ = "vendors:read", "read vendors"
    VENDORS_WRITE = "vendors:write", "keep the operator's private vendors"
    POLICY_READ = "policy:read", "read measures and editions"
    EXPOSURE_READ = "exposure:read", "read the exposed share"
    ASSESSMENTS_WRITE = "assessments:write", "ask before a purchase"
    WEBHOOKS_WRITE = "webhooks:write", "keep webhooks"


class ApiKeyQuerySet(OwnedQuerySet):
    """Questions about keys."""

    def in_force_at(self, moment: datetime) -> Self:
        """Those that open something at the moment."""
        unexpired = models.Q(expires_at__isnull=True) | models.Q(expires_at__gt=moment)
        unrevoked = models.Q(revoked_at__isnull=True) | models.Q(revoked_at__gt=moment)
        return self.filter(unexpired, unrevoked)


class ApiKey(models.Model):
    """One key of an operator. `prefix` is for support and stands in the audit; the secret is known to its holder
    alone. `revoked_at` may lie ahead: a key that was rotated goes on for a while beside the new one. An empty
    `ip_ranges` lets any address in.
    """

    operator = models.ForeignKey(Operator, on_delete=models.CASCADE, related_name="api_keys")
    name = models.CharField(max_length=100)
    scopes = models.JSONField(default=list)
    prefix = models.CharField(max_length=2 * PREFIX_BYTES, unique=True, editable=False)
    digest = models.CharField(max_length=64, editable=False)
    ip_ranges = models.JSONField(default=list, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    last_used_at = models.DateTimeField(null=True, editable=False)
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    rotated_from = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="+")

    objects = ApiKeyQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["operator", "-id"])]

    def __str__(self) -> str:
        return f"{self.name} ({MARK}_{self.prefix}…)"

    @property
    def subject(self) -> str:
        """By what the audit names it."""
        return f"API key {self.prefix}"

    def opens_at(self, moment: datetime) -> bool:
        """Whether it is in force: neither expired nor revoked."""
        return all(end is None or end > moment for end in (self.expires_at, self.revoked_at))

    def successor_at(self, moment: datetime) -> ApiKey | None:
        """The key that a rotation has put in its place, while it is in force."""
        return ApiKey.objects.in_force_at(moment).filter(rotated_from=self).first()

    def is_opened_by(self, secret: str) -> bool:
        """Whether the secret is this key's, in the same time whatever is wrong with it."""
        return hmac.compare_digest(self.digest, digest_of(secret))

    def lets_in(self, address: str) -> bool:
        """Whether the key may be used from an address."""
        if not self.ip_ranges:
            return True
        there = address_read(address)
        return there is not None and any(there in ipaddress.ip_network(each) for each in self.ip_ranges)


def end_of(day: date) -> datetime:
    """The last moment of a day, in the product's time zone: a key that ends with the day opens until then."""
    return make_aware(datetime.combine(day, time.max))


def new_secret() -> tuple[str, str]:
    """A fresh prefix and a secret of 256 bits."""
    return secrets.token_hex(PREFIX_BYTES), secrets.token_hex(SECRET_BYTES)


def digest_of(secret: str) -> str:
    """SHA-256; a secret of 256 random bits needs no slow hash."""
    return hashlib.sha256(secret.encode()).hexdigest()


def written(prefix: str, secret: str) -> str:
    """A key as its holder sends it."""
    return f"{MARK}_{prefix}_{secret}"


def parted(text: str) -> tuple[str, str] | None:
    """Prefix and secret of a key as sent; None for a text that is none."""
    mark, _, rest = text.partition("_")
    prefix, _, secret = rest.partition("_")
    return (prefix, secret) if mark == MARK and prefix and secret else None
