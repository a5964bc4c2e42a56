"""Changes of policy (drafts and editions), suppositions that are kept, and decisions on screening hits.

A refusal is raised before anything is written.
"""

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

from fleet.models import Operator
from ledger.models import record
from risk import tasks
from risk.book import book_of, classification_record, measure_row
from risk.engine.policy import MeasureSpec, PolicyBook
from risk.engine.reviews import Decision, HitState
from risk.engine.terms.spans import DateSpan
from risk.flows.tell_of_screening import tell_of_vendors
from risk.models import HitDecision, Measure, PolicyEdition, SavedScenario, ScreeningHit
from risk.policy_files import Complaint, check, ended_by_act, spec_from
from risk.scenarios import ScenarioRefused, read_scenario, scenario_text

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
        record(deed="draft started", subject=f"edition {draft.number}", by=by)
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
        draft.state = PolicyEdition.State.PUBLISHED
        draft.published_on, draft.published_at, draft.published_by = on, at, by
        draft.reason, draft.restates = reason.strip(), restates
        draft.save()
        told = {"reason": draft.reason, "restates": restates.number} if restates else {"reason": draft.reason}
        record(
            deed="edition published", subject=f"edition {draft.number}", by=by, digest=draft.digest, **told
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
    """The draft, held against others while it is changed; afterwards it knows its digest and who changed it."""
    with transaction.atomic():
        draft = _locked(edition)
        yield draft
        book = book_of(draft)
        draft.digest, draft.changed_by = book.digest, by
        draft.verified_through = book.verified_through if book.measures else None
        draft.save()
        record(deed=deed, subject=f"edition {draft.number}", by=by, **detail)
    edition.refresh_from_db()


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


def keep_scenario(*, operator: Operator, title: str, text: str, by: Any, at: datetime) -> SavedScenario:
    """Keep a supposition under a title; the same title again replaces what was kept.

    Raises ValidationError for a text that is no scenario, and for a title that is none.
    """
    title = " ".join(title.split())
    if not 0 < len(title) <= LONGEST_TITLE:
        raise ValidationError(f"Give it a name of 1 to {LONGEST_TITLE} characters.", code="title_unfit")
    try:
        read_scenario(scenario_text(text))
    except ScenarioRefused as refusal:
        raise ValidationError(list(refusal.complaints), code="scenario_unfit") from None
    said = {"text": text, "saved_by": by, "saved_at": at}
    with transaction.atomic():
        kept, _ = SavedScenario.objects.update_or_create(operator=operator, title=title, defaults=said)
        record(deed="scenario kept", subject=title, by=by, operator_id=operator.pk)
    return kept


def forget_scenario(*, scenario: SavedScenario, by: Any) -> None:
    """Keep a supposition no longer."""
    with transaction.atomic():
        record(deed="scenario forgotten", subject=scenario.title, by=by, operator_id=scenario.operator_id)
        SavedScenario.objects.filter(pk=scenario.pk).delete()


def decide_hit(
    *, hit_id: int, decision: Decision, reason: str, digest: str, by: Any, at: datetime
) -> HitDecision:
    """Say of a hit whether the vendor is the listed party, on the evidence that was shown (its `digest`).

    Where two persons are asked for, a first word is on record but not in force; a second person who says the same
    brings it in force. To escalate needs nobody else. Raises ValidationError without a reason, without a person, for
    evidence that has changed since it was shown, and for a hit that is found no more.
    """
    _refuse_undecidable(reason, by)
    with transaction.atomic():
        hit = ScreeningHit.objects.select_for_update().get(pk=hit_id)
        _refuse_moved(hit, digest)
        first = first_word_on(hit)
        seconds = first if first and first.decision == decision and first.by_id != by.pk else None
        _refuse_said_already(decision, first, seconds, by)
        made = HitDecision.objects.create(
            hit=hit,
            decision=decision.value,
            reason=reason.strip(),
            evidence_digest=hit.evidence_digest,
            evidence=hit.evidence,
            by=by,
            at=at,
            is_in_force=_is_in_force(decision, seconds),
            seconds=seconds,
        )
        if made.is_in_force:
            _bring_in_force(hit, made)
        record(
            deed=f"hit {decision.value}" if made.is_in_force else f"hit to be {decision.value}",
            subject=f"hit {hit.pk}",
            by=by,
            operator_id=hit.operator_id,
            list=hit.list_code,
            entity_id=hit.entity_id,
            reason=made.reason,
            evidence=hit.evidence_digest,
        )
    return made


def first_word_on(hit: ScreeningHit) -> HitDecision | None:
    """The newest decision on the evidence of now that still waits for a second person."""
    newest = hit.decisions.order_by("-pk").first()
    is_waiting = (
        newest is not None and not newest.is_in_force and newest.evidence_digest == hit.evidence_digest
    )
    return newest if is_waiting else None


def _is_in_force(decision: Decision, seconds: HitDecision | None) -> bool:
    needs_second = settings.SCREENING_NEEDS_SECOND_PERSON and decision is not Decision.ESCALATED
    return seconds is not None or not needs_second


def _bring_in_force(hit: ScreeningHit, made: HitDecision) -> None:
    """The hit stands as it was decided, and the lots of its vendor are owed an assessment."""
    if made.decision == Decision.ESCALATED and hit.binds:
        # Somebody else has to look; until a person says otherwise the confirmation binds on, as one that lapsed.
        hit.decided_on, hit.state = "", HitState.LAPSED.value
        hit.changed_because = "It was escalated; the confirmation binds until it is decided again."
    else:
        hit.decision, hit.decided_on, hit.decided_evidence = made.decision, hit.evidence_digest, hit.evidence
        hit.state, hit.changed_because = HitState(made.decision).value, ""
    hit.save(update_fields=["decision", "decided_on", "decided_evidence", "state", "changed_because"])
    tell_of_vendors([hit.vendor_id], cause=f"hit {hit.pk} {made.decision}")


def _refuse_undecidable(reason: str, by: Any) -> None:
    if by is None:
        raise ValidationError("A hit is decided by a person, not by a command.", code="needs_person")
    if not reason.strip():
        raise ValidationError(
            "Say why: a decision without a reason tells the next reader nothing.", code="no_reason"
        )


def _refuse_moved(hit: ScreeningHit, digest: str) -> None:
    if hit.state == HitState.GONE:
        raise ValidationError("The hit is found no more; there is nothing to decide.", code="hit_gone")
    if hit.evidence_digest != digest:
        raise ValidationError(
            "The evidence has changed since the page was opened; look at it again.", code="evidence_changed"
        )


def _refuse_said_already(
    decision: Decision, first: HitDecision | None, seconds: HitDecision | None, by: Any
) -> None:
    if first and not seconds and first.decision == decision and first.by_id == by.pk:
        raise ValidationError(
            "You have said so already; a second person has to say the same.", code="needs_second_person"
        )
