"""A published edition -> the lots that it reads differently -> owed on record, in one transaction."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from django.db import transaction

from fleet.selectors import standing_goods
from risk.book import book_of
from risk.engine.facts import EntryFacts, LotFacts
from risk.engine.policy import PolicyChanges
from risk.engine.terms.countries import CountryCode
from risk.flows.owed import owe
from risk.models import AssessmentRun, PolicyEdition
from vendors.selectors import contested_origins

Kind = AssessmentRun.Kind

# A day to ask about is needed to make an entry, though changes are looked for on every day.
ANY_DAY = date(2018, 7, 1)


def follow_unfollowed_editions(*, now: datetime) -> int:
    """Follow each published edition that nobody has followed yet; returns how many lots became owed."""
    return sum(_follow(edition, now) for edition in reversed(list(PolicyEdition.objects.unfollowed())))


def _follow(edition: PolicyEdition, now: datetime) -> int:
    """Gather the lots, decide which the change touches, record them as owed and the edition as followed."""
    changes = _changes(edition)
    touched = list(_touched(changes))
    with transaction.atomic():
        # First, for it decides between two followers: what one has owed the other does not owe again.
        if not PolicyEdition.objects.filter(pk=edition.pk, followed_at__isnull=True).update(followed_at=now):
            return 0
        owe(touched, cause=f"edition {edition.number} published", now=now, kind=Kind.EDITION)
    return len(touched)


def _changes(edition: PolicyEdition) -> PolicyChanges | None:
    """What reads differently than in the edition before; None when there was none before."""
    before = PolicyEdition.objects.published().filter(number__lt=edition.number).first()
    return None if before is None else book_of(edition).changes_since(book_of(before))


def _touched(changes: PolicyChanges | None) -> Iterator[int]:
    """The lots with rigs that a change could read otherwise, under every origin that a question about them could
    bring. Of lots whose goods are alike one is looked at: the change is looked for on every day."""
    contested = contested_origins()
    for maker_id, facts, lot_ids in standing_goods():
        if changes is None or changes.touches(_entries(facts, contested.get(maker_id, frozenset()))):
            yield from lot_ids


def _entries(facts: LotFacts, contested: frozenset[CountryCode]) -> Iterator[EntryFacts]:
    for origin in {facts.origin, facts.hashboard_origin or facts.origin, *contested}:
        yield facts.entry(on=ANY_DAY, origin=origin)
