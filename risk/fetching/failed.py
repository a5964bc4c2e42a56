"""Why no file came, in one sentence for a person."""

from __future__ import annotations

from risk.outward import NotReached


class FetchFailed(NotReached):
    """The file did not come, or not whole; nothing of it may be used."""
