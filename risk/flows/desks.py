"""What a worker has before it while it assesses: the law of a day, and what it found under it already.

A worker that is cut short takes up its desk where it left it, when its turn comes again: what lots found alike have
in common is not worked out anew for each turn.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from threading import local

from risk.book import considered
from risk.engine.sittings import Sitting
from risk.flows.exposure_rows import ExposureRows
from risk.models import PolicyEdition


@dataclass(frozen=True, slots=True)
class Desk:
    """One edition and one day, with all that was decided under them; of one thread."""

    edition: PolicyEdition
    day: date
    records: ExposureRows
    sitting: Sitting


class _Left(local):
    desk: Desk | None = None


_LEFT = _Left()


def taken_up() -> Desk | None:
    """The desk that this thread left, if it did. What it knows to be on record is looked for again."""
    desk, _LEFT.desk = _LEFT.desk, None
    if desk:
        desk.records.look_again()
    return desk


def desk_for(edition: PolicyEdition, day: date, *, before: Desk | None) -> Desk:
    """The desk from before, where it is for that edition and day; else an empty one."""
    if before and (before.edition.pk, before.day) == (edition.pk, day):
        return before
    return Desk(edition, day, ExposureRows(edition), Sitting(considered(edition), day))


def leave(desk: Desk) -> None:
    """Keep a desk until this thread assesses again."""
    _LEFT.desk = desk


def forget_desk() -> None:
    """Begin anew: for a database that went back in time."""
    _LEFT.desk = None
