"""The vendor scorecard: what one maker means to this fleet, who owns it, and what screening and people said of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from django.utils.timezone import localtime

from fleet.models import Operator
from risk.dashboard.fleet_view import fleet_view
from risk.dashboard.screening_page import STATE_WORDS
from risk.dashboard.vendor_screening import vendor_screened
from risk.dashboard.words import country, day
from risk.engine.list_effects import effect_of
from risk.engine.reviews import HitState
from risk.models import HitDecision, PolicyEdition, ScreeningHit
from risk.reports.document import Box, Boxes, Cell, Column, Document, Kind, Section, Table, Words
from risk.reports.resting import basis_of
from vendors.dashboard.ownership import ownership_around
from vendors.dashboard.record import sections_of
from vendors.dashboard.scorecard import CountLine, Scorecard, scorecard
from vendors.models import Vendor


def vendor_card(
    operator: Operator, *, vendor: Vendor, today: date, made_at: datetime, edition: PolicyEdition | None
) -> Document:
    """One maker as this operator may see it."""
    return Document(
        title="Vendor scorecard",
        operator=operator.name,
        about=f"{vendor.name}, {day(today)}",
        made_at=made_at,
        basis=basis_of(fleet_view(operator)),
        sections=tuple(_sections(operator, vendor, today, edition)),
        file_name=f"{operator.slug}-vendor-{vendor.slug}-{today}",
    )


def _sections(
    operator: Operator, vendor: Vendor, today: date, edition: PolicyEdition | None
) -> Iterator[Section]:
    yield _who(vendor)
    card = scorecard(vendor, operator, today=today, edition=edition)
    yield from _dependence(card) if card else [_none_held(vendor)]
    yield _screened(vendor, operator)
    yield _hits(vendor, operator)
    yield _decisions(vendor, operator)
    yield _ownership(vendor, operator, today)
    yield from _record(vendor, operator)


def _who(vendor: Vendor) -> Words:
    home = country(vendor.home_country) if vendor.home_country else "not known"
    return Words(title=vendor.name, paragraphs=(f"Home: {home}", f"Standing: {vendor.get_status_display()}"))


def _none_held(vendor: Vendor) -> Words:
    return Words(title="Share of this fleet", paragraphs=(f"No rig of {vendor.name} counts in this fleet.",))


def _dependence(card: Scorecard) -> Iterator[Section]:
    yield Boxes(
        boxes=tuple(
            Box(
                title=f"Of the fleet's {line.measure}",
                question=line.amount,
                amount=line.share,
                details=(f"concentration over makers {line.concentration} (1: one maker alone)",),
            )
            for line in card.shares
        )
    )
    yield _counted(f"Origins of its rigs ({card.rank})", "Country of origin", card.origins)
    yield _counted("Its lots by sanction level", "Level", card.sanctions)
    yield Table(
        title="Papers of origin",
        columns=(
            Column(title="Paper", width=40),
            Column(title="Country", width=16),
            Column(title="Covers", width=12),
            Column(title="Expires", width=24),
        ),
        rows=tuple((each.title, each.country, each.covers, each.expires) for each in card.papers),
        note=card.uncovered,
        empty="No paper of origin covers a lot of this maker.",
    )
    if card.listed:
        yield Table(
            title=f"Were it blocked on {card.listed.day}",
            columns=(
                Column(title="Exposed share of the whole fleet by", width=40),
                Column(title="As it is"),
                Column(title="Were it blocked"),
            ),
            rows=card.listed.lines,
        )


def _counted(title: str, what: str, lines: tuple[CountLine, ...]) -> Table:
    return Table(
        title=title,
        columns=(
            Column(title=what, width=50),
            Column(title="Rigs", width=15),
            Column(title="Lots", width=15),
        ),
        rows=tuple((each.name, each.rigs, each.lots) for each in lines),
    )


def _screened(vendor: Vendor, operator: Operator) -> Words:
    screened = vendor_screened(vendor, operator=operator)
    at = (
        f"Last screened: {localtime(screened.at):%Y-%m-%d %H:%M %Z}"
        if screened.at
        else "Last screened: not yet"
    )
    again = (
        ("Waits: it is to be screened again; until then it counts as not screened.",)
        if screened.is_owed
        else ()
    )
    return Words(title="Screening", paragraphs=(at, *again))


def _visible_hits(vendor: Vendor, operator: Operator) -> list[ScreeningHit]:
    hits = ScreeningHit.objects.visible_to(operator).filter(vendor=vendor)
    return list(hits.select_related("vendor", "record__came_with").order_by("-strength", "pk"))


def _hits(vendor: Vendor, operator: Operator) -> Table:
    return Table(
        title="Hits on government lists",
        columns=(
            Column(title="Who", width=18),
            Column(title="Listed party", width=20),
            Column(title="List", width=20),
            Column(title="Entry", width=10, on_paper=False),
            Column(title="Edition", width=16),
            Column(title="Strength", width=8),
            Column(title="State", width=12),
            Column(title="What speaks for and against", width=44),
        ),
        rows=tuple(_hit(hit) for hit in _visible_hits(vendor, operator)),
        empty="No hit is on record.",
    )


def _hit(hit: ScreeningHit) -> tuple[Cell, ...]:
    said = [each["sentence"] for each in hit.evidence["features"] if each["agrees"] is not None]
    return (
        hit.party or hit.vendor.name,
        hit.record.name,
        effect_of(hit.list_code).title,
        hit.entity_id,
        str(hit.record.came_with),
        f"{hit.strength:.2f}",
        STATE_WORDS[HitState(hit.state)],
        " ".join(said) or "the names alone",
    )


def _decisions(vendor: Vendor, operator: Operator) -> Table:
    made = HitDecision.objects.filter(hit__in=_visible_hits(vendor, operator))
    rows = made.select_related("hit__record", "by").order_by("-pk")
    return Table(
        title="What people decided",
        columns=(
            Column(title="Day", kind=Kind.DAY, width=11),
            Column(title="Listed party", width=22),
            Column(title="Decision", width=11),
            Column(title="By", width=14),
            Column(title="In force", width=8),
            Column(title="Reason", width=44),
            Column(title="Evidence (SHA-256)", width=30, on_paper=False),
        ),
        rows=tuple(
            (
                localtime(each.at).date(),
                each.hit.record.name,
                each.decision,
                str(each.by),
                "yes" if each.is_in_force else "not yet",
                each.reason,
                each.evidence_digest,
            )
            for each in rows
        ),
        empty="Nobody has decided on a hit of this vendor.",
    )


def _ownership(vendor: Vendor, operator: Operator, today: date) -> Table:
    around = ownership_around(vendor, operator=operator, today=today)
    return Table(
        title="Ownership",
        columns=(
            Column(title="Owner", width=26),
            Column(title="Owned", width=26),
            Column(title="Share", width=12),
            Column(title="Period", width=16),
            Column(title="Source", width=40),
        ),
        rows=around.rows,
        empty="No holding is on record; that says nothing of who owns it.",
    )


def _record(vendor: Vendor, operator: Operator) -> Iterator[Table]:
    """The other facts on record, kind by kind, each with its source."""
    for section in sections_of(vendor, operator=operator, may_change=lambda *_: False):
        if section.lines:
            yield Table(
                title=section.title,
                columns=(
                    Column(title="What is said", width=36),
                    Column(title="More", width=26),
                    Column(title="Period", width=14),
                    Column(title="Source", width=40),
                    Column(title="Confidence", width=16),
                ),
                rows=tuple(
                    (each.told, each.more, each.period, each.source, each.confidence)
                    for each in section.lines
                ),
            )
