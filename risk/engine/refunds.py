"""What of an entry could come back: under which measure, on which route, and how long the route stays open.

Routes are told only for the duties of which the record names one, those under IEEPA (Learning Resources v.
Trump, 20 Feb 2026). CAPE in ACE opened on 2026-04-20 for entries that are not liquidated or within 80 days of
liquidation (CIT orders in Atmus Filtration, 26-01259); a protest is open for 180 days from liquidation (19 USC
1514); on 2026-05-29 the United States said that finally liquidated entries need importer-specific court
orders, and an appeal is pending (V.O.S., 26-1895). Verified through 2026-10-10. For any other measure the
route is unknown.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from risk.engine.clocks import PROTEST, EntryClocks
from risk.engine.exposure import AS_ENTERED, ExposureResult
from risk.engine.findings import RateLine
from risk.engine.policy import PolicyBook
from risk.engine.reserve import days_left
from risk.engine.terms.money import FREE

PORTAL_OPENED = date(2026, 4, 20)  # CAPE in ACE
PORTAL_AFTER_LIQUIDATION = timedelta(days=80)
STRUCK_DOWN = "us/ieepa/"  # the families of which the record names a route


class Route(StrEnum):
    """The way on which a duty comes back."""

    PORTAL = "refund portal"
    PROTEST = "protest"
    COURT = "court order"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundRoute:
    """A route, its last day and the days left (0 on the last day), None where the record gives none."""

    route: Route
    sentence: str
    last_day: date | None = None
    days_left: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundableLine:
    """One line of duty that can come back, before any money."""

    line: RateLine
    route: RefundRoute


def refundable_lines(
    found: ExposureResult, book: PolicyBook, *, entry_date: date, on: date, liquidated: date | None = None
) -> Iterator[RefundableLine]:
    """The lines owed at entry that can come back by a day, each with its route."""
    families = {measure.code: measure.family for measure in book.measures}
    for line in found.lines_of(AS_ENTERED):
        if line.refundable_from and line.refundable_from <= on and line.rate > FREE:
            route = route_on(families[line.measure], entry_date, on, liquidated=liquidated)
            yield RefundableLine(line=line, route=route)


def route_on(family: str, entry_date: date, on: date, *, liquidated: date | None = None) -> RefundRoute:
    """The route that an entry has on a day; without a liquidation date the usual cycle is assumed."""
    if not family.startswith(STRUCK_DOWN):
        return RefundRoute(route=Route.UNKNOWN, sentence="The record names no route for this measure.")
    if on < PORTAL_OPENED:
        return RefundRoute(route=Route.UNKNOWN, sentence=f"No route was open before {PORTAL_OPENED}.")
    settled = EntryClocks.of(entry_date, liquidated).liquidated
    assumed = "" if liquidated else f" Liquidation on {settled} is an estimate; check it in ACE."
    for route, last_day, sentence in _open_ways(settled):
        if on <= last_day:
            left = days_left(last_day, on)
            return RefundRoute(route=route, sentence=sentence + assumed, last_day=last_day, days_left=left)
    return RefundRoute(route=Route.COURT, sentence=_COURT + assumed)


def _open_ways(liquidated: date) -> tuple[tuple[Route, date, str], ...]:
    return (
        (
            Route.PORTAL,
            liquidated + PORTAL_AFTER_LIQUIDATION,
            "CAPE in ACE takes it until 80 days after liquidation, unless it is under protest, reconciliation or "
            "drawback.",
        ),
        (
            Route.PROTEST,
            liquidated + PROTEST,
            "The portal takes it no more; a protest is open until 180 days after liquidation.",
        ),
    )


_COURT = (
    "Finally liquidated: the United States says that it needs an importer-specific court order; an appeal is "
    "pending, and no last day is on record."
)
