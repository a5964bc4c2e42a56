"""The pages of assessment runs: the list, newest first, and one run with what it changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from fleet.models import Operator
from risk.dashboard.lots import rate_in_words
from risk.engine.terms.money import AdValoremRate
from risk.models import AssessmentRun, Exposure, RunCounts, RunStep

PAGE_SIZE = 50
CHANGES_SHOWN = 20
Kind = AssessmentRun.Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class RunLine:
    """One run with the counts that the reader may see."""

    run: AssessmentRun
    cause: str
    counts: RunCounts
    rate: Decimal | None
    seconds_left: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RunList:
    """A page of runs; `after` is the last one shown where others follow."""

    lines: tuple[RunLine, ...]
    after: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedLot:
    """A lot whose finding is another: its additional rate, band and sanction level, before and after. `before` is
    empty for the first finding on a lot."""

    lot_id: int
    operator: Operator
    what: str
    before: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunPage:
    """One run: its line, the changes that it covers, and a page of the lots that it changed."""

    line: RunLine
    causes: tuple[str, ...]
    changed: tuple[ChangedLot, ...]
    after: int | None


def run_list(operator: Operator | None, *, after: int | None, now: datetime) -> RunList:
    """The runs that touch an operator's lots, with its own counts; all runs for None. Three queries at most."""
    runs = AssessmentRun.objects.order_by("-pk")
    if operator is not None:
        runs = runs.filter(pk__in=RunStep.objects.of(operator).values("run"))
    if after is not None:
        runs = runs.filter(pk__lt=after)
    shown = list(runs[: PAGE_SIZE + 1])
    lines = run_lines(shown[:PAGE_SIZE], operator, now=now)
    return RunList(lines=lines, after=shown[PAGE_SIZE - 1].pk if len(shown) > PAGE_SIZE else None)


def run_lines(
    runs: Iterable[AssessmentRun], operator: Operator | None, *, now: datetime
) -> tuple[RunLine, ...]:
    """Runs with their counts, as far as they are the operator's; one query."""
    runs = list(runs)
    counts = RunStep.objects.of(operator).filter(run__in=[run.pk for run in runs]).counted()
    return tuple(_line(run, counts.get(run.pk, RunCounts()), operator, now) for run in runs)


def run_page(number: int, operator: Operator | None, *, after: int | None, now: datetime) -> RunPage | None:
    """One run; None where there is none, or it touches no lot of the operator. A fixed number of queries."""
    steps = RunStep.objects.of(operator).filter(run=number)
    run = AssessmentRun.objects.filter(pk=number).first()
    if run is None or (operator is not None and not steps.exists()):
        return None
    changed = _changed(run, operator, after)
    causes = steps.exclude(cause="").order_by("pk").values_list("cause", flat=True)[: CHANGES_SHOWN * 5]
    return RunPage(
        line=run_lines([run], operator, now=now)[0],
        causes=tuple(dict.fromkeys(causes))[:CHANGES_SHOWN] if _is_told_whole(run, operator) else (),
        changed=tuple(_changed_lots(changed[:PAGE_SIZE], run)),
        after=changed[PAGE_SIZE - 1].pk if len(changed) > PAGE_SIZE else None,
    )


def cause_for(run: AssessmentRun, operator: Operator | None) -> str:
    """The cause as a reader may know it: what names a vendor may be about one that is another operator's secret."""
    return run.cause if _is_told_whole(run, operator) else "The vendor register changed"


def _is_told_whole(run: AssessmentRun, operator: Operator | None) -> bool:
    return operator is None or run.kind != Kind.VENDOR


def _line(run: AssessmentRun, counts: RunCounts, operator: Operator | None, now: datetime) -> RunLine:
    return RunLine(
        run=run,
        cause=cause_for(run, operator),
        counts=counts,
        rate=counts.rate_by(now),
        seconds_left=counts.seconds_for(counts.left, now) if counts.left else None,
    )


def _changed(run: AssessmentRun, operator: Operator | None, after: int | None) -> list[Exposure]:
    """The findings that the run made current, one more than a page; one query."""
    found = Exposure.objects.filter(run=run).order_by("pk")
    if operator is not None:
        found = found.filter(lot__operator=operator)
    if after is not None:
        found = found.filter(pk__gt=after)
    related = found.select_related("lot__operator", "lot__model__maker").defer("facts", "list_editions")
    return list(related[: PAGE_SIZE + 1])


def _changed_lots(found: list[Exposure], run: AssessmentRun) -> Iterable[ChangedLot]:
    """Beside each the finding that it took the place of; one query."""
    others: dict[int, list[Exposure]] = defaultdict(list)
    lots = {finding.lot_id for finding in found}
    for other in Exposure.objects.filter(lot__in=lots).defer("facts", "list_editions", "doubted_facts"):
        others[other.lot_id].append(other)
    for finding in found:
        before = _before(finding, others[finding.lot_id], run)
        model = finding.lot.model
        yield ChangedLot(
            lot_id=finding.lot_id,
            operator=finding.lot.operator,
            what=f"{model.maker.name} {model.name}",
            before=() if before is None else _in_words(before),
            after=_in_words(finding),
        )


def _before(finding: Exposure, others: Iterable[Exposure], run: AssessmentRun) -> Exposure | None:
    """The last other finding from before this one, or, for one that came back, from before its run."""
    until = max(finding.assessed_at, run.begun_at)
    earlier = [other for other in others if other.pk != finding.pk and other.assessed_at <= until]
    return max(earlier, key=lambda other: (other.assessed_at, other.pk), default=None)


def _in_words(finding: Exposure) -> tuple[str, ...]:
    rate, worst = (
        None if fraction is None else AdValoremRate(fraction) for fraction in (finding.rate, finding.worst)
    )
    return rate_in_words(rate, AdValoremRate(finding.best), worst), finding.band, finding.sanction_level
