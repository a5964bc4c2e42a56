"""Changes of policy: drafts and editions. A refusal is raised before anything is written."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max

from ledger.models import record
from risk import tasks
from risk.book import book_of, classification_record, measure_row
from risk.engine.policy import PolicyBook
from risk.models import Measure, PolicyEdition
from risk.policy_files import check


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """How one edition differs from another, by codes of measures."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.removed)


def difference(new: PolicyBook, old: PolicyBook | None) -> Difference:
    """What a book adds, changes, removes and leaves against another."""
    before = {measure.code: measure for measure in old.measures} if old else {}
    after = {measure.code: measure for measure in new.measures}
    kept = after.keys() & before.keys()
    return Difference(
        added=_sorted(after.keys() - before.keys()),
        changed=_sorted(code for code in kept if after[code] != before[code]),
        removed=_sorted(before.keys() - after.keys()),
        unchanged=_sorted(code for code in kept if after[code] == before[code]),
    )


def start_draft(*, book: PolicyBook, title: str = "", by: Any = None) -> PolicyEdition:
    """Keep a book as a draft edition; a draft that says the same is returned instead of a second one."""
    same = PolicyEdition.objects.filter(state=PolicyEdition.State.DRAFT, digest=book.digest).first()
    if same:
        return same
    with transaction.atomic():
        last = PolicyEdition.objects.aggregate(last=Max("number"))["last"] or 0
        draft = PolicyEdition.objects.create(
            number=last + 1,
            title=title,
            digest=book.digest,
            classification=classification_record(book),
            verified_through=book.verified_through,
        )
        Measure.objects.bulk_create([measure_row(draft, spec) for spec in book.measures])
        record(deed="draft started", subject=f"edition {draft.number}", by=by)
    return draft


def publish_edition(*, edition: PolicyEdition, on: date, at: datetime, by: Any = None) -> PolicyEdition:
    """Freeze a draft and set its consequences going.

    Raises ValidationError for an edition that is published already, and for measures that overlap, lack a
    citation or have an impossible rate: each with its sentence, and nothing is written.
    """
    _refuse_unless_draft(edition)
    _refuse_wrong_measures(edition)
    with transaction.atomic():
        edition.state = PolicyEdition.State.PUBLISHED
        edition.published_on, edition.published_at, edition.published_by = on, at, by
        edition.save()
        record(deed="edition published", subject=f"edition {edition.number}", by=by, digest=edition.digest)
        tasks.start_following()
    return edition


def _refuse_unless_draft(edition: PolicyEdition) -> None:
    if edition.is_published:
        sentence = (
            f"Edition {edition.number} is published; a published edition never changes. Start a new draft."
        )
        raise ValidationError(sentence, code="edition_published")


def _refuse_wrong_measures(edition: PolicyEdition) -> None:
    book = book_of(edition)
    if not book.measures:
        raise ValidationError("The edition has no measures.", code="edition_empty")
    complaints = check(book.measures, renumberings=book.renumberings)
    if complaints:
        raise ValidationError([ValidationError(each.sentence, code=each.code) for each in complaints])


def _sorted(codes: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(codes))
