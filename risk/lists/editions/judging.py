"""Whether a file may become the list in force: a short, cut, empty or older one is refused, not read as removals."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import BinaryIO

from risk.engine.listed import ListedEntity
from risk.lists.reading.format import Companions, ListFormat, ListUnreadable

MOST_LOST = 10
"""The largest fall, in percent of a list's parties, that is taken for delistings.

Over 257 intervals of real SDN snapshots the most removals were 150 of about 10,000; a part that went missing
upstream (the whole SDN part of the consolidated list in 2024-05) is far more.
"""
FEWEST_COMPARED = 50
"""Below so many parties a list may lose a tenth by one decision."""
_READ_AT_ONCE = 1 << 20


class EditionRefused(ValueError):
    """The file cannot be the list in force; `sentences` says why, and nothing was changed."""

    def __init__(self, sentences: tuple[str, ...]) -> None:
        super().__init__(" ".join(sentences))
        self.sentences = sentences


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionFacts:
    """What identifies an edition: its format, the day of its data, the files' checksum, parties a list code."""

    format: str
    data_date: date
    sha256: str
    rows: Mapping[str, int]


def read_edition(
    form: ListFormat,
    stream: BinaryIO,
    companions: Companions | None = None,
    *,
    as_of: date | None = None,
    current: EditionFacts | None = None,
    floors: Mapping[str, int] | None = None,
) -> tuple[EditionFacts, tuple[ListedEntity, ...]]:
    """The whole edition, read to its end and judged. `as_of` is needed where the format carries no date.

    Raises EditionRefused with a sentence for each fault; a caller that hears it leaves everything as it was.
    """
    beside = companions or {}
    try:
        if _is_empty(stream):
            raise ListUnreadable("The file is empty.")
        said = form.data_date(stream) if form.data_date else None
        data_date = as_of or said
        if data_date is None:
            raise ListUnreadable(f"{form.title} carries no date of its own; say as of which day it is.")
        entities = tuple(form.read(stream, beside))
    except ListUnreadable as wrong:
        raise EditionRefused((str(wrong),)) from None
    facts = EditionFacts(
        format=form.name,
        data_date=data_date,
        sha256=sha256_of(stream, beside),
        rows=dict(sorted(Counter(entity.list_code for entity in entities).items())),
    )
    if refusals := judge_edition(facts, current=current, floors=form.floors if floors is None else floors):
        raise EditionRefused(refusals)
    return facts, entities


def judge_edition(
    facts: EditionFacts, *, current: EditionFacts | None, floors: Mapping[str, int]
) -> tuple[str, ...]:
    """Why the edition cannot be the list in force, one sentence a fault; empty where it can.

    The same file again is no fault: whoever loads it finds that nothing changes.
    """
    if not any(facts.rows.values()):
        return ("The file names no party at all.",)
    older = _older(facts, current)
    return (*older, *_under_floor(facts, floors), *_fallen(facts, current))


def sha256_of(stream: BinaryIO, companions: Companions) -> str:
    """The checksum of the file and its companions together, in the order of their names."""
    digest = hashlib.sha256()
    for part in (stream, *(companions[name] for name in sorted(companions))):
        part.seek(0)
        while block := part.read(_READ_AT_ONCE):
            digest.update(block)
    return digest.hexdigest()


def _is_empty(stream: BinaryIO) -> bool:
    stream.seek(0)
    return not stream.read(64).strip(b"\x1a \r\n\t")


def _older(facts: EditionFacts, current: EditionFacts | None) -> Iterator[str]:
    if current is not None and facts.data_date < current.data_date:
        yield (
            f"The file is as of {facts.data_date}, older than the edition in force, which is "
            f"as of {current.data_date}."
        )


def _under_floor(facts: EditionFacts, floors: Mapping[str, int]) -> Iterator[str]:
    for code, floor in floors.items():
        found = facts.rows.get(code, 0)
        if found < floor:
            yield f"{code} has {found:,} parties; a whole edition never had under {floor:,}."


def _fallen(facts: EditionFacts, current: EditionFacts | None) -> Iterator[str]:
    for code, before in (current.rows if current else {}).items():
        found = facts.rows.get(code, 0)
        if before >= FEWEST_COMPARED and found * 100 < before * (100 - MOST_LOST):
            yield f"{code} has {found:,} parties where the edition in force has {before:,}: a part is missing."
