"""Changes of policy: drafts are made, filled, corrected and published; refused before anything is written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max

from ledger.models import differing, record, tell
from risk import tasks
from risk.book import book_of, classification_record, measure_row
from risk.engine.policy import MeasureSpec, PolicyBook
from risk.engine.terms.spans import DateSpan
from risk.models import (
    Measure,
    PolicyEdition,
)
from risk.policy_files import Complaint, check, ended_by_act, spec_from

LONGEST_TITLE = 120


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


def start_draft(*, book: PolicyBook | None = None, title: str = "", by: Any = None) -> PolicyEdition:
    """A draft of a book, or a copy of the current edition; a draft that says the same is returned instead.

    Raises ValidationError where there is nothing to copy.
    """
    current = PolicyEdition.objects.current()
    if book is None and current is None:
        raise ValidationError("No edition is published yet; load policy files first.", code="nothing_to_copy")
    digest = book.digest if book else current.digest if current else ""
    drafts = PolicyEdition.objects.filter(state=PolicyEdition.State.DRAFT, based_on=current)
    same = drafts.filter(digest=digest).first()
    if same:
        return same
    with transaction.atomic():
        draft = _new_draft(title=title, digest=digest, based_on=current, changed_by=by)
        if book:
            _fill(draft, book)
        elif current:
            _copy(current, draft)
        of = {"based_on": current.number if current else None, "digest": draft.digest, "title": draft.title}
        record(deed="draft started", subject=f"edition {draft.number}", by=by, said=of)
    return draft


def load_into_draft(*, edition: PolicyEdition, book: PolicyBook, by: Any = None) -> PolicyEdition:
    """Make a draft say what a book says, and nothing else; raises ValidationError for a published edition."""
    with _changing(edition, by, deed="draft loaded") as draft:
        _fill(draft, book)
    return edition


def put_measures(*, edition: PolicyEdition, measures: Sequence[MeasureSpec], by: Any = None) -> PolicyEdition:
    """Add measures to a draft; one whose code the draft has already takes its place.

    Raises ValidationError for a published edition.
    """
    codes = [measure.code for measure in measures]
    with _changing(edition, by, deed="measures written", measures=codes) as draft:
        known = dict(draft.measures.filter(code__in=codes).values_list("code", "pk"))
        rows = {measure.code: measure_row(draft, measure) for measure in measures}
        for code, pk in known.items():
            rows[code].pk = pk
        Measure.objects.bulk_create([row for row in rows.values() if row.pk is None])
        Measure.objects.bulk_update([row for row in rows.values() if row.code in known], _OF_A_MEASURE)
    return edition


def end_measure(
    *, edition: PolicyEdition, code: str, through: date, act: str, by: Any = None
) -> PolicyEdition:
    """End a measure of a draft: `through` is its last day, `act` the citation of what ended it.

    Raises ValidationError for a published edition, an unknown code, a missing act, a day before it begins.
    """
    measure = _spec(edition, code)
    if not act.strip():
        raise ValidationError("Name the act that ended the measure.", code="missing_citation")
    if through < measure.span.first:
        sentence = f"{code} begins on {measure.span.first}; it cannot end on {through}."
        raise ValidationError(sentence, code="ends_before_it_begins")
    ended = replace(measure, span=DateSpan(measure.span.first, through))
    return put_measures(edition=edition, measures=[ended_by_act(ended, " ".join(act.split()))], by=by)


def remove_measure(*, edition: PolicyEdition, code: str, by: Any = None) -> PolicyEdition:
    """Take a measure out of a draft, as if it had never been law.

    Raises ValidationError for a published edition and an unknown code.
    """
    _spec(edition, code)
    with _changing(edition, by, deed="measure removed", measures=[code]) as draft:
        draft.measures.filter(code=code).delete()
    return edition


def publish_edition(
    *,
    edition: PolicyEdition,
    on: date,
    at: datetime,
    by: Any = None,
    reason: str = "",
    restates: PolicyEdition | None = None,
) -> PolicyEdition:
    """Freeze a draft and set its consequences going; `restates` marks it as mending an earlier edition's error.

    Raises ValidationError for an edition that is published already, for measures that overlap, leave a gap,
    lack a citation or have an impossible rate, for a draft of an edition that is in force no more, for the second
    pair of eyes where one is asked for, and for a restatement that does not say why: each with its sentence, and
    nothing is written but the refusal.
    """
    _refuse_same_person(edition, by)
    _refuse_restatement(edition, restates, reason)
    with transaction.atomic():
        draft = _locked(edition)
        _refuse_overtaken(draft)
        _refuse_wrong_measures(draft)
        state = differing({"state": draft.state}, {"state": PolicyEdition.State.PUBLISHED})
        draft.state = PolicyEdition.State.PUBLISHED
        draft.published_on, draft.published_at, draft.published_by = on, at, by
        draft.reason, draft.restates = reason.strip(), restates
        draft.save()
        told = {"reason": draft.reason, "restates": restates.number} if restates else {"reason": draft.reason}
        record(
            deed="edition published",
            subject=f"edition {draft.number}",
            by=by,
            digest=draft.digest,
            changed=state,
            **told,
        )
        tell(
            kind="policy.published",
            about=f"edition:{draft.number}",
            path="/api/v1/policy/editions/",
            edition=draft.number,
            digest=draft.digest,
            published_on=on.isoformat(),
            restates=restates.number if restates else None,
        )
        tasks.start_following()
    edition.refresh_from_db()
    return edition


def complaints_about(edition: PolicyEdition) -> list[Complaint]:
    """Everything that keeps an edition from being published as law; empty where nothing does."""
    book = book_of(edition)
    return check(book.measures, renumberings=book.renumberings)


# What a measure says, beside the code and the edition by which it is known.
_OF_A_MEASURE = (
    "family", "title", "authority", "rate_type", "rate_percent", "effective_from", "effective_through",
    "confidence", "legal_reference", "record",
)  # fmt: skip


def _new_draft(**said: Any) -> PolicyEdition:
    last = PolicyEdition.objects.aggregate(last=Max("number"))["last"] or 0
    return PolicyEdition.objects.create(number=last + 1, **said)


def _copy(current: PolicyEdition, draft: PolicyEdition) -> None:
    """The rows of the current edition as rows of the draft: read at once, written at once."""
    rows = list(current.measures.order_by("pk"))
    for row in rows:
        row.pk, row._state.adding, row.edition = None, True, draft
    Measure.objects.bulk_create(rows, batch_size=500)
    draft.classification = current.classification
    draft.verified_through = current.verified_through
    draft.save()


def _fill(draft: PolicyEdition, book: PolicyBook) -> None:
    """Nothing but the book, in the draft."""
    draft.measures.all().delete()
    Measure.objects.bulk_create([measure_row(draft, spec) for spec in book.measures], batch_size=500)
    draft.classification = classification_record(book)
    draft.digest, draft.verified_through = book.digest, book.verified_through
    draft.save()


@contextmanager
def _changing(edition: PolicyEdition, by: Any, *, deed: str, **detail: Any) -> Iterator[PolicyEdition]:
    """The draft, held against others while it is changed; afterwards it knows its digest and who changed it, and the
    audit has the measures that differ, as they were and as they are."""
    with transaction.atomic():
        draft = _locked(edition)
        before = _records(draft)
        yield draft
        book = book_of(draft)
        draft.digest, draft.changed_by = book.digest, by
        draft.verified_through = book.verified_through if book.measures else None
        draft.save()
        changed = differing(before, _records(draft))
        record(deed=deed, subject=f"edition {draft.number}", by=by, changed=changed, **detail)
    edition.refresh_from_db()


def _records(draft: PolicyEdition) -> dict[str, Any]:
    """What the draft says, measure by measure."""
    return dict(draft.measures.values_list("code", "record"))


def _locked(edition: PolicyEdition) -> PolicyEdition:
    """The draft as it is on record now, in the caller's transaction; raises ValidationError if published."""
    draft = PolicyEdition.objects.select_for_update().get(pk=edition.pk)
    if draft.is_published:
        raise draft.never_changes
    return draft


def _spec(edition: PolicyEdition, code: str) -> MeasureSpec:
    measure = edition.measures.filter(code=code).first()
    if measure is None:
        sentence = f"Edition {edition.number} has no measure {code}."
        raise ValidationError(sentence, code="no_such_measure")
    return spec_from(measure.record)


def _refuse_overtaken(draft: PolicyEdition) -> None:
    """What another edition brought in since would be gone again unseen. Of two who publish at once the second waits
    here, for both hold the edition in force, and then learns of the first."""
    published = PolicyEdition.objects.published()
    if draft.based_on_id is not None:
        published.filter(pk=draft.based_on_id).select_for_update().first()
    current = published.first()
    if current and current.pk != draft.based_on_id:
        sentence = (
            f"Edition {current.number} was published since this draft was begun; the draft lacks what it changed. "
            "Start a new draft."
        )
        raise ValidationError(sentence, code="edition_overtaken")


def _refuse_wrong_measures(edition: PolicyEdition) -> None:
    if not edition.measures.exists():
        raise ValidationError("The edition has no measures.", code="edition_empty")
    complaints = complaints_about(edition)
    if complaints:
        raise ValidationError([ValidationError(each.sentence, code=each.code) for each in complaints])


def _refuse_same_person(edition: PolicyEdition, by: Any) -> None:
    """Where two persons are asked for, who changed the draft last does not publish it; a refusal is on record.

    The first edition of all may be published by whoever sets the product up.
    """
    if not settings.POLICY_NEEDS_SECOND_PERSON or not PolicyEdition.objects.published().exists():
        return
    if by is None or edition.changed_by_id == by.pk:
        record(deed="publishing refused", subject=f"edition {edition.number}", by=by, why="second person")
        sentence = (
            f"Edition {edition.number} needs a second person: whoever changed it last cannot publish it, "
            "and neither can a command."
        )
        raise ValidationError(sentence, code="needs_second_person")


def _refuse_restatement(edition: PolicyEdition, restates: PolicyEdition | None, reason: str) -> None:
    if restates is None:
        return
    if not restates.is_published or restates.pk == edition.pk:
        sentence = f"Edition {restates.number} is not published; only a published edition can be restated."
        raise ValidationError(sentence, code="restates_no_published_edition")
    if not reason.strip():
        sentence = f"Say what was wrong in edition {restates.number} that this edition mends."
        raise ValidationError(sentence, code="missing_reason")


def _sorted(codes: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(codes))
