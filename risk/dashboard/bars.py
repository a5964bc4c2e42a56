"""Bars of shares: segments with their place, their words and the lots behind them, ready to be drawn."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from risk.dashboard.fleet_view import FleetView, Narrowing
from risk.dashboard.words import amount, country, percent
from risk.engine.shares import MEASURES, FleetShares, Kind, Measured, Part
from risk.engine.terms.money import HUNDRED

# A name, what it holds, its share of the whole, and the lots behind it.
Piece = tuple[str, Measured, Decimal | None, Narrowing]


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """One piece of a bar. `start` and `width` are percent of the bar's room; `query` leads to its lots."""

    name: str
    share: str
    amount: str
    start: str
    width: str
    query: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One stacked bar and the same in a sentence; every part is there, also where it is nothing."""

    segments: tuple[Segment, ...]
    sentence: str

    @property
    def drawn(self) -> tuple[Segment, ...]:
        """The segments that have a width."""
        return tuple(segment for segment in self.segments if Decimal(segment.width))


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupRow:
    """One group of a fleet: its bar is as long as the group is large, and has the parts of the one bar."""

    name: str
    query: str
    bar: Bar
    amount: str
    exposed: str
    is_named: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupTable:
    """A fleet by one fact. `more` counts the groups that the page leaves out."""

    title: str
    facet: str
    rows: tuple[GroupRow, ...]
    more: int


def part_bar(shares: FleetShares, measure: str, narrowing: Narrowing, *, length: Decimal = HUNDRED) -> Bar:
    """The one bar in which every lot is counted once, `length` percent of its room long."""
    pieces = [
        (part.value, each.rigs, each.of(measure), narrowing.and_("part", part.value))
        for part, each in shares.bar.items()
    ]
    return stacked(pieces, measure, length=length)


def stacked(pieces: Iterable[Piece], measure: str, *, length: Decimal = HUNDRED) -> Bar:
    """Pieces side by side from left to right, each as wide as its share."""
    segments, start = [], Decimal(0)
    for name, rigs, share, its_lots in pieces:
        width = (share or Decimal(0)) * length
        segments.append(
            Segment(
                name=name,
                share=percent(share),
                amount=amount(measure, rigs),
                start=_placed(start),
                width=_placed(width),
                query=its_lots.query,
            )
        )
        start += width
    return Bar(segments=tuple(segments), sentence=", ".join(f"{each.name} {each.share}" for each in segments))


def kind_bar(shares: FleetShares, kind: Kind, measure: str, narrowing: Narrowing) -> Bar:
    """A way of being exposed by itself; these overlap, so each has a bar of its own."""
    part = shares.exposed[kind]
    return stacked([(kind.value, part.rigs, part.of(measure), narrowing.and_("kind", kind.value))], measure)


def group_table(view: FleetView, title: str, facet: str, measure: str, *, limit: int) -> GroupTable:
    """The fleet by one fact, largest group first, the longest bar as long as there is room."""
    groups = {key: shares for key, shares in view.shares_by(facet).items() if MEASURES[measure](shares.fleet)}
    ordered = sorted(groups.items(), key=lambda item: -MEASURES[measure](item[1].fleet))
    largest = max((MEASURES[measure](shares.fleet) for shares in groups.values()), default=0)
    rows = [_row(facet, key, shares, measure, view.narrowing, largest) for key, shares in ordered[:limit]]
    return GroupTable(title=title, facet=facet, rows=tuple(rows), more=max(len(ordered) - limit, 0))


def _row(
    facet: str, key: str | None, shares: FleetShares, measure: str, narrowing: Narrowing, largest: int
) -> GroupRow:
    its_lots = narrowing.and_(facet, key)
    return GroupRow(
        name=_group_name(facet, key),
        query=its_lots.query,
        bar=part_bar(shares, measure, its_lots, length=HUNDRED * MEASURES[measure](shares.fleet) / largest),
        amount=amount(measure, shares.fleet),
        exposed=exposed_words(shares, measure),
        is_named=key is not None,
    )


def exposed_words(shares: FleetShares, measure: str) -> str:
    """The exposed share of a group in words; what is unknown could add to it and is never shown as 0 %."""
    exposed, unknown = shares.exposed[Kind.ANY].of(measure), shares.bar[Part.UNKNOWN].of(measure)
    if not unknown:
        return percent(exposed)
    return f"≥ {percent(exposed)}" if exposed else "?"


def _group_name(facet: str, key: str | None) -> str:
    if facet in ("country_of_origin", "country_of_assembly"):
        return country(key)
    return key or ("no site yet" if facet == "site" else "not given")


def _placed(percentage: Decimal) -> str:
    return f"{percentage.quantize(Decimal('0.001')):f}"
