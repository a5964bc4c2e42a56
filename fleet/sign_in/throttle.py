"""Tries that are counted before they are judged: guessing stops, and no stranger's tries hold up somebody else.

Who is known by the browser (fleet.sign_in.known_devices) is counted by that browser alone. All others are counted by
account and network, and by network; and where the network is none from which the account was ever entered, by account
with all such networks together. So one who guesses holds up the own network and nobody else; many who guess at one
account from everywhere hold up what is new in both browser and network, and nothing that was there before. A try is
written before it is judged, and refused where it is one too many: two at one moment do not both slip through.

A name that nobody has is counted like any other, so what is refused tells nothing of who is here.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from django.utils.crypto import salted_hmac

from fleet.models import SignInTry


@dataclass(frozen=True, slots=True)
class Limit:
    """So many tries within a span."""

    tries: int
    span: timedelta


DEVICE = Limit(10, timedelta(minutes=15))
HERE = Limit(5, timedelta(minutes=15))
NETWORK = Limit(30, timedelta(minutes=15))
# NIST SP 800-63B-4, 3.2.2: no more than 100 failed tries at one account.
CROWD = Limit(100, timedelta(days=1))
NETWORKS_KNOWN_FOR = timedelta(days=180)
TRIES_KEPT_FOR = max(each.span for each in (DEVICE, HERE, NETWORK, CROWD))
TOLD_EVERY = timedelta(minutes=5)
GOOD = "good"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One try: at which account, from which network, in a browser that is known for it or not (empty).

    `kind` is what is tried, "password" or "code": each is counted by itself.
    """

    kind: str
    account: str
    network: str
    device: str = ""

    @property
    def good_network(self) -> str:
        """The bucket that says that the account was entered from this network."""
        return _bucket(GOOD, self.account, self.network)

    def own_buckets(self) -> list[str]:
        """What a good try clears: the account's in this browser and from this network."""
        return [
            _bucket("device", self.kind, self.account, self.device),
            _bucket("here", self.kind, self.account, self.network),
        ]

    def limits(self, *, is_network_known: bool) -> Iterator[tuple[str, Limit]]:
        """What this try counts against."""
        # Only who has the password tries codes: no stranger holds up anybody by those.
        if self.kind == "code" or not (self.device or is_network_known):
            yield _bucket("crowd", self.kind, self.account), CROWD
        if self.device:
            yield _bucket("device", self.kind, self.account, self.device), DEVICE
            return
        yield _bucket("here", self.kind, self.account, self.network), HERE
        yield _bucket("network", self.kind, self.network), NETWORK


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """What came of counting a try: seconds to wait (0: it may be judged), and the rows that it left."""

    wait: int
    rows: tuple[int, ...] = ()


def account_named(text: str) -> str:
    """The name of an account as tries are counted by it: however it is written."""
    return unicodedata.normalize("NFKC", text).strip().casefold()[:254]


def counted(attempt: Attempt, *, now: datetime) -> Counted:
    """Count a try. Where it is one too many it leaves nothing, so that who waits does not wait longer for asking."""
    known_since = now - NETWORKS_KNOWN_FOR
    is_known = SignInTry.objects.filter(bucket=attempt.good_network, at__gt=known_since).exists()
    limits = dict(attempt.limits(is_network_known=is_known))
    rows = SignInTry.objects.bulk_create(SignInTry(bucket=bucket, at=now) for bucket in limits)
    wait = max(_wait(bucket, limit, now) for bucket, limit in limits.items())
    kept = tuple(row.pk for row in rows)
    if wait:
        SignInTry.objects.filter(pk__in=kept).delete()
        return Counted(wait=wait)
    return Counted(wait=0, rows=kept)


def went_well(attempt: Attempt, try_: Counted, *, now: datetime, has_entered: bool) -> None:
    """A good try counts for nothing and clears what it stood beside. Who has entered by it, and does not wait for a
    second step, makes the network known for the account."""
    SignInTry.objects.filter(pk__in=try_.rows).delete()
    SignInTry.objects.filter(bucket__in=attempt.own_buckets()).delete()
    if has_entered:
        SignInTry.objects.filter(bucket=attempt.good_network).delete()
        SignInTry.objects.create(bucket=attempt.good_network, at=now)


def is_first(what: str, network: str, *, now: datetime) -> bool:
    """Whether it is told of a network for the first time in a few minutes: who goes on and on fills no record."""
    bucket = _bucket("told", what, network)
    if SignInTry.objects.filter(bucket=bucket, at__gt=now - TOLD_EVERY).exists():
        return False
    SignInTry.objects.create(bucket=bucket, at=now)
    return True


def forget_tries(*, now: datetime) -> int:
    """Delete what counts no longer; returns how many rows that were."""
    old = SignInTry.objects.filter(at__lt=now - TRIES_KEPT_FOR).exclude(bucket__startswith=f"{GOOD}-")
    older = SignInTry.objects.filter(at__lt=now - NETWORKS_KNOWN_FOR)
    return int(old.delete()[0] + older.delete()[0])


def _wait(bucket: str, limit: Limit, now: datetime) -> int:
    """Seconds until one more try is within the limit; the newest row is the try itself."""
    moments = SignInTry.objects.filter(bucket=bucket, at__gt=now - limit.span).order_by("-at", "-pk")
    newest = list(moments.values_list("at", flat=True)[: limit.tries + 1])
    if len(newest) <= limit.tries:
        return 0
    return max(1, ceil((newest[-1] + limit.span - now).total_seconds()))


def _bucket(kind: str, *said: str) -> str:
    digest = salted_hmac("fleet.sign_in.throttle", "\0".join((kind, *said)), algorithm="sha256").hexdigest()
    return f"{kind}-{digest[:40]}"
