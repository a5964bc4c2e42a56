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

    @classmethod
    def new(cls, edition: PolicyEdition, day: date) -> Desk:
        """An empty one."""
        return cls(edition, day, ExposureRows(edition), Sitting(considered(edition), day))

    def under(self, edition: PolicyEdition, day: date) -> Desk:
        """This one, where it is for that edition and day; else a new one."""
        return self if (edition.pk, day) == (self.edition.pk, self.day) else Desk.new(edition, day)


class _Left(local):
    desk: Desk | None = None


_LEFT = _Left()


def desk_for(edition: PolicyEdition, day: date) -> Desk:
    """The desk that this thread left, where it is for that edition and day; a new one otherwise."""
    left, _LEFT.desk = _LEFT.desk, None
    return left.under(edition, day) if left else Desk.new(edition, day)


def leave(desk: Desk) -> None:
    """Keep a desk until this thread assesses again."""
    _LEFT.desk = desk


def forget_desk() -> None:
    """Begin anew: for a database that went back in time."""
    _LEFT.desk = None
