"""The addresses of one operator's things: with what scope they are read and written, and what goes on record."""

from __future__ import annotations

from typing import Any

from fleet.api.callers import Caller
from fleet.models import Operator
from ledger.api.views import Address
from ledger.models import record

# What an answer is about, by its key, the most particular first.
KINDS = ("upload", "receipt", "webhook", "rig", "lot", "site")


class OperatorAddress(Address):
    """An address of one operator's things. `reads` and `writes` are the scopes that it needs."""

    reads: str | None = None
    writes: str | None = None

    @property
    def caller(self) -> Caller:
        """Who asks."""
        caller: Caller = self.request.auth  # type: ignore[assignment]
        return caller

    @property
    def operator(self) -> Operator:
        """Whose things these are."""
        return self.caller.operator

    def idempotency_owner(self) -> int:
        """Keys of requests are an operator's: a key that was rotated still finds the answers of the old one."""
        return self.operator.pk

    def put_on_record(self, request: Any, response: Any) -> None:
        """A program's deed, with the key's prefix; people are named by the services themselves."""
        if self.caller.key is None:
            return
        told = getattr(response, "data", None) or {}
        subjects = [f"{kind} {told[kind]}" for kind in KINDS if told.get(kind)]
        record(
            deed=f"API {request.method}",
            subject=next(iter(subjects), request.path[:120]),
            operator_id=self.operator.pk,
            key=self.caller.key.prefix,
            address=request.path,
            status=response.status_code,
        )
