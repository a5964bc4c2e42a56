"""How often somebody may ask: so many requests a minute, told on every answer."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.utils import timezone
from redis.exceptions import RedisError
from rest_framework.throttling import BaseThrottle

log = logging.getLogger(__name__)

WINDOW_SECONDS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """What is left of a minute's requests."""

    quota: int
    used: int
    resets_in: int

    @property
    def headers(self) -> dict[str, str]:
        """The IETF's RateLimit headers."""
        left = max(0, self.quota - self.used)
        return {
            "RateLimit-Policy": f'"minute";q={self.quota};w={WINDOW_SECONDS}',
            "RateLimit": f'"minute";r={left};t={self.resets_in}',
        }


class MinuteLimit(BaseThrottle):
    """Counts by minute and caller. A cache that is down stops nobody."""

    resets_in = WINDOW_SECONDS

    def allow_request(self, request: Any, view: Any) -> bool:
        """Whether one more request is within the limit; the allowance is left on the request."""
        quota, now = settings.API_REQUESTS_A_MINUTE, int(timezone.now().timestamp())
        self.resets_in = WINDOW_SECONDS - now % WINDOW_SECONDS
        used = _counted(f"api-limit:{self.caller_of(request)}:{now // WINDOW_SECONDS}")
        request._request.allowance = Allowance(quota=quota, used=used, resets_in=self.resets_in)
        return used <= quota

    def caller_of(self, request: Any) -> str:
        """Who is counted: the key or person that was recognised, else the address."""
        caller = getattr(request.auth, "name_in_ledger", "")
        return (caller or f"address {request.META.get('REMOTE_ADDR', '')}").replace(" ", "-")

    def wait(self) -> int:
        """Seconds until the next minute."""
        return self.resets_in


def _counted(key: str) -> int:
    try:
        try:
            return cache.incr(key)
        except ValueError:  # the first of this minute
            cache.add(key, 0, timeout=2 * WINDOW_SECONDS)
            return cache.incr(key)
    except (RedisError, OSError, ValueError) as fault:
        log.warning("Requests are not counted: the cache fails (%s).", type(fault).__name__)
        return 0
