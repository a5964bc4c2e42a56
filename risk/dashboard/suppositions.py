"""A supposition's answer as the console shows it: before and after, line by line, and the lots that moved."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from risk.dashboard import words
from risk.dashboard.bars import Bar, part_bar
from risk.dashboard.fleet_view import Narrowing
from risk.engine.shares import FleetShares, Kind, Part, Standing
from risk.engine.terms.money import HUNDRED, Money
from risk.flows.what_if import LotMoved, WhatIf
from risk.selectors import FleetExposure

LOTS_SHOWN = 25
SHARES = {
    Kind.ANY: "Exposed",
    Kind.TARIFF: "by tariff",
    Kind.SANCTION: "by sanction",
    Kind.CONTINGENT: "contingent",
}
AMOUNTS = {
    "duty_to_come": "Duty to come",
    "contingent": "Contingent duty",
    "refundable": "Refundable duty",
    "replacement": "Replacement duty",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One figure on both sides, and what lies between them; empty where nothing does, or nobody knows."""

    title: str
    before: str
    after: str
    change: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedLine:
    """One lot that differs; `lot_id` None is one that would be made. `amounts` are those that differ, by name."""

    lot_id: int | None
    name: str
    rigs: str
    rate: str
    sanction: str
    amounts: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SuppositionPage:
    """Shares and amounts on both sides, and what they rest on; `moved` are the first of `lots_moved`. `coming` is
    empty unless something that is supposed begins only later.
    """

    basis: str
    coming: str
    exposed: tuple[str, str]
    bars: tuple[tuple[str, Bar], ...]
    lines: tuple[Line, ...]
    lots_moved: str
    moved: tuple[MovedLine, ...]


def supposition_page(supposed: WhatIf, *, measure: str) -> SuppositionPage:
    """The answer by a measure: hashrate, units, power or value."""
    before, after = supposed.before.whole, supposed.after.whole
    return SuppositionPage(
        basis=_basis(supposed.before),
        coming=_coming(supposed),
        exposed=(_exposed(before, measure), _exposed(after, measure)),
        bars=tuple(
            (title, part_bar(each, measure, Narrowing.of({})))
            for title, each in (("Before", before), ("After", after))
        ),
        lines=(*_shares(before, after, measure), *_amounts(before, after)),
        lots_moved=words.counted(len(supposed.moved), "lot"),
        moved=tuple(_moved(lot) for lot in supposed.moved[:LOTS_SHOWN]),
    )


def _exposed(shares: FleetShares, measure: str) -> str:
    return words.percent(shares.exposed[Kind.ANY].of(measure))


def _basis(exposure: FleetExposure) -> str:
    """What both sides rest on."""
    asked = f"Asked for {words.day(exposure.assessed_on)}"
    if exposure.edition is None or exposure.edition.verified_through is None:
        return f"{asked}."
    verified = words.day(exposure.edition.verified_through)
    return f"{asked}, under policy edition {exposure.edition.number}, verified through {verified}."


def _coming(supposed: WhatIf) -> str:
    later = supposed.scenario.begins_after(supposed.before.assessed_on)
    return f"Something that is supposed begins on {words.day(later)}; ask for that day too." if later else ""


def _shares(before: FleetShares, after: FleetShares, measure: str) -> Iterator[Line]:
    fleets = (words.amount(measure, each.fleet) for each in (before, after))
    yield Line(title="Fleet", change="", **dict(zip(("before", "after"), fleets, strict=True)))
    for kind, title in SHARES.items():
        yield _share(title, before.exposed[kind].of(measure), after.exposed[kind].of(measure))
    yield _share("Unknown", before.bar[Part.UNKNOWN].of(measure), after.bar[Part.UNKNOWN].of(measure))


def _share(title: str, before: Decimal | None, after: Decimal | None) -> Line:
    known = before is not None and after is not None
    points = (after - before) * HUNDRED if before is not None and after is not None else Decimal(0)
    change = f"{_signed(points)} points" if known and points else ""
    return Line(title=title, before=words.percent(before), after=words.percent(after), change=change)


def _signed(points: Decimal) -> str:
    """Percentage points to one decimal with their sign: "+4.6", "−9.7"."""
    sign = "+" if points > 0 else "−"
    return sign + words.rate_told(f"{abs(points.quantize(Decimal('0.1'))):f}")


def _amounts(before: FleetShares, after: FleetShares) -> Iterator[Line]:
    for name, title in AMOUNTS.items():
        known = [each.duty[name].known for each in (before, after)]
        lacking = [each.duty[name].unknown_lots for each in (before, after)]
        told = [
            words.dollars(money) + (f", without {words.counted(lots, 'lot')}" if lots else "")
            for money, lots in zip(known, lacking, strict=True)
        ]
        difference = known[1].amount - known[0].amount
        sign = "+" if difference > 0 else "−"
        # What became known or unknown is no change of the amount.
        change = f"{sign}{words.dollars(Money(abs(difference)))}" if difference and not any(lacking) else ""
        yield Line(title=title, before=told[0], after=told[1], change=change)


def _moved(lot: LotMoved) -> MovedLine:
    rigs = (lot.rigs_before.units, lot.rigs_after.units)
    return MovedLine(
        lot_id=lot.lot_id if lot.lot_id > 0 else None,
        name=f"{lot.maker} {lot.model}",
        rigs=_both(*(words.whole(units) for units in rigs)),
        rate=_both(*(_rate(side) for side in (lot.before, lot.after))),
        sanction=_both(*(side.sanction.value if side else "–" for side in (lot.before, lot.after))),
        amounts=tuple(_amounts_that_differ(lot)),
    )


def _amounts_that_differ(lot: LotMoved) -> Iterator[tuple[str, str]]:
    for name, title in AMOUNTS.items():
        before, after = (_money(side, name) for side in (lot.before, lot.after))
        if before != after:
            yield title, _both(before, after)


def _both(before: str, after: str) -> str:
    return before if before == after else f"{before} → {after}"


def _rate(side: Standing | None) -> str:
    if side is None:
        return "–"
    return words.NOT_KNOWN if side.rate is None else words.rate_told(f"{side.rate.percent} %")


def _money(side: Standing | None, name: str) -> str:
    if side is None:
        return "–"
    money: Money | None = getattr(side, name)
    return words.NOT_KNOWN if money is None else words.dollars(money)
