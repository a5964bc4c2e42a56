"""Changes of policy: drafts and editions. A refusal is raised before anything is written."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max

from fleet.models import Operator
from ledger.models import record
from risk import tasks
from risk.book import book_of, classification_record, measure_row
from risk.engine.policy import PolicyBook
from risk.models import Measure, PolicyEdition, SavedScenario
from risk.policy_files import check
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
