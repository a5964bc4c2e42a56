"""Fleets -> the exposed share through time under the current edition and the newest draft, kept for who looks.

A million rigs' worth of days takes a second, 200,000 lots take longer: no page works it out (docs/adr/0019).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Self

from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import Coalesce

from fleet.models import Holding, Operator
from fleet.models.operator import COUNTED_VERSION
from ledger.isolating import by_itself
from risk.engine.kept_facts import digest_of
from risk.engine.shares import MEASURES, Kind, Part
from risk.engine.terms.spans import ONE_DAY
from risk.fleet_findings import fleet_findings
from risk.flows.claims import outlasts_a_batch
from risk.flows.fleet_parts import (
    NONE,
    Belongs,
    FleetPart,
    PartMove,
    added,
    moves_together,
    shares_by_measure,
)
from risk.flows.share_through_time import FIRST_DAY, Step, ThroughTime, share_through_time
from risk.flows.snapshots import as_share, as_text
from risk.models import Assessment, PolicyEdition, ShareCurve
from risk.selectors import is_an_edition_unfollowed

Told = Mapping[str, Decimal | None]
KEPT_AS = 2
"""Goes up when steps are kept otherwise: those on record are then worked out anew."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CurveStep:
    """The exposed and the unknown share by each measure from `first` through `through`, and what moved them: titles
    of measures that begin and end, and how many lots moved on a day of their own. Shares are from 0 to 1, None where
    the whole is nothing."""

    first: date
    through: date
    exposed: Told
    unknown: Told
    begun: tuple[str, ...] = ()
    ended: tuple[str, ...] = ()
    lots_of_their_own: int = 0

    @property
    def kept(self) -> dict[str, Any]:
        """As it is kept on record."""
        return {
            "first": self.first.isoformat(),
            "through": self.through.isoformat(),
            "exposed": {name: as_text(share) for name, share in self.exposed.items()},
            "unknown": {name: as_text(share) for name, share in self.unknown.items()},
            "begun": list(self.begun),
            "ended": list(self.ended),
            "lots_of_their_own": self.lots_of_their_own,
        }

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> Self:
        """What was kept on record."""
        return cls(
            first=date.fromisoformat(kept["first"]),
            through=date.fromisoformat(kept["through"]),
            exposed={name: as_share(text) for name, text in kept["exposed"].items()},
            unknown={name: as_share(text) for name, text in kept["unknown"].items()},
            begun=tuple(kept["begun"]),
            ended=tuple(kept["ended"]),
            lots_of_their_own=kept["lots_of_their_own"],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """The steps of a fleet under an edition, in order and without a gap, and when they were worked out.

    `is_current` false: fleet, findings, law or day moved on since, and a worker has yet to follow.
    """

    edition: PolicyEdition
    steps: tuple[CurveStep, ...] = field(repr=False)
    made_at: datetime
    is_current: bool

    def share_on(self, day: date, measure: str) -> Decimal | None:
        """The exposed share on a day; the last step goes on."""
        begun = (step for step in reversed(self.steps) if step.first <= day)
        return next((step.exposed[measure] for step in begun), None)


def curve_steps(through: ThroughTime) -> Iterator[CurveStep]:
    """The steps in which the exposed or the unknown share is another by some measure: not those that only move
    contingent duty. A step lasts until the next one told."""
    kept: CurveStep | None = None
    for step in through.steps:
        following = _curve_step(step)
        if kept is not None and (following.exposed, following.unknown) == (kept.exposed, kept.unknown):
            kept = _lasting(kept, step.through)
            continue
        if kept is not None:
            yield kept
        kept = following
    if kept is not None:
        yield kept


def _curve_step(step: Step) -> CurveStep:
    return CurveStep(
        first=step.first,
        through=step.through,
        exposed={name: step.exposed[Kind.ANY].of(name) for name in MEASURES},
        unknown={name: step.bar[Part.UNKNOWN].of(name) for name in MEASURES},
        begun=tuple(measure.title for measure in step.begun),
        ended=tuple(measure.title for measure in step.ended),
        lots_of_their_own=step.lots_of_their_own,
    )


def _lasting(step: CurveStep, through: date) -> CurveStep:
    return CurveStep(**{name: getattr(step, name) for name in _FIELDS} | {"through": through})


_FIELDS = ("first", "exposed", "unknown", "begun", "ended", "lots_of_their_own")


def part_steps(parts: Iterable[FleetPart], first: date, through: date) -> Iterator[CurveStep]:
    """The steps of parts of a fleet as one, in order and without a gap; a step lasts until the next one told."""
    parts = list(parts)
    whole, exposed, unknown = added(part.whole for part in parts), NONE, NONE
    moves = {move.on: move for move in moves_together(parts) if any((*move.exposed, *move.unknown))}
    moves.setdefault(first, PartMove(on=first, exposed=NONE, unknown=NONE))
    days = sorted(moves)
    for on, following in zip(days, [*days[1:], through + ONE_DAY], strict=True):
        move = moves[on]
        exposed, unknown = added((exposed, move.exposed)), added((unknown, move.unknown))
        yield CurveStep(
            first=on,
            through=following - ONE_DAY,
            exposed=shares_by_measure(exposed, whole),
            unknown=shares_by_measure(unknown, whole),
            begun=move.begun,
            ended=move.ended,
            lots_of_their_own=move.lots_of_their_own,
        )


def kept_curves(
    operator: Operator,
    *,
    current: PolicyEdition | None,
    today: date,
    versions: tuple[int, int],
    belongs: Belongs | None = None,
) -> list[Curve]:
    """What is on record for a fleet: under the edition that is current first, then under drafts; one query.
    `versions` are those of the fleet and of its findings as the caller read them. `belongs`: of these parts alone,
    none where they are not on record yet."""
    if current is None:
        return []
    rows = _curves_of(operator) if belongs else _curves_of(operator).defer("parts")
    of_use = [row for row in rows if row.edition_id == current.pk or not row.edition.is_published]
    return [
        Curve(
            edition=row.edition,
            steps=tuple(_steps_of(row, belongs)),
            made_at=row.made_at,
            is_current=row.rests_on == _rests_on(operator, versions, row.edition, today),
        )
        for row in sorted(of_use, key=lambda row: not row.edition.is_published)
        if belongs is None or row.parts is not None
    ]


def _steps_of(row: ShareCurve, belongs: Belongs | None) -> Iterable[CurveStep]:
    if belongs is None or row.parts is None:
        return map(CurveStep.read, row.steps)
    mine = [FleetPart.read(part) for part in row.parts if belongs(part["site"], part["maker"])]
    first, last = row.steps[0]["first"], row.steps[-1]["through"]
    return part_steps(mine, date.fromisoformat(first), date.fromisoformat(last))


def steps_through_time(operator: Operator, edition: PolicyEdition, *, today: date) -> tuple[CurveStep, ...]:
    """The steps of a fleet as things stand: from the record, or worked out where that is behind."""
    versions = fleet_findings(operator).versions
    curves = kept_curves(operator, current=edition, today=today, versions=versions)
    if known := next((each for each in curves if each.edition == edition and each.is_current), None):
        return known.steps
    return tuple(curve_steps(share_through_time(operator, edition=edition, today=today)))


def _curves_of(operator: Operator) -> QuerySet[ShareCurve]:
    rows = ShareCurve.objects.of(operator).select_related("edition").defer("edition__classification")
    return rows.order_by("edition__number")


def keep_curves(today: date, *, clock: Callable[[], datetime], until: datetime) -> bool:
    """Work out the steps that are not on record as things stand; fleets of which something is owed wait until that is
    settled, and all while more is owed than a batch, or will be once an edition is followed: who assesses needs the
    machine, and the next sweep asks again. After `until` none is begun any more: whether all was done that can be
    done now."""
    editions = _editions()
    ShareCurve.objects.exclude(edition__in=editions).delete()
    for operator, edition, rests_on in _to_work_out(editions, today):
        now = clock()
        if now >= until:
            return False
        if outlasts_a_batch(now) or is_an_edition_unfollowed():
            return True
        with by_itself(f"Working out the share of operator {operator.pk} through time"):
            _keep(operator, edition, rests_on, today, clock())
    return True


def _to_work_out(editions: Iterable[PolicyEdition], today: date) -> list[tuple[Operator, PolicyEdition, str]]:
    """What is not on record as things stand. What never was goes first, then what is oldest: a large fleet that moves
    all the time holds up no other."""
    known = {
        (row.operator_id, row.edition_id): row
        for row in ShareCurve.objects.only("operator", "edition", "rests_on", "made_at")
    }
    fleets, found = _fleets(), []
    for edition in editions:
        for operator, versions in fleets:
            rests_on = _rests_on(operator, versions, edition, today)
            row = known.get((operator.pk, edition.pk))
            if row is None or row.rests_on != rests_on:
                found.append((row.made_at if row else _NEVER, operator, edition, rests_on))
    found.sort(key=lambda each: each[0])
    return [(operator, edition, rests_on) for _, operator, edition, rests_on in found]


_NEVER = datetime.min.replace(tzinfo=UTC)


def _editions() -> list[PolicyEdition]:
    """The current edition and the newest draft; none before the first is published."""
    current = PolicyEdition.objects.current()
    drafts = PolicyEdition.objects.filter(state=PolicyEdition.State.DRAFT).order_by("-number")
    return [current, *drafts[:1]] if current else []


def _fleets() -> list[tuple[Operator, tuple[int, int]]]:
    """Operators with rigs of which nothing is owed, each with the versions of its fleet and of its findings."""
    owed = Assessment.objects.waiting().filter(operator=OuterRef("pk"))
    held = Holding.objects.filter(operator=OuterRef("pk"))
    fleets = Operator.objects.filter(~Exists(owed), Exists(held)).order_by("pk")
    return [
        (operator, (operator.counted, operator.found))
        for operator in fleets.annotate(counted=COUNTED_VERSION, found=Coalesce("findings__version", 0))
    ]


def _rests_on(operator: Operator, versions: tuple[int, int], edition: PolicyEdition, today: date) -> str:
    return digest_of(KEPT_AS, today, edition.digest, *versions, operator.tariff_threshold_percent)


def _keep(operator: Operator, edition: PolicyEdition, rests_on: str, today: date, now: datetime) -> None:
    first = FIRST_DAY if edition.is_published else today
    through = share_through_time(operator, edition=edition, today=today, first=first)
    ShareCurve.objects.update_or_create(
        operator=operator,
        edition=edition,
        defaults={
            "day": today,
            "rests_on": rests_on,
            "steps": [step.kept for step in curve_steps(through)],
            "parts": [part.kept for part in through.parts],
            "made_at": now,
        },
    )
