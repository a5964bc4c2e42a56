"""What a vendor means to one operator: its share of the fleet, where its rigs come from, how it stands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from fleet.flows.origin_evidence import papers_of, rigs_in
from fleet.models import Lot, Operator, OriginEvidence
from fleet.selectors import Holdings, holdings
from risk.dashboard import words
from risk.engine.findings import SanctionLevel
from risk.engine.policy import Effect
from risk.engine.shares import MEASURES, NOTHING, SHARE_DIGITS, Kind, Measured
from risk.engine.terms.spans import ONE_DAY
from risk.flows.what_if import what_if
from risk.models import Exposure, PolicyEdition
from risk.scenarios.scenario import PartyListed, Scenario
from vendors.models import Vendor

SHOWN_MEASURES = ("units", "hashrate", "value")
NOT_ASSESSED = "not assessed yet"


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareLine:
    """One measure: what the operator holds of the vendor, its share of the fleet, and the concentration of the fleet
    over its makers (Herfindahl index, 1 is a fleet of one maker)."""

    measure: str
    amount: str
    share: str
    concentration: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CountLine:
    """So many rigs and lots of one kind."""

    name: str
    rigs: str
    lots: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperLine:
    """One paper of origin that covers rigs of the vendor."""

    title: str
    country: str
    covers: str
    expires: str
    has_expired: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedTomorrow:
    """The exposed share of the whole fleet, by measure, today's law and fleet tomorrow: as it is, and were the vendor
    blocked."""

    day: str
    lines: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scorecard:
    """All of it, in words. `rank` is the vendor's place among the fleet's makers by units."""

    rank: str
    shares: tuple[ShareLine, ...]
    origins: tuple[CountLine, ...]
    sanctions: tuple[CountLine, ...]
    papers: tuple[PaperLine, ...]
    uncovered: str
    listed: ListedTomorrow | None


def scorecard(
    vendor: Vendor, operator: Operator, *, today: date, edition: PolicyEdition | None
) -> Scorecard | None:
    """The vendor as the operator's fleet knows it; None where the operator holds none of its rigs.

    A fixed number of queries, and a supposition over the whole fleet where law is published.
    """
    makers = dict(Lot.objects.of(operator).values_list("pk", "model__maker_id"))
    held = [each for each in holdings(operator) if each.status.counts_in_fleet and each.rigs.units]
    of_vendor = [each for each in held if makers[each.lot_id] == vendor.pk]
    if not of_vendor:
        return None
    papers, uncovered = _papers(operator, of_vendor, today)
    return Scorecard(
        rank=_rank(vendor, held, makers),
        shares=tuple(_share_line(name, of_vendor, held, makers) for name in SHOWN_MEASURES),
        origins=_counted(of_vendor, [words.country(each.country_of_origin) for each in of_vendor]),
        sanctions=_sanctions(of_vendor),
        papers=papers,
        uncovered=uncovered,
        listed=_listed_tomorrow(vendor, operator, today, edition),
    )


def concentration(amounts: Iterable[int]) -> Decimal | None:
    """The Herfindahl index: the sum of the squares of the shares; None for a whole of nothing."""
    amounts = list(amounts)
    whole = sum(amounts)
    if not whole:
        return None
    return (Decimal(sum(each * each for each in amounts)) / Decimal(whole * whole)).quantize(SHARE_DIGITS)


def _share_line(
    name: str, of_vendor: Sequence[Holdings], held: Sequence[Holdings], makers: dict[int, int]
) -> ShareLine:
    measured = MEASURES[name]
    own, whole = _sum(of_vendor), _sum(held)
    share = Decimal(measured(own)) / Decimal(measured(whole)) if measured(whole) else None
    by_maker = _by_maker(held, makers)
    index = concentration(measured(rigs) for rigs in by_maker.values())
    known = measured(own) or name == "units"
    return ShareLine(
        measure=name,
        amount=words.amount(name, own) if known else words.NOT_KNOWN,
        share=words.percent(share) if known else words.NOT_KNOWN,
        concentration=words.NOT_KNOWN if index is None else f"{index.quantize(Decimal('0.01'))}",
    )


def _rank(vendor: Vendor, held: Sequence[Holdings], makers: dict[int, int]) -> str:
    by_maker = _by_maker(held, makers)
    larger = sum(rigs.units > by_maker[vendor.pk].units for rigs in by_maker.values())
    return f"number {larger + 1} of {words.counted(len(by_maker), 'maker')} by rigs"


def _by_maker(held: Sequence[Holdings], makers: dict[int, int]) -> dict[int, Measured]:
    sums: dict[int, Measured] = {}
    for each in held:
        maker = makers[each.lot_id]
        sums[maker] = sums.get(maker, NOTHING) + each.rigs
    return sums


def _sum(held: Iterable[Holdings]) -> Measured:
    return sum((each.rigs for each in held), NOTHING)


def _sanctions(of_vendor: Sequence[Holdings]) -> tuple[CountLine, ...]:
    """The level of each lot as it was last assessed, strongest first."""
    lots = {each.lot_id for each in of_vendor}
    rows = Exposure.objects.current().filter(lot__in=lots)
    levels = dict(rows.values_list("lot_id", "sanction_level"))
    lines = _counted(of_vendor, [levels.get(each.lot_id, NOT_ASSESSED) for each in of_vendor])
    order = [*(level.value for level in SanctionLevel), NOT_ASSESSED]
    return tuple(sorted(lines, key=lambda line: order.index(line.name)))


def _counted(held: Sequence[Holdings], names: Sequence[str]) -> tuple[CountLine, ...]:
    units: dict[str, int] = {}
    lots: dict[str, set[int]] = {}
    for each, name in zip(held, names, strict=True):
        units[name] = units.get(name, 0) + each.rigs.units
        lots.setdefault(name, set()).add(each.lot_id)
    return tuple(
        CountLine(
            name=name, rigs=words.counted(units[name], "rig"), lots=words.counted(len(lots[name]), "lot")
        )
        for name in sorted(units, key=lambda name: (-units[name], name))
    )


def _papers(
    operator: Operator, of_vendor: Sequence[Holdings], today: date
) -> tuple[tuple[PaperLine, ...], str]:
    """The papers of origin that cover a lot of the vendor or rigs in it, and how many lots have none in force."""
    lots = {each.lot_id for each in of_vendor}
    days = {paper.pk: paper.expires_on for paper in OriginEvidence.objects.of(operator)}
    lines, covered = [], set[int]()
    for paper in papers_of(operator):
        touched = lots & (paper.lot_ids | {rig.lot_id for rig in rigs_in(operator, paper.ranges)})
        if not touched:
            continue
        expires = days[paper.pk]
        covered |= touched if today in paper.evidence.span else set()
        lines.append(
            PaperLine(
                title=paper.evidence.title,
                country=words.country(paper.evidence.country),
                covers=words.counted(len(touched), "lot"),
                expires=_expiry(expires, today),
                has_expired=expires is not None and expires <= today,
            )
        )
    bare = len(lots - covered)
    return tuple(lines), f"{bare} of {words.counted(len(lots), 'lot')} without evidence of origin in force"


def _expiry(expires: date | None, today: date) -> str:
    return "no end" if expires is None else f"{words.day(expires)}, {words.days_until(expires, today)}"


def _listed_tomorrow(
    vendor: Vendor, operator: Operator, today: date, edition: PolicyEdition | None
) -> ListedTomorrow | None:
    """None while no law is published."""
    if edition is None:
        return None
    tomorrow = today + ONE_DAY
    listing = PartyListed(vendor=vendor.name, effect=Effect.BLOCKS, since=tomorrow)
    supposed = what_if(operator, Scenario(changes=(listing,)), edition=edition, on=tomorrow)
    before, after = (side.whole.exposed[Kind.ANY] for side in (supposed.before, supposed.after))
    return ListedTomorrow(
        day=words.day(tomorrow),
        lines=tuple(
            (name, words.percent(before.of(name)), words.percent(after.of(name))) for name in SHOWN_MEASURES
        ),
    )
