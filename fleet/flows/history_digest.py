"""What a deed wrote into the history of rigs, as one digest on the audit: rows of the history that somebody alters,
removes or adds afterwards are found by it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fleet.models import Receipt, RigChange
from fleet.models.receipt import ReceiptState
from ledger.models import AuditEntry, record

WRITTEN = "rigs changed"
OF_DEED = ("upload_id", "receipt_id", "edit_id")


class HistoryDigest:
    """Reads rows as they go by. `before` and `after` are their text as `plain_text` writes it."""

    def __init__(self) -> None:
        self.rows = 0
        self._digest = hashlib.sha256()

    def read(self, rig_id: int, version: int, before: str, after: str) -> None:
        """One row more."""
        self.rows += 1
        self._digest.update(f"{rig_id} {version} {before} {after}\n".encode())

    @property
    def text(self) -> str:
        """In hexadecimal."""
        return self._digest.hexdigest()


@dataclass(frozen=True, kw_only=True)
class VerifiedHistory:
    """How many deeds were looked at, how many cannot be because their rigs were taken away with the receipt; and the
    first deed whose history is not as it was written, in a sentence."""

    deeds: int
    gone: int
    wrong: str = ""


def plain_text(values: Any) -> str:
    """Values of the history in the one way in which they are digested."""
    return json.dumps(values, default=str, sort_keys=True)


def put_on_record(deed: Any, digest: HistoryDigest) -> None:
    """Say on the audit what a deed (fleet.flows.upload_writing) wrote into the history. In its transaction."""
    about = {name: getattr(deed, name.removesuffix("_id")) for name in OF_DEED}
    named = next((each for each in about.values() if each), deed.operator)
    record(
        deed=WRITTEN,
        subject=f"{named._meta.verbose_name} {named.pk}",
        by=deed.by,
        operator_id=deed.operator.pk,
        **({"through": deed.through} if deed.through else {}),
        at=deed.at.isoformat(),
        is_undo=deed.is_undo,
        **{name: each.pk for name, each in about.items() if each},
        rows=digest.rows,
        digest=digest.text,
    )


def verify_history() -> VerifiedHistory:
    """Read the history of every deed on the audit anew, one after the other."""
    deeds = gone = 0
    undone = set(Receipt.objects.filter(state=ReceiptState.UNDONE).values_list("pk", flat=True))
    for entry in _written():
        if entry.detail.get("receipt_id") in undone:
            gone += 1
            continue
        deeds += 1
        found = HistoryDigest()
        for row in (
            _rows(entry).values_list("rig_id", "version", "before", "after").iterator(chunk_size=2_000)
        ):
            found.read(row[0], row[1], plain_text(row[2]), plain_text(row[3]))
        if (found.rows, found.text) != (entry.detail["rows"], entry.detail["digest"]):
            sentence = f"The history that {entry.subject} wrote (entry {entry.pk}) is not as it was written."
            return VerifiedHistory(deeds=deeds, gone=gone, wrong=sentence)
    return VerifiedHistory(deeds=deeds, gone=gone)


def _written() -> Iterator[AuditEntry]:
    last = 0
    while some := list(AuditEntry.objects.filter(deed=WRITTEN, pk__gt=last).order_by("pk")[:1_000]):
        yield from some
        last = some[-1].pk


def _rows(entry: AuditEntry) -> Any:
    about = {name: entry.detail.get(name) for name in OF_DEED}
    at, is_undo = datetime.fromisoformat(entry.detail["at"]), entry.detail["is_undo"]
    rows = RigChange.objects.filter(operator_id=entry.operator_id or 0, at=at, is_undo=is_undo, **about)
    return rows.order_by("pk")


def digested(
    rows: Iterable[tuple[Any, ...]], digest: HistoryDigest, places: tuple[int, ...]
) -> Iterator[Any]:
    """The rows as they are, each read on the way; `places` are those of rig, version, before and after in it."""
    rig, version, before, after = places
    for row in rows:
        digest.read(row[rig], row[version], row[before], row[after])
        yield row
