"""All lists in force -> one screener, made once a process and edition -> what a name is like."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache

from django.core.exceptions import ValidationError

from risk.engine.listed import ListedEntity
from risk.engine.screening import HitCandidate, ScreenedParty, Screener
from risk.lists.editions.records import entity_from
from risk.models import ListedEntityRecord, ListEdition


def screen_party(party: ScreenedParty, *, list_code: str | None = None) -> tuple[HitCandidate, ...]:
    """The hits at or over the threshold of review, strongest first.

    Raises ValidationError where no list is loaded, or none with that code: that nobody was found on a list that
    nobody looked at would read as clean.
    """
    editions = ListEdition.objects.in_force()
    known = sorted({code for edition in editions for code in edition.rows})
    if not known:
        raise ValidationError(
            "No government list is loaded; run `manage.py load_list FORMAT FILE`.", code="no_list_loaded"
        )
    if list_code is not None and list_code not in known:
        raise ValidationError(
            f"No list {list_code} is loaded; there are {', '.join(known)}.", code="list_unknown"
        )
    return _screener(tuple((edition.pk, edition.sha256, edition.loaded_at) for edition in editions)).screen(
        party, list_code=list_code
    )


@lru_cache(maxsize=2)
def _screener(editions: tuple[tuple[int, str, datetime], ...]) -> Screener:
    return Screener(_parties([pk for pk, _, _ in editions]))


def _parties(edition_ids: list[int]) -> list[ListedEntity]:
    """Every party in force once: two formats can carry the same list, and the one loaded last has the word."""
    told: dict[tuple[str, str], ListedEntity] = {}
    for edition in ListEdition.objects.filter(pk__in=edition_ids).order_by("loaded_at", "pk"):
        for kept in ListedEntityRecord.objects.on(edition).values_list("record", flat=True).iterator():
            entity = entity_from(kept)
            told[entity.key] = entity
    return list(told.values())
