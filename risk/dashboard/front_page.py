"""The front page: the exposed share as one number, its parts, its amounts, and what is not known."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from fleet.models import Operator
from risk.dashboard.amounts import AmountTile, amount_tiles
from risk.dashboard.attention import Attention, Freshness, attention, freshness
from risk.dashboard.bars import Bar, GroupTable, group_table, kind_bar, part_bar, stacked
from risk.dashboard.coming import Coming, coming
from risk.dashboard.fleet_view import NOT_GIVEN, FleetView, Narrowing, fleet_view
from risk.dashboard.lots import filter_word
from risk.dashboard.since_last_week import SinceLastWeek, part_since_last_week, since_last_week
from risk.dashboard.step_chart import StepChart, step_chart
from risk.dashboard.words import amount, counted, day, fact_in_words, percent, state_in_words
from risk.engine.exposure import Band
from risk.engine.shares import MEASURES, FleetShares, Kind
from risk.engine.terms.figures import figures_told, written
from risk.flows.fleet_parts import Belongs
from risk.flows.keep_curves import Curve, kept_curves
from risk.models import ListEdition, PolicyEdition
from risk.selectors import progress_of

USUAL_MEASURE = "hashrate"
GROUPS_SHOWN = 8
FOUND_BY_THE_PRODUCT = frozenset({"assessment", "list_screening"})
GROUP_TITLES = {
    "country_of_origin": "By country of origin",
    "maker": "By maker",
    "model": "By model",
    "site": "By site",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Headline:
    """The one big number. `lacking` says which rigs the measure cannot cover; empty where it covers all."""

    share: str
    whole: str
    lacking: str
    bar: Bar
    kinds: tuple[Bar, ...]
    bands: Bar


@dataclass(frozen=True, slots=True, kw_only=True)
class UnknownFact:
    """A fact that nobody gave: how many lots lack it, what they hold, and where they are."""

    fact: str
    is_given_by_people: bool
    lots: str
    amount: str
    query: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknowns:
    """What is not known of the fleet. `is_screened` false: no list was looked at, so no maker is clear; with
    `has_lists` there are some, which are stale or wait to be looked at. `lists_of` are their days in words."""

    share: str
    facts: tuple[UnknownFact, ...]
    is_screened: bool
    has_lists: bool
    lists_of: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ThroughTimeTile:
    """The chart of what is in view under the law of each day; None where it has nothing of the measure, or where
    nothing is on record yet. `as_of` is when it was worked out; `is_current` false: a worker has yet to follow."""

    chart: StepChart | None
    as_of: datetime | None
    is_current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FleetTiles:
    """What the page tells of the findings alone, worked out once while they stand."""

    headline: Headline
    amounts: tuple[AmountTile, ...]
    groups: tuple[GroupTable, ...]
    unknown_facts: tuple[UnknownFact, ...]
    is_screened: bool
    assessed_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FrontPage:
    """All tiles of one operator's front page. `state` replaces the number where there is none to tell; `part` is what
    the page is narrowed to in words."""

    operator: Operator
    measure: str
    narrowing: Narrowing
    part: str
    choices: dict[str, list[tuple[str, str]]]
    state: str
    lots: int
    headline: Headline
    threshold: str
    amounts: tuple[AmountTile, ...]
    groups: tuple[GroupTable, ...]
    unknowns: Unknowns
    freshness: Freshness
    attention: tuple[Attention, ...]
    coming: Coming
    through_time: ThroughTimeTile
    since: SinceLastWeek | None


def front_page(
    operator: Operator, *, today: date, measure: str, narrowing: Narrowing, keeps_register: bool
) -> FrontPage:
    """Everything that the front page shows, in a fixed number of queries.

    `keeps_register`: the person is platform staff, whom unpublished drafts concern.
    """
    progress = progress_of(operator)
    fleet = fleet_view(operator)
    view = fleet.narrowed(narrowing)
    # Words are kept as one reader has figures written: who reads them otherwise has tiles of their own.
    tiles = view.found.once(
        ("front page", measure, view.threshold, figures_told()), lambda: _fleet_tiles(view, measure)
    )
    fresh = freshness(tiles.assessed_at, today, progress)
    curves = _curves(view, fresh.edition, today, keeps_register=keeps_register)
    return FrontPage(
        operator=operator,
        measure=measure,
        narrowing=narrowing,
        part=_part_in_words(narrowing),
        choices={
            name: [(value, filter_word(name, value)) for value in fleet.choices(name)]
            for name in ("site", "maker")
        },
        state=_state(view),
        lots=view.shares.lots,
        headline=tiles.headline,
        threshold=written(f"{operator.tariff_threshold_percent.normalize():f} %"),
        amounts=tiles.amounts,
        groups=tiles.groups,
        unknowns=_unknowns(tiles),
        freshness=fresh,
        attention=(
            *attention(operator, fresh, today, keeps_register=keeps_register),
            *_to_fill_in(tiles.unknown_facts),
        ),
        coming=coming(view, fresh.edition, today, measure=measure, curves=curves),
        through_time=_through_time(curves, measure, today),
        since=_since(view, measure, today),
    )


def _part_in_words(narrowing: Narrowing) -> str:
    """ "of Bitmain at Pecos"; empty for the whole fleet."""
    maker, site = narrowing["maker"], narrowing["site"]
    words = [f"of {filter_word('maker', maker)}" if maker else ""]
    words += ["without a site" if site == NOT_GIVEN else f"at {site}" if site else ""]
    return " ".join(filter(None, words))


def _state(view: FleetView) -> str:
    if view.narrowing and not view.shares.fleet.units:
        return f"The fleet has no rigs {_part_in_words(view.narrowing)}"
    return state_in_words(view.shares)


def _belongs(view: FleetView) -> Belongs | None:
    """The parts of the fleet that are in view; None stands for all."""
    return (lambda site, maker: view.narrowing.is_of(site=site, maker=maker)) if view.narrowing else None


def _since(view: FleetView, measure: str, today: date) -> SinceLastWeek | None:
    share = view.shares.exposed[Kind.ANY].of(measure)
    if belongs := _belongs(view):
        return part_since_last_week(view.operator, share, belongs, measure=measure, today=today)
    return since_last_week(view.operator, share, measure=measure, today=today)


def _fleet_tiles(view: FleetView, measure: str) -> FleetTiles:
    inside = (each for each in view.held if each.status.counts_in_fleet and each.rigs.units)
    groups = (
        group_table(view, title, facet, measure, limit=GROUPS_SHOWN) for facet, title in GROUP_TITLES.items()
    )
    return FleetTiles(
        headline=_headline(view, measure),
        amounts=amount_tiles(view),
        groups=tuple(groups),
        unknown_facts=tuple(_unknown_facts(view, measure)),
        is_screened=any(each.standing.is_screened for each in inside),
        assessed_at=max((row.assessed_at for row in view.findings.values()), default=None),
    )


def _curves(
    view: FleetView, edition: PolicyEdition | None, today: date, *, keeps_register: bool
) -> list[Curve]:
    """What is on record through time of what is in view; drafts for platform staff alone."""
    curves = kept_curves(
        view.operator,
        current=edition,
        today=today,
        versions=view.found.versions,
        belongs=_belongs(view),
    )
    return [each for each in curves if keeps_register or each.edition.is_published]


def _through_time(curves: Sequence[Curve], measure: str, today: date) -> ThroughTimeTile:
    in_force = next((each for each in curves if each.edition.is_published), None)
    if in_force is None:
        return ThroughTimeTile(chart=None, as_of=None, is_current=False)
    draft = next((each for each in curves if not each.edition.is_published and each.is_current), None)
    chart = step_chart(
        in_force.steps,
        measure,
        today=today,
        supposed=draft.steps if draft and in_force.is_current else (),
        supposed_told=f"if draft edition {draft.edition.number} were published" if draft else "",
    )
    return ThroughTimeTile(chart=chart, as_of=in_force.made_at, is_current=in_force.is_current)


def _headline(view: FleetView, measure: str) -> Headline:
    shares = view.shares
    shown = (Kind.TARIFF, Kind.SANCTION, Kind.WATCH, Kind.CONTINGENT)
    return Headline(
        share=percent(shares.exposed[Kind.ANY].of(measure)),
        whole=amount(measure, shares.fleet),
        lacking=_lacking(shares, measure),
        bar=part_bar(shares, measure, view.narrowing),
        kinds=tuple(kind_bar(shares, kind, measure, view.narrowing) for kind in shown),
        bands=_band_bar(view, measure),
    )


def _lacking(shares: FleetShares, measure: str) -> str:
    covered = shares.fleet.units if measure == "units" else getattr(shares.fleet, f"units_with_{measure}")
    lacking = shares.fleet.units - covered
    what = "a customs value" if measure == "value" else f"a known {measure}"
    verb = "is" if lacking == 1 else "are"
    return f"{counted(lacking, 'rig')} without {what} {verb} outside of this share" if lacking else ""


def _band_bar(view: FleetView, measure: str) -> Bar:
    """The fleet by score, worst first; lots whose score is unknown come last."""
    groups, whole = view.shares_by("band"), MEASURES[measure](view.shares.fleet)
    order = [*reversed([band for band in Band if band is not Band.UNKNOWN]), Band.UNKNOWN]
    pieces = [(band.value, groups[band.value]) for band in order if band.value in groups]
    return stacked(
        [
            (
                name,
                shares.fleet,
                _part_of(MEASURES[measure](shares.fleet), whole),
                view.narrowing.and_("band", name),
            )
            for name, shares in pieces
        ],
        measure,
    )


def _part_of(part: int, whole: int) -> Decimal | None:
    return Decimal(part) / Decimal(whole) if whole else None


def _unknowns(tiles: FleetTiles) -> Unknowns:
    days = sorted({edition.data_date for edition in ListEdition.objects.in_force()})
    return Unknowns(
        share=next(each.share for each in tiles.headline.bar.segments if each.name == "unknown"),
        facts=tiles.unknown_facts,
        is_screened=tiles.is_screened,
        has_lists=bool(days),
        lists_of=_lists_of(days),
    )


def _lists_of(days: Sequence[date]) -> str:
    return day(days[0]) + (" and later" if len(days) > 1 else "") if days else ""


def _to_fill_in(facts: Sequence[UnknownFact]) -> Iterator[Attention]:
    """The fact that most lots lack, of those that people can give."""
    for fact in [each for each in facts if each.is_given_by_people][:1]:
        more = len(facts) - 1
        yield Attention(
            sentence=f"{fact.lots} without {fact.fact}: {fact.amount}",
            detail=f"and {counted(more, 'other missing fact')}" if more else "",
            deed="fill in",
            page="admin:doubts",
        )


def _unknown_facts(view: FleetView, measure: str) -> Iterator[UnknownFact]:
    for fact, lots in view.shares.doubted_facts.items():
        its_lots = view.narrowing.and_("doubt", fact)
        yield UnknownFact(
            fact=fact_in_words(fact),
            is_given_by_people=fact not in FOUND_BY_THE_PRODUCT,
            lots=counted(lots, "lot"),
            amount=amount(measure, view.narrowed(its_lots).shares.fleet),
            query=its_lots.query,
        )
