"""The cut-down real list files of tests/risk/samples, opened and read."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from risk.engine.listed import ListedEntity
from risk.lists import FORMATS

SAMPLES = Path(__file__).parents[1] / "samples"
SDN_COMPANIONS = {"alt": "alt.csv", "add": "add.csv", "comments": "sdn_comments.csv"}


def bytes_of(name: str) -> BytesIO:
    """A sample in memory."""
    return BytesIO((SAMPLES / name).read_bytes())


def read(form: str, name: str, **companions: str) -> list[ListedEntity]:
    """All parties of a sample."""
    beside = {part: bytes_of(file) for part, file in companions.items()}
    return list(FORMATS[form].read(bytes_of(name), beside))


def one_of(entities: list[ListedEntity], number: str) -> ListedEntity:
    """The party of that number."""
    return next(entity for entity in entities if entity.entity_id == number)


def named(entities: list[ListedEntity], part: str) -> ListedEntity:
    """The first party with that text in its primary name."""
    return next(entity for entity in entities if part in entity.name)
