"""What leaves this machine: where it may go, over which line, for how long it is tried, and how it is signed.

Plain Python: no database, no settings, no clock but that of the line itself.
"""

from risk.outward.lines import Line, Patience, line_to
from risk.outward.places import (
    NotReached,
    Place,
    complaint_about,
    is_public,
    leads_inward,
    place_of,
    without_query,
)
from risk.outward.posting import Answer, post
from risk.outward.retries import (
    Verdict,
    gap_after,
    hold_after,
    is_to_be_switched_off,
    verdict_on,
    wait_for,
)
from risk.outward.signing import new_salt, secret_of, signature_of, written_secret

__all__ = [
    "Answer",
    "Line",
    "NotReached",
    "Patience",
    "Place",
    "Verdict",
    "complaint_about",
    "gap_after",
    "hold_after",
    "is_public",
    "is_to_be_switched_off",
    "leads_inward",
    "line_to",
    "new_salt",
    "place_of",
    "post",
    "secret_of",
    "signature_of",
    "verdict_on",
    "wait_for",
    "without_query",
    "written_secret",
]
