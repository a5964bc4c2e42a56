"""Papers that expire -> one alert for all that end on the same day, 30, 7 and 1 days before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction

from fleet.flows.origin_evidence import SerialRange, rigs_in
from fleet.models import Operator, OriginEvidence
from ledger.isolating import by_itself
from risk.engine.alerts import EXPIRY_STEPS, expiry_step
from risk.engine.kept_facts import digest_of
from risk.engine.terms.words import counted
from risk.engine.terms.words import day as day_in_words
from risk.flows.alert_parts import counts_of, in_words
from risk.flows.alert_rows import LOTS_NAMED, listed, put_on_record, rules_of
from risk.models import Alert, AlertKind

PAPERS_NAMED = 3
LONGEST = timedelta(days=max(EXPIRY_STEPS))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Due:
    """Papers of one operator that end on one day, of which one step is due."""

    operator: Operator
    expires_on: date
    step: int
    papers: tuple[OriginEvidence, ...]


def tell_of_expiry(today: date, *, now: datetime) -> int:
    """Put on record which papers are about to expire; returns how many alerts are new. Each step of a paper is told
    once; a paper that was withdrawn, or that nobody asked to be told of, is not."""
    ending = OriginEvidence.objects.filter(
        withdrawn_at__isnull=True, expires_on__gt=today, expires_on__lte=today + LONGEST
    )
    papers: defaultdict[Operator, list[OriginEvidence]] = defaultdict(list)
    for paper in ending.select_related("operator").order_by("operator_id", "pk"):
        papers[paper.operator].append(paper)
    rules = rules_of(papers)
    return sum(
        _tell(operator, some, today, now)
        for operator, some in papers.items()
        if rules[operator.pk].wants(AlertKind.EVIDENCE)
    )


def _tell(operator: Operator, papers: Iterable[OriginEvidence], today: date, now: datetime) -> int:
    """An operator on whose papers it fails holds up none of those after it, and is told with the next telling."""
    with by_itself(f"Telling operator {operator.pk} of papers that expire"):
        due = list(_due(papers, today, now))
        with transaction.atomic():
            return put_on_record(_alert(each, today, now) for each in due)
    return 0


def _due(papers: Iterable[OriginEvidence], today: date, now: datetime) -> Iterator[_Due]:
    papers = list(papers)
    told = _steps_told(papers, now)
    alike: defaultdict[tuple[Operator, date, int], list[OriginEvidence]] = defaultdict(list)
    for paper in papers:
        if paper.expires_on and (step := expiry_step((paper.expires_on - today).days, told[paper.pk])):
            alike[paper.operator, paper.expires_on, step].append(paper)
    for (operator, expires_on, step), some in alike.items():
        yield _Due(operator=operator, expires_on=expires_on, step=step, papers=tuple(some))


def _steps_told(papers: Iterable[OriginEvidence], now: datetime) -> defaultdict[int, set[int]]:
    """The steps that were told of each paper; of one that ends soon none was told earlier than the first step."""
    operators = {paper.operator_id for paper in papers}
    recent = Alert.objects.filter(
        operator__in=operators, kind=AlertKind.EVIDENCE, made_at__gte=now - LONGEST - timedelta(days=2)
    )
    told: defaultdict[int, set[int]] = defaultdict(set)
    for detail in recent.values_list("detail", flat=True):
        for pk in detail["papers"]:
            told[pk].add(detail["step"])
    return told


def _alert(due: _Due, today: date, now: datetime) -> Alert:
    lot_ids, counts = _covered(due)
    ids = [paper.pk for paper in due.papers]
    number, days = len(ids), (due.expires_on - today).days
    names = listed([paper.title for paper in due.papers], PAPERS_NAMED)
    words = "paper that bears an origin expires" if number == 1 else "papers that bear an origin expire"
    return Alert(
        kind=AlertKind.EVIDENCE,
        operator=due.operator,
        about=f"{due.expires_on}, {due.step} days, {digest_of(ids)[:16]}",
        cause=f"evidence: {names}"[:300],
        sentence=(
            f"{number} {words} on {day_in_words(due.expires_on)}, in {counted(days, 'day')}: {names}. "
            f"Covered: {in_words(counts)}. Renew it, or the reserve no longer counts on it."
        ),
        counts=[{"kind": AlertKind.EVIDENCE.value, "papers": number, "days": days, **counts}],
        detail={"papers": ids, "step": due.step, "lots": lot_ids[:LOTS_NAMED]},
        made_at=now,
    )


def _covered(due: _Due) -> tuple[list[int], dict[str, int | None]]:
    """The lots that the papers cover, and what is covered of them: lots whole, rigs by their serial numbers."""
    whole = set(
        OriginEvidence.lots.through.objects.filter(originevidence__in=due.papers).values_list(
            "lot_id", flat=True
        )
    )
    ranges = [SerialRange(each.first, each.last) for paper in due.papers for each in paper.ranges.all()]
    rigs = [rig for rig in rigs_in(due.operator, ranges) if rig.lot_id not in whole] if ranges else []
    counts = counts_of(whole)
    values = [counts["value_cents"], *(rig.value_cents for rig in rigs)]
    known = [cents for cents in values if cents is not None]
    lots = sorted(whole | {rig.lot_id for rig in rigs})
    return lots, {
        "lots": len(lots),
        "units": (counts["units"] or 0) + len(rigs),
        "value_cents": sum(known) if known else None,
    }
