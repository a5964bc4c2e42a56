"""Whether the audit is as it was written: every number of the chain, read once, in order, in pieces."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from ledger.audit import AuditEntry, AuditSeal
from ledger.chain import BEGINNING, content_digest, moment, seal_digest

PIECE = 5_000
GAPS_NAMED = 20
FORGOTTEN = "audit entries forgotten"
"""The deed of retention: `through` is the last number whose entry it took away, `digest` that number's."""


@dataclass(frozen=True, kw_only=True)
class Wrong:
    """The first thing that is not as it was written."""

    code: str
    sentence: str
    number: int
    entry: int | None = None


@dataclass(kw_only=True)
class Verified:
    """What was read: how many entries, the newest number and digest; `wrong` is empty where all is as written.

    `forgotten` were taken away by retention. `gaps` are ids that no entry in the chain has, the first of them: on
    PostgreSQL a transaction that was rolled back leaves such, on SQLite none.
    """

    entries: int = 0
    forgotten: int = 0
    number: int = 0
    digest: str = BEGINNING
    wrong: Wrong | None = None
    missing_ids: int = 0
    gaps: list[int] = field(default_factory=list)


def verify_audit(*, against: str = "") -> Verified:
    """Read the whole chain. `against`: a digest, or number:digest, that was kept elsewhere; it has to be on the chain
    still. What was added while it was read is left for the next time."""
    found, sought = Verified(), against.rpartition(":")[2].strip().lower()
    forgotten_through = _forgotten_through()
    last = AuditSeal.objects.order_by("-number").values_list("number", flat=True).first() or 0
    has_seen = not against.strip() or sought == BEGINNING
    for seal, entry in _in_order(last):
        found.wrong = _judged(found, seal, entry, forgotten_through)
        if found.wrong:
            return found
        has_seen = has_seen or seal.digest == sought
        found.entries, found.forgotten = (
            found.entries + (entry is not None),
            found.forgotten + (entry is None),
        )
        found.number, found.digest = seal.number, seal.digest
    if not has_seen:
        found.wrong = Wrong(
            code="cut_off",
            sentence=f"The digest that was kept elsewhere is not on the chain, which ends with number "
            f"{found.number}: its end was cut off, or all of it was written anew.",
            number=found.number + 1,
        )
    elif found.number < last:
        found.wrong = _number_missing(found.number + 1)
    else:
        _look_for_gaps(found)
    return found


def _judged(
    found: Verified, seal: AuditSeal, entry: AuditEntry | None, forgotten_through: int
) -> Wrong | None:
    if seal.number != found.number + 1:
        return _number_missing(found.number + 1)
    at = {"number": seal.number, "entry": seal.entry_id}
    expected = seal_digest(
        number=seal.number,
        entry=seal.entry_id,
        previous=found.digest,
        content=seal.content,
        sealed_at=moment(seal.sealed_at),
    )
    if seal.digest != expected:
        return Wrong(code="seal_altered", sentence=_unfit_seal(seal), **at)
    if entry is None:
        return None if seal.number <= forgotten_through else _entry_missing(seal)
    if (content := content_digest(entry.told)) != seal.content:
        return Wrong(code=_kind(content), sentence=_unfit_entry(seal, entry, content), **at)
    return None


def _forgotten_through() -> int:
    """The last number that retention says it took away; what says so is itself on the chain, and judged there."""
    told = AuditEntry.objects.filter(deed=FORGOTTEN, seal__isnull=False).values_list("detail", flat=True)
    standing = dict(
        AuditSeal.objects.filter(number__in=[each.get("through") or 0 for each in told]).values_list(
            "number", "digest"
        )
    )
    return max(
        (each["through"] for each in told if standing.get(each.get("through")) == each.get("digest")),
        default=0,
    )


def _in_order(last: int) -> Iterator[tuple[AuditSeal, AuditEntry | None]]:
    """Seals with their entries by number; a piece is two questions, whatever the database keeps between them."""
    number = 0
    while number < last:
        seals = list(AuditSeal.objects.filter(number__gt=number, number__lte=last).order_by("number")[:PIECE])
        if not seals:
            return
        entries = _entries([each.entry_id for each in seals])
        yield from ((each, entries.get(each.entry_id)) for each in seals)
        number = seals[-1].number


def _entries(ids: list[int]) -> dict[int, AuditEntry]:
    """By id. They lie side by side, so that a span is asked for; what is late is asked for by itself."""
    middle = sorted(ids)[len(ids) // 2]
    near = [each for each in ids if abs(each - middle) <= PIECE]
    found: dict[int, AuditEntry] = {}
    if near:
        found = {
            each.pk: each
            for each in AuditEntry.objects.filter(pk__gte=min(near), pk__lte=max(near)).order_by()
        }
    far = [each for each in ids if each not in found]
    for start in range(0, len(far), 500):
        found |= AuditEntry.objects.in_bulk(far[start : start + 500])
    return found


def _look_for_gaps(found: Verified) -> None:
    """Ids that were given and are not on the chain."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT entry_id, following FROM (SELECT entry_id, LEAD(entry_id) OVER (ORDER BY entry_id) AS following "
            "FROM ledger_auditseal) AS ids WHERE following > entry_id + 1 ORDER BY entry_id"
        )
        for before, after in cursor.fetchall():
            found.missing_ids += after - before - 1
            room = GAPS_NAMED - len(found.gaps)
            found.gaps += list(range(before + 1, min(after, before + 1 + room)))


def _kind(content: str) -> str:
    return "entry_moved" if AuditSeal.objects.filter(content=content).exists() else "entry_altered"


def _unfit_entry(seal: AuditSeal, entry: AuditEntry, content: str) -> str:
    told = f"Entry {entry.pk} (number {seal.number}, {entry.deed}, {entry.subject})"
    other = AuditSeal.objects.filter(content=content).first()
    if other:
        return f"{told} says what number {other.number} was sealed with: entries were put in another order."
    return f"{told} was altered after it was sealed."


def _unfit_seal(seal: AuditSeal) -> str:
    return (
        f"Number {seal.number} (entry {seal.entry_id}) does not follow from the number before it: its seal was "
        "altered, or seals were put in another order."
    )


def _entry_missing(seal: AuditSeal) -> Wrong:
    sentence = f"Entry {seal.entry_id} (number {seal.number}) is missing: it was deleted after it was sealed."
    return Wrong(code="entry_missing", sentence=sentence, number=seal.number, entry=seal.entry_id)


def _number_missing(number: int) -> Wrong:
    sentence = f"Number {number} is missing from the chain: its seal was deleted."
    return Wrong(code="number_missing", sentence=sentence, number=number)


def as_told(found: Verified) -> dict[str, Any]:
    """What was found, JSON-ready."""
    wrong = found.wrong
    return {
        "entries": found.entries,
        "forgotten": found.forgotten,
        "newest": f"{found.number}:{found.digest}",
        "wrong": {
            "code": wrong.code,
            "number": wrong.number,
            "entry": wrong.entry,
            "sentence": wrong.sentence,
        }
        if wrong
        else None,
        "missing_ids": found.missing_ids,
        "gaps": found.gaps,
    }
