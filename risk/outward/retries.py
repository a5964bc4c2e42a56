"""What an answer to a webhook means, when the next attempt is due, and when an endpoint is switched off.

The gaps and the meanings are those that the Standard Webhooks specification recommends (standard-webhooks/spec,
"Deliverability and reliability"): ten attempts over three days, 410 ends, 429, 502 and 504 ask to slow down.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import StrEnum

GAPS = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
"""How long to wait after the first attempt, the second, …: 75 hours and 35 minutes in all, before the jitter."""
JITTER = 0.2
"""By how much of itself a gap may be longer, so that what failed together is not tried together."""
LONGEST_ASKED = timedelta(hours=24)
"""A receiver that asks for more is asked again after this."""
LONGEST_HOLD = timedelta(minutes=15)
"""How long an endpoint that does not answer is left alone with everything else that waits for it."""
TRIED_FOR = timedelta(days=3)
"""An attempt that fails so long after the first is the last: by the gaps above the tenth."""
SWITCHED_OFF_AFTER = timedelta(days=3)
"""An endpoint that did not answer for so long is switched off when one more attempt fails."""


class Verdict(StrEnum):
    """What an attempt came to."""

    TAKEN = "taken"
    GONE = "gone"
    REFUSED = "refused"  # this message; others may be taken
    OVERLOADED = "overloaded"  # or not there: nothing else is sent for a while either

    @property
    def holds_endpoint(self) -> bool:
        """Whether everything that waits for the endpoint is to wait."""
        return self is Verdict.OVERLOADED


def verdict_on(status: int | None) -> Verdict:
    """What a status means; None where no answer came."""
    if status is None or status in (429, 502, 503, 504):
        return Verdict.OVERLOADED
    if status == 410:
        return Verdict.GONE
    return Verdict.TAKEN if 200 <= status <= 299 else Verdict.REFUSED


def gap_after(
    attempts: int, *, tried_for: timedelta, jitter: float, asked: timedelta | None = None
) -> timedelta | None:
    """How long to wait after so many attempts; None where they have gone on for three days, and it is given up.

    `tried_for`: the time since the first of them. `jitter` from 0 to 1; `asked` is what the receiver asked for, which
    makes a gap longer, not shorter. Raises ValueError for fewer attempts than one.
    """
    if attempts < 1:
        raise ValueError("A gap follows an attempt.")
    if tried_for >= TRIED_FOR:
        return None
    gap = GAPS[min(attempts, len(GAPS)) - 1] * (1 + JITTER * jitter)
    return max(gap, min(asked or timedelta(0), LONGEST_ASKED))


def hold_after(failures: int, *, jitter: float, asked: timedelta | None = None) -> timedelta:
    """How long an endpoint that is overloaded is left alone, after so many failures in a row."""
    gap = GAPS[min(max(failures, 1), len(GAPS)) - 1] * (1 + JITTER * jitter)
    return max(min(gap, LONGEST_HOLD), min(asked or timedelta(0), LONGEST_ASKED))


def wait_for(retry_after: str, *, now: datetime) -> timedelta | None:
    """What a Retry-After header asks for: seconds, or a moment; None for none, or one that cannot be read."""
    text = retry_after.strip()
    if text.isascii() and text.isdigit():
        return timedelta(seconds=min(int(text[:10]), 10**9))
    try:
        moment = parsedate_to_datetime(text)
        return max(moment - now, timedelta(0)) if moment.tzinfo else None
    except (ValueError, OverflowError, TypeError):  # years and zones of any length are read as numbers
        return None


def is_to_be_switched_off(*, failing_since: datetime | None, now: datetime) -> bool:
    """Whether an endpoint that just failed has not answered for too long."""
    return failing_since is not None and now - failing_since >= SWITCHED_OFF_AFTER
