"""The parties on the lists in force, each once: as a whole for a screener, or by their keys."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from functools import lru_cache

from fleet.selectors import in_chunks
from fleet.sheets.rows import collector_at_rest
from risk.engine.listed import ListedEntity
from risk.engine.names.normalising import normalised
from risk.engine.names.rarity import Rarity
from risk.engine.screening import Screener
from risk.lists.editions.records import entity_from
from risk.models import ListedEntityRecord, ListEdition, NameWeights

Key = tuple[str, str]

# Two formats can carry the same list. Of a party that both name, the format that says most has the word, whichever
# was loaded last: were it the last, a daily edition of each would turn every party of the list over every day.
MOST_SAYING_FIRST = (
    "ofac_enhanced_xml",
    "ofac_sdn",
    "bis_dpl",
    "csl",
    "ftm_json",
    "opensanctions_simple",
    "own_csv",
)


def by_precedence(editions: Iterable[ListEdition]) -> list[ListEdition]:
    """The editions, the one that has the word last."""
    return sorted(editions, key=lambda edition: -_rank(edition.format))


def parties_in_force(editions: Iterable[ListEdition]) -> list[ListedEntity]:
    """Every party of these editions once."""
    told: dict[Key, ListedEntity] = {}
    for edition in by_precedence(editions):
        for kept in ListedEntityRecord.objects.on(edition).values_list("record", flat=True).iterator():
            entity = entity_from(kept)
            told[entity.key] = entity
    return list(told.values())


def records_in_force(keys: Iterable[Key], editions: Sequence[ListEdition]) -> dict[Key, ListedEntityRecord]:
    """The records of parties by their keys; one that no edition names is left out."""
    wanted = set(keys)
    told: dict[Key, ListedEntityRecord] = {}
    for edition in by_precedence(editions):
        for some in in_chunks(sorted({number for _, number in wanted})):
            for row in ListedEntityRecord.objects.on(edition).filter(entity_id__in=some):
                if (row.list_code, row.entity_id) in wanted:
                    told[row.list_code, row.entity_id] = row
    return told


def keys_differing(before: ListEdition | None, after: ListEdition) -> set[Key]:
    """The parties that came, changed or went between two editions of a format."""
    first = before.number if before else 0
    rows = ListedEntityRecord.objects.filter(format=after.format)
    span = (first + 1, after.number)
    came = rows.filter(came_with__number__range=span)
    gone = rows.filter(gone_with__number__range=span)
    return {*came.values_list("list_code", "entity_id"), *gone.values_list("list_code", "entity_id")}


def names_of(entities: Iterable[ListedEntity]) -> Iterator[str]:
    """Every name that a vendor could bear."""
    return (name.text for each in entities if each.may_be_an_organisation for name in each.names)


def weighed(entities: Iterable[ListedEntity]) -> Rarity:
    """The weights of words, counted over the names of these parties."""
    return Rarity(normalised(name) for name in names_of(entities))


def screener_of(editions: Iterable[ListEdition], weights: NameWeights | None) -> Screener:
    """All parties of these editions, ready to be asked; kept for as long as the same lists are in force.

    Without weights, words weigh what these parties' own names say.
    """
    known = tuple(sorted((each.pk, each.sha256, each.loaded_at) for each in editions))
    return _screener(known, (weights.pk, weights.digest) if weights else None)


@lru_cache(maxsize=2)
def _screener(editions: tuple[tuple[int, str, datetime], ...], weights: tuple[int, str] | None) -> Screener:
    with collector_at_rest():
        entities = parties_in_force(ListEdition.objects.filter(pk__in=[pk for pk, _, _ in editions]))
        return Screener(entities, rarity_of(NameWeights.objects.get(pk=weights[0])) if weights else None)


def rarity_of(weights: NameWeights) -> Rarity:
    """The weights as they were counted."""
    return Rarity.of_counts(weights.names, weights.bearers)


def _rank(form: str) -> int:
    return MOST_SAYING_FIRST.index(form) if form in MOST_SAYING_FIRST else len(MOST_SAYING_FIRST)
