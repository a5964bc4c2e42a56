"""A whole list on one day: read to its end or refused with sentences, and compared with the edition before it."""

from risk.lists.editions.difference import Difference, EntityChange, difference
from risk.lists.editions.judging import EditionFacts, EditionRefused, judge_edition, read_edition, sha256_of

__all__ = [
    "Difference",
    "EditionFacts",
    "EditionRefused",
    "EntityChange",
    "difference",
    "judge_edition",
    "read_edition",
    "sha256_of",
]
