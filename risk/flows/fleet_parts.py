"""A fleet's exposed share through time by its parts: the rigs of one maker at one site, which add up to any of both.

Figures are whole numbers in the order of MEASURES (rigs, GH/s, W, cents), so that parts are added and only their sum
is divided (docs/adr/0030).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Self

from risk.engine.shares import MEASURES, Held, Kind, Measured, share_of
from risk.engine.terms.money import AdValoremRate

Figures = tuple[int, ...]
Belongs = Callable[[str | None, str], bool]
"""Whether the rigs at a site (None: at none) of a maker are asked about."""
NONE: Figures = (0,) * len(MEASURES)


def figures_of(rigs: Measured) -> Figures:
    """What is counted of rigs, by each measure."""
    return tuple(of(rigs) for of in MEASURES.values())


def added(figures: Iterable[Figures]) -> Figures:
    """The sum, measure by measure."""
    return tuple(map(sum, zip(NONE, *figures, strict=True)))


def shares_by_measure(part: Figures, whole: Figures) -> dict[str, Decimal | None]:
    """A part's share of a whole by each measure, from 0 to 1; None where the whole is nothing."""
    return {name: share_of(some, all_) for name, some, all_ in zip(MEASURES, part, whole, strict=True)}


@dataclass(frozen=True, slots=True, kw_only=True)
class PartMove:
    """By how much a part's exposed and unknown rigs change on a day, and what changes them: titles of measures, lots
    that have a day of their own."""

    on: date
    exposed: Figures
    unknown: Figures
    begun: tuple[str, ...] = ()
    ended: tuple[str, ...] = ()
    lots_of_their_own: int = 0

    @property
    def kept(self) -> dict[str, Any]:
        """As it is kept on record."""
        return {
            "on": self.on.isoformat(),
            "exposed": self.exposed,
            "unknown": self.unknown,
            "begun": self.begun,
            "ended": self.ended,
            "lots_of_their_own": self.lots_of_their_own,
        }

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> Self:
        """What was kept on record."""
        return cls(
            on=date.fromisoformat(kept["on"]),
            exposed=tuple(kept["exposed"]),
            unknown=tuple(kept["unknown"]),
            begun=tuple(kept["begun"]),
            ended=tuple(kept["ended"]),
            lots_of_their_own=kept["lots_of_their_own"],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class FleetPart:
    """What one maker's rigs at one site come to, and the days on which their share is another."""

    site: str | None
    maker: str
    whole: Figures
    moves: tuple[PartMove, ...] = field(repr=False)

    @property
    def kept(self) -> dict[str, Any]:
        """As it is kept on record."""
        moves = [move.kept for move in self.moves]
        return {"site": self.site, "maker": self.maker, "whole": self.whole, "moves": moves}

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> Self:
        """What was kept on record."""
        return cls(
            site=kept["site"],
            maker=kept["maker"],
            whole=tuple(kept["whole"]),
            moves=tuple(map(PartMove.read, kept["moves"])),
        )


def moves_together(parts: Iterable[FleetPart]) -> list[PartMove]:
    """What moves parts as one, a move a day, in order."""
    by_day: defaultdict[date, list[PartMove]] = defaultdict(list)
    for part in parts:
        for move in part.moves:
            by_day[move.on].append(move)
    return [_as_one(on, by_day[on]) for on in sorted(by_day)]


def _as_one(on: date, moves: list[PartMove]) -> PartMove:
    return PartMove(
        on=on,
        exposed=added(move.exposed for move in moves),
        unknown=added(move.unknown for move in moves),
        begun=tuple(dict.fromkeys(title for move in moves for title in move.begun)),
        ended=tuple(dict.fromkeys(title for move in moves for title in move.ended)),
        lots_of_their_own=sum(move.lots_of_their_own for move in moves),
    )


def parts_today(held: Iterable[Held], threshold: AdValoremRate) -> list[dict[str, Any]]:
    """What a day's snapshot keeps of each part: what it comes to, and what of it is exposed by tariff or sanction."""
    whole: defaultdict[tuple[str | None, str], list[Figures]] = defaultdict(list)
    exposed: defaultdict[tuple[str | None, str], list[Figures]] = defaultdict(list)
    for each in held:
        if not (each.status.counts_in_fleet and each.rigs.units):
            continue
        part, figures = (each.site, each.standing.maker), figures_of(each.rigs)
        whole[part].append(figures)
        if Kind.ANY in each.standing.kinds(threshold):
            exposed[part].append(figures)
    return [
        {"site": site, "maker": maker, "whole": added(some), "exposed": added(exposed[site, maker])}
        for (site, maker), some in whole.items()
    ]


def share_kept(parts: Iterable[Mapping[str, Any]], belongs: Belongs, measure: str) -> Decimal | None:
    """The exposed share of the parts of a snapshot that are asked about; None where they come to nothing."""
    mine = [each for each in parts if belongs(each["site"], each["maker"])]
    whole, exposed = (added(tuple(each[name]) for each in mine) for name in ("whole", "exposed"))
    return shares_by_measure(exposed, whole)[measure]
