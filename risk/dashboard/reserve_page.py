"""The pages of a reserve note and of refunds: tiles and rows in words, unknown never shown as nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from risk.dashboard.amounts import known_sum
from risk.dashboard.words import counted, country, day, dollars
from risk.engine.refunds import Route
from risk.engine.reserve import ASSUMPTIONS, Clock, OriginSaid
from risk.engine.terms.money import NO_MONEY, Money
from risk.flows.refunds import EntryRefund, Refunds
from risk.flows.reserve_note import COLUMNS, ReserveLine, ReserveNote, Sum

UNKNOWN = "unknown"
ROWS_SHOWN = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One of the three columns over the whole fleet: its sum, what it assumes, how many lots are in no sum."""

    name: str
    amount: str
    assumption: str
    missing: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SumRow:
    """The columns of one entry, maker or site."""

    name: str
    lots: int
    amounts: tuple[str, ...]
    missing: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LotRow:
    """One lot in words: origins as (country, source), clocks as (name, what is left)."""

    lot_id: int
    model: str
    entry: str
    declared: tuple[str, str]
    assessed: tuple[str, str]
    amounts: tuple[str, ...]
    because: str
    clocks: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundRow:
    """One measure on one entry in words."""

    entry: str
    entry_date: str
    lot_ids: list[int]
    measure: str
    amount: str
    missing: str
    route: str
    sentence: str
    left: str


def columns_of(note: ReserveNote) -> list[Column]:
    """The three columns, each with its assumption."""
    return [
        Column(
            name=name,
            amount=known_sum(Money.of_cents(note.total.cents[name]), note.total.unknown_lots[name]),
            assumption=ASSUMPTIONS[name],
            missing=_missing(note.total.unknown_lots[name]),
        )
        for name in COLUMNS
    ]


def sums_of(note: ReserveNote) -> list[tuple[str, list[SumRow], int]]:
    """The sums by clock, by maker, by site and by entry: a heading, the first rows, how many more there are."""
    told = (
        ("Clock", note.by_stage, "no clock known"),
        ("Maker", note.by_maker, ""),
        ("Site", note.by_site, "no site"),
        ("Entry", note.by_entry, "no entry number"),
    )
    return [
        (heading, _sum_rows(sums, nameless), max(len(sums) - ROWS_SHOWN, 0))
        for heading, sums, nameless in told
    ]


def lot_rows(note: ReserveNote) -> list[LotRow]:
    """The lots with something at stake, the most first, unknown ones last; as many as a page shows."""
    return [_lot_row(line) for line in sorted(_at_stake(note), key=_most_first)[:ROWS_SHOWN]]


def left_out(note: ReserveNote) -> str:
    """What of the lots the rows do not show, in a sentence; empty where they show all."""
    stakes = len(_at_stake(note))
    quiet, more = len(note.lines) - stakes, max(stakes - ROWS_SHOWN, 0)
    said = [f"{counted(more, 'more lot')} in the files."] if more else []
    if quiet:
        said.append(f"For {counted(quiet, 'lot')} nothing more could be asked.")
    return " ".join(said)


def refund_rows(lines: Iterable[EntryRefund]) -> list[RefundRow]:
    """The first lines of a list of refunds."""
    return [_refund_row(line) for line in list(lines)[:ROWS_SHOWN]]


def routes_of(found: Refunds) -> list[tuple[str, str, str]]:
    """Each route that some entry has: its name, the amount, the entries."""
    lines = (*found.lines, *found.without_entry_number)
    sums = {route: [line for line in lines if line.route.route is route] for route in Route}
    return [
        (
            route.value,
            dollars(Money.of_cents(sum(line.amount.cents for line in some))),
            counted(len(found.entry_numbers(route=route)), "entry", "entries"),
        )
        for route, some in sums.items()
        if some
    ]


def _sum_rows(sums: Mapping[str | None, Sum], nameless: str) -> list[SumRow]:
    return [
        SumRow(
            name=name or nameless,
            lots=each.lots,
            amounts=tuple(dollars(Money.of_cents(each.cents[column])) for column in COLUMNS),
            missing=_missing(each.unknown_lots["high"]),
        )
        for name, each in list(sums.items())[:ROWS_SHOWN]
    ]


def _lot_row(line: ReserveLine) -> LotRow:
    reserve, facts = line.reserve, line.facts
    entered = f"entered {day(facts.entry_date)}" if facts.entry_date else "entry date unknown"
    return LotRow(
        lot_id=line.lot_id,
        model=f"{facts.maker} {facts.model}",
        entry=f"{facts.entry_number or 'no entry number'}, {entered}",
        declared=_origin(reserve.declared),
        assessed=_origin(reserve.assessed),
        amounts=tuple(_amount(getattr(reserve, column)) for column in COLUMNS),
        because=reserve.because,
        clocks=tuple((clock.name, _left(clock)) for clock in reserve.clocks),
    )


def _refund_row(line: EntryRefund) -> RefundRow:
    route = line.route
    left = "" if route.days_left is None else f"{counted(route.days_left, 'day')} left"
    return RefundRow(
        entry=line.entry_number or "no entry number",
        entry_date=day(line.entry_date),
        lot_ids=line.lot_ids[:5],
        measure=line.title,
        amount=_amount(line.known_amount),
        missing=_missing(len(line.lots_without_value)),
        route=route.route.value,
        sentence=route.sentence,
        left=left,
    )


def _at_stake(note: ReserveNote) -> list[ReserveLine]:
    return [line for line in note.lines if line.reserve.high != NO_MONEY]


def _most_first(line: ReserveLine) -> tuple[bool, int]:
    high = line.reserve.high
    return (high is None, -high.cents if high else 0)


def _origin(said: OriginSaid) -> tuple[str, str]:
    since = f", since {day(said.since)}" if said.since else ""
    return (country(said.country) if said.country else UNKNOWN, said.source + since)


def _left(clock: Clock) -> str:
    about = "about " if clock.is_estimated else ""
    if clock.days_left is None:
        return f"ran out {about}{day(clock.last_day)}"
    return f"{counted(clock.days_left, 'day')} left, until {about}{day(clock.last_day)}"


def _amount(money: Money | None) -> str:
    return UNKNOWN if money is None else dollars(money)


def _missing(lots: int) -> str:
    return f"{counted(lots, 'lot')} unknown, in no sum" if lots else ""
