"""One policy edition of the database as a policy book of the engine, and the way back."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

from django.db.models import TextField
from django.db.models.functions import Cast

from risk.engine.outcomes import Considered
from risk.engine.policy import MeasureSpec, PolicyBook
from risk.models import Measure, PolicyEdition
from risk.policy_files import (
    record_of,
    record_of_refused_heading,
    record_of_renumbering,
    refused_heading_from,
    renumbering_from,
    spec_from,
)


def book_of(edition: PolicyEdition) -> PolicyBook:
    """The book of an edition. A published edition never changes, so its book is built once a process."""
    return considered(edition).book


def considered(edition: PolicyEdition) -> Considered:
    """The book with the outcomes that were already decided under it; a draft's are kept while it says the same."""
    if not edition.is_published:
        return _kept_of_draft(_built(edition))
    return _kept(edition.pk, edition.digest)


@lru_cache(maxsize=8)
def _kept(edition_id: int, _digest: str) -> Considered:
    return Considered(_built(PolicyEdition.objects.get(pk=edition_id)))


@lru_cache(maxsize=2)
def _kept_of_draft(book: PolicyBook) -> Considered:
    return Considered(book)


def reads_as_published(edition: PolicyEdition) -> bool:
    """Whether the measures on record are still those that the edition was published with."""
    return _built(edition).digest == edition.digest


def _built(edition: PolicyEdition) -> PolicyBook:
    told = edition.measures.order_by("pk").values_list(Cast("record", TextField()), flat=True)
    classification = edition.classification
    return PolicyBook(
        measures=tuple(map(_spec, told)),
        renumberings=tuple(renumbering_from(record) for record in classification["renumberings"]),
        refused_headings=tuple(refused_heading_from(record) for record in classification["refused_headings"]),
    )


@lru_cache(maxsize=1_000)
def _spec(record: str) -> MeasureSpec:
    """The measure of a record that is told as text: an edition has nearly all of its measures from the one before."""
    return spec_from(json.loads(record))


def measure_row(edition: PolicyEdition, spec: MeasureSpec) -> Measure:
    """A measure as a row of an edition, not yet saved."""
    return Measure(
        edition=edition,
        code=spec.code,
        family=spec.family,
        title=spec.title,
        authority=spec.authority,
        rate_type=spec.rate_type.value,
        rate_percent=spec.rate.percent if spec.rate else "",
        effective_from=spec.span.first,
        effective_through=spec.span.through,
        confidence=spec.confidence,
        legal_reference=spec.legal_reference,
        record=record_of(spec),
    )


def classification_record(book: PolicyBook) -> dict[str, Any]:
    """What the book knows of codes and headings, as the edition keeps it."""
    return {
        "renumberings": [record_of_renumbering(numbering) for numbering in book.renumberings],
        "refused_headings": [record_of_refused_heading(heading) for heading in book.refused_headings],
    }
