"""The board report: one page of picture and numbers, then the tables behind it, and how all of it was worked out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime

from fleet.models import Operator
from risk.dashboard.coming import Coming
from risk.dashboard.fleet_view import FleetView, Narrowing, fleet_view
from risk.dashboard.front_page import GROUP_TITLES, FrontPage, front_page
from risk.dashboard.lots import rate_in_words
from risk.dashboard.step_chart import step_chart
from risk.dashboard.words import counted, country, day, fact_in_words
from risk.engine.shares import MEASURES, NOTHING, FleetShares, Held, Kind, Part, Shares
from risk.flows.keep_curves import CurveStep, steps_through_time
from risk.flows.snapshots import snapshot_shares
from risk.models import PolicyEdition
from risk.reports import method
from risk.reports.document import (
    Box,
    Boxes,
    Cell,
    Column,
    Document,
    Figure,
    Groups,
    Section,
    Steps,
    Table,
    Turn,
)
from risk.reports.document import Kind as Cells
from risk.reports.resting import basis_of

LOTS_TOLD, LETTERS_OF_A_NAME = 40, 100
AT_LEAST = "Exposed at least"
FACETS = ("country_of_origin", "maker", "model", "site", "band")
TITLES = {**GROUP_TITLES, "band": "By score band"}
PICTURED = ("country_of_origin", "maker")
ORDER = (Part.SANCTION, Part.TARIFF, Part.UNKNOWN, Part.WATCH, Part.CLEAR)
FIGURES = (
    Column(title="Lots", kind=Cells.COUNT, width=7),
    Column(title="Rigs", kind=Cells.COUNT, width=8),
    Column(title="Hashrate", kind=Cells.HASHRATE, width=12),
    Column(title="Value", kind=Cells.DOLLARS, width=14),
)


def board_report(operator: Operator, *, today: date, made_at: datetime, measure: str) -> Document:
    """The whole fleet of an operator as last assessed, by one measure; a fixed number of queries."""
    page = front_page(operator, today=today, measure=measure, narrowing=Narrowing(), keeps_register=False)
    fleet = fleet_view(operator)
    edition = PolicyEdition.objects.current()
    steps = steps_through_time(operator, edition, today=today) if edition else ()
    return Document(
        title="Board report",
        operator=operator.name,
        about=f"exposure to tariffs and sanctions by {measure}, {day(today)}",
        made_at=made_at,
        basis=basis_of(fleet),
        sections=(*_first_page(page, steps, today), Turn(), *_tables(fleet, page, steps, today)),
        file_name=f"{operator.slug}-board-{measure}-{today}",
    )


def _first_page(page: FrontPage, steps: Sequence[CurveStep], today: date) -> Iterator[Section]:
    verb = "are" if page.measure == "units" else "is"
    yield Figure(
        share=page.headline.share if not page.state else "–",
        whole=page.state or f"of {page.headline.whole} {verb} exposed",
        bar=page.headline.bar,
        meanings=method.parts(page.threshold),
        note=f"Every lot is counted once. {page.headline.lacking}".strip(),
    )
    yield from _steps(page, steps, today)
    yield Boxes(
        boxes=tuple(
            Box(
                title=tile.title,
                question=tile.question,
                amount=tile.amount,
                details=(*tile.details, tile.missing),
            )
            for tile in page.amounts
        )
    )
    pictured = tuple(table for table in page.groups if table.facet in PICTURED)
    yield Groups(tables=pictured, measure=page.measure)
    yield coming_table(page.coming)


def _steps(page: FrontPage, steps: Sequence[CurveStep], today: date) -> Iterator[Section]:
    kept = snapshot_shares(page.operator, page.measure)
    chart = step_chart(steps, page.measure, today=today, kept=kept)
    if chart:
        title = f"Exposed share of today's fleet by the law of each day ({page.measure})"
        yield Steps(title=title, chart=chart)


def _why(step: CurveStep) -> str:
    told = [f"{title} begins" for title in step.begun] + [f"{title} ends" for title in step.ended]
    said, more = told[0], len(told) - 1
    if len(said) > LETTERS_OF_A_NAME:
        said = f"{said[:LETTERS_OF_A_NAME].rstrip()}…"
    return f"{said}; {counted(more, 'other change')}" if more else said


def coming_table(coming: Coming) -> Table:
    """What changes a number of this fleet by itself, nearest first."""
    return Table(
        title="Coming changes",
        columns=(
            Column(title="Day", width=12),
            Column(title="Left", width=9),
            Column(title="What happens", width=60),
            Column(title="Amount", width=19),
        ),
        rows=tuple(
            (on, left, f"{event.subject} {event.sentence}".strip(), event.detail)
            for on, left, event in coming.events
        ),
        more=f"and {counted(coming.more, 'later change')}" if coming.more else "",
        empty="Nothing on record after today changes a number of this fleet.",
    )


def _tables(fleet: FleetView, page: FrontPage, steps: Sequence[CurveStep], today: date) -> Iterator[Section]:
    yield _every_measure(fleet.shares)
    yield _amounts(page)
    for facet in FACETS:
        yield _by(fleet, facet, page.measure)
    yield _lots(fleet, page.measure)
    yield _unknown(fleet)
    if steps:
        yield _through_time(steps, page.measure, today)
    yield method.method(page.threshold)
    yield method.doubt(page.unknowns.is_screened)


def _every_measure(shares: FleetShares) -> Table:
    return Table(
        title="Exposed share by every measure",
        columns=(
            Column(title="What", width=22),
            Column(title="Rigs", kind=Cells.COUNT),
            *(Column(title=f"By {name}", kind=Cells.SHARE) for name in MEASURES),
        ),
        rows=(
            *(
                _measured(
                    f"{kind.value if kind is not Kind.ANY else 'exposed (tariff or sanction)'}",
                    shares.exposed[kind],
                )
                for kind in (Kind.ANY, Kind.TARIFF, Kind.SANCTION, Kind.WATCH, Kind.CONTINGENT)
            ),
            *(_measured(f"in the one bar: {part.value}", shares.bar[part]) for part in ORDER),
        ),
        note="Ways of being exposed overlap; the parts of the one bar add up to 100 %.",
    )


def _measured(name: str, shares: Shares) -> tuple[Cell, ...]:
    return (name, shares.rigs.units, *(shares.of(measure) for measure in MEASURES))


def _amounts(page: FrontPage) -> Table:
    return Table(
        title="Duty amounts",
        columns=(
            Column(title="Amount", width=16),
            Column(title="Question", width=34),
            Column(title="Sum", width=12),
            Column(title="Details and what is not in it", width=48),
        ),
        rows=tuple(
            (tile.title, tile.question, tile.amount, "; ".join(filter(None, (*tile.details, tile.missing))))
            for tile in page.amounts
        ),
        note="Four questions, never added together.",
    )


def _by(fleet: FleetView, facet: str, measure: str) -> Table:
    groups = sorted(fleet.shares_by(facet).items(), key=lambda item: -MEASURES[measure](item[1].fleet))
    return Table(
        title=f"{TITLES[facet]}, shares by {measure}",
        columns=(
            Column(title=TITLES[facet].removeprefix("By ").capitalize(), width=23),
            *FIGURES,
            Column(title=AT_LEAST, kind=Cells.SHARE, width=9),
            *(Column(title=part.value.capitalize(), kind=Cells.SHARE, width=10) for part in ORDER),
        ),
        rows=tuple(_group(facet, key, shares, measure) for key, shares in groups if shares.fleet.units),
        note="What is unknown could add to the exposed share, so that is told as the least that it is.",
        parts=tuple(part.value.capitalize() for part in ORDER),
    )


def _group(facet: str, key: str | None, shares: FleetShares, measure: str) -> tuple[Cell, ...]:
    name = country(key) if facet == "country_of_origin" else key or "not given"
    return (
        name,
        shares.lots,
        shares.fleet.units,
        shares.fleet.hashrate_ghs if shares.fleet.units_with_hashrate else None,
        shares.fleet.customs_value if shares.fleet.units_with_value else None,
        shares.exposed[Kind.ANY].of(measure),
        *(shares.bar[part].of(measure) for part in ORDER),
    )


def _lots(fleet: FleetView, measure: str) -> Table:
    """The exposed lots, those with most of the measure first."""
    held: defaultdict[int, list[Held]] = defaultdict(list)
    for each in fleet.held:
        if each.status.counts_in_fleet and Kind.ANY in each.standing.kinds(fleet.threshold):
            held[each.standing.lot_id].append(each)
    ordered = sorted(held.values(), key=lambda some: (-_weight(some, measure), some[0].standing.lot_id))
    more = len(ordered) - LOTS_TOLD
    return Table(
        title=f"Exposed lots with most {'rigs' if measure == 'units' else measure}",
        columns=(
            Column(title="Lot", kind=Cells.TEXT, width=6),
            Column(title="Model", width=26),
            Column(title="Origin", width=14),
            Column(title="Site", width=14),
            Column(title="Rigs", kind=Cells.COUNT, width=7),
            Column(title="Hashrate", kind=Cells.HASHRATE, width=11),
            Column(title="Added rate", width=11),
            Column(title="Counted as", width=9),
            Column(title="Band", width=9),
            Column(title="Replacement", kind=Cells.DOLLARS, width=14),
        ),
        rows=tuple(_lot(some, fleet) for some in ordered[:LOTS_TOLD]),
        more=f"and {counted(more, 'smaller lot')}" if more > 0 else "",
        empty="No lot is exposed.",
    )


def _weight(some: Iterable[Held], measure: str) -> int:
    return sum(MEASURES[measure](each.rigs) for each in some)


def _lot(some: list[Held], fleet: FleetView) -> tuple[Cell, ...]:
    standing, rigs = some[0].standing, sum((each.rigs for each in some), NOTHING)
    return (
        str(standing.lot_id),
        f"{standing.maker} {standing.model}",
        country(standing.country_of_origin),
        ", ".join(sorted({each.site or "no site yet" for each in some})),
        rigs.units,
        rigs.hashrate_ghs if rigs.units_with_hashrate else None,
        rate_in_words(standing.rate, standing.best, standing.worst),
        standing.part(fleet.threshold).value,
        standing.band,
        standing.replacement,
    )


def _unknown(fleet: FleetView) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for fact, lots in fleet.shares.doubted_facts.items():
        touched = fleet.narrowed(Narrowing().and_("doubt", fact)).shares.fleet
        rows.append(
            (
                fact_in_words(fact),
                lots,
                touched.units,
                touched.hashrate_ghs if touched.units_with_hashrate else None,
                touched.customs_value if touched.units_with_value else None,
            )
        )
    return Table(
        title="What is unknown",
        columns=(Column(title="Fact that nobody gave", width=40), *FIGURES),
        rows=tuple(rows),
        note="A missing fact counts as neither clean nor exposed while it could decide. One lot may lack several.",
        empty="Nothing that could decide is missing.",
    )


def _through_time(steps: Sequence[CurveStep], measure: str, today: date) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for step in steps:
        shares = (step.exposed[measure], step.unknown[measure])
        if not rows or shares != rows[-1][1:3]:  # a step that moves contingent duty alone tells nothing here
            rows.append((step.first, *shares, _moved(step)))
    return Table(
        title=f"Through time, shares by {measure}",
        columns=(
            Column(title="From", kind=Cells.DAY, width=12),
            Column(title=AT_LEAST, kind=Cells.SHARE, width=10),
            Column(title="Unknown", kind=Cells.SHARE, width=10),
            Column(title="What moved it", width=78),
        ),
        rows=tuple(rows),
        note="Today's fleet under the law of each day. What lists say of makers is that of today on every day.",
        steps_through=max(today, steps[-1].through),
        steps_of=AT_LEAST,
    )


def _moved(step: CurveStep) -> str:
    if step.begun or step.ended:
        return _why(step)
    return (
        f"{counted(step.lots_of_their_own, 'lot')} on a day of their own entry"
        if step.lots_of_their_own
        else ""
    )
