"""What moved the exposed share since last week: as far as it is on record, by its causes, and no further."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import QuerySet

from fleet.models import Operator, Upload
from risk.dashboard.words import counted, day, whole
from risk.engine.alerts import points_between
from risk.engine.terms.figures import written
from risk.flows.fleet_parts import Belongs, share_kept
from risk.models import FleetSnapshot, ShareMove

WEEK, SLACK = timedelta(days=7), timedelta(days=2)
CAUSES_SHOWN = 3
LEAST_TOLD = Decimal("0.05")
"""Points that round to nothing are not told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CauseTold:
    """A cause, or several that moved the share together, in words, with its points: "+3.9". `page` and `argument`
    name the address where more is, as far as there is one; `staff_only`: for platform staff."""

    words: str
    detail: str
    points: str
    page: str = ""
    argument: int | None = None
    staff_only: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SinceLastWeek:
    """How far the share moved since then, by what, and how much of that no cause is on record for.

    `sentence` is "Up 4.7 points since last week", `rest` the points without a cause, `more` those of causes left out;
    both empty where there are none. `of_part`: of a part of the fleet, of which no causes are on record.
    """

    sentence: str
    causes: tuple[CauseTold, ...] = ()
    more: str = ""
    rest: str = ""
    of_part: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Base:
    """The share that is compared with, and since when in words."""

    share: Decimal
    since: str


def since_last_week(
    operator: Operator, share: Decimal | None, *, measure: str, today: date
) -> SinceLastWeek | None:
    """How the share of the whole fleet came to be `share`; None where nothing is on record to compare with. A fixed
    number of queries."""
    moves = list(ShareMove.objects.of(operator).filter(day__gt=today - WEEK).order_by("first_at", "pk"))
    base = _base(operator, moves, measure, today)
    total = points_between(base.share if base else None, share)
    if base is None or total is None:
        return None
    points = _by_causes(moves, measure)
    ordered = sorted(points.items(), key=lambda item: abs(item[1]), reverse=True)
    told = [(causes, moved) for causes, moved in ordered if abs(moved) >= LEAST_TOLD]
    return SinceLastWeek(
        sentence=_sentence(total, base.since),
        causes=_told(operator, told[:CAUSES_SHOWN]),
        more=_counted_points(told[CAUSES_SHOWN:]),
        rest=_in_words(total - sum(points.values())),
    )


def part_since_last_week(
    operator: Operator, share: Decimal | None, belongs: Belongs, *, measure: str, today: date
) -> SinceLastWeek:
    """The same of a part of the fleet, as far as snapshots have kept it; two queries at most."""
    kept = _snapshots_a_week_ago(operator, today).values_list("parts", flat=True).first()
    if kept is None:
        return SinceLastWeek(sentence=_not_on_record(operator), of_part=True)
    before = share_kept(kept, belongs, measure)
    if before is None or share is None:
        gone = "a week ago" if before is None else "now"
        return SinceLastWeek(sentence=f"No {measure} of this part is on record {gone}", of_part=True)
    total = points_between(before, share)
    return SinceLastWeek(sentence=_sentence(total or Decimal(0), "last week"), of_part=True)


def _not_on_record(operator: Operator) -> str:
    """Since when parts are kept; nothing is said of days before."""
    kept = FleetSnapshot.objects.filter(operator=operator, parts__isnull=False).order_by("day")
    if first := kept.values_list("day", flat=True).first():
        return f"How this part stood is not on record before {day(first)}"
    return "How this part stood is not on record before today"


def _snapshots_a_week_ago(operator: Operator, today: date) -> QuerySet[FleetSnapshot]:
    """Newest first."""
    of_week = FleetSnapshot.objects.filter(operator=operator, day__range=(today - WEEK - SLACK, today - WEEK))
    return of_week.order_by("-day")


def _base(operator: Operator, moves: Sequence[ShareMove], measure: str, today: date) -> _Base | None:
    """The share a week ago: behind the last move before, or as a snapshot kept it. Where neither is on record, the
    first share that is: ahead of the first move, or behind it where the fleet began with it."""
    earlier = (
        ShareMove.objects.of(operator).filter(day__lte=today - WEEK).order_by("-day", "-last_at").first()
    )
    kept = _snapshots_a_week_ago(operator, today).values_list("shares", flat=True).first()
    a_week_ago = [
        earlier.after[measure] if earlier else None,
        kept["exposed"]["any"][measure] if kept else None,
    ]
    if share := next(filter(None, a_week_ago), None):
        return _Base(share=Decimal(share), since="last week")
    for move in moves:
        if share := move.before[measure] or move.after[measure]:
            return _Base(share=Decimal(share), since=f"{day(move.day)}, before which nothing is on record")
    return None


def _by_causes(moves: Iterable[ShareMove], measure: str) -> Mapping[tuple[str, ...], Decimal]:
    """The points of each cause, or of causes that moved the share together; those that nobody knows are left out."""
    points: defaultdict[tuple[str, ...], Decimal] = defaultdict(Decimal)
    for move in moves:
        if (moved := move.points[measure]) is not None:
            points[tuple(move.causes)] += Decimal(moved)
    return points


def _sentence(total: Decimal, since: str) -> str:
    if abs(total) < LEAST_TOLD:
        return f"The same since {since}"
    return f"{'Up' if total > 0 else 'Down'} {_points(abs(total))} since {since}"


def _points(points: Decimal) -> str:
    """ "4.7 points", "1 point"."""
    shown = written(f"{points:.1f}".removesuffix(".0"))
    return f"{shown} point{'' if shown == '1' else 's'}"


def _in_words(points: Decimal) -> str:
    """ "+0.3"; nothing where that rounds to nothing."""
    return written(f"{points:+.1f}") if abs(points) >= LEAST_TOLD else ""


def _counted_points(left_out: Sequence[tuple[tuple[str, ...], Decimal]]) -> str:
    if not left_out:
        return ""
    points = sum((moved for _, moved in left_out), Decimal(0))
    return f"{counted(len(left_out), 'other cause')} ({written(f'{points:+.1f}')})"


def _told(operator: Operator, moves: Sequence[tuple[tuple[str, ...], Decimal]]) -> tuple[CauseTold, ...]:
    numbers = {
        int(found[1]) for causes, _ in moves for cause in causes if (found := _UPLOAD.fullmatch(cause))
    }
    rows = Upload.objects.of(operator).only(
        "new", "changed", "missing"
    )  # what an upload did in full is large
    uploads = rows.in_bulk(numbers) if numbers else {}
    return tuple(_in_cause_words(causes, moved, uploads) for causes, moved in moves)


_UPLOAD = re.compile(r"upload (\d+) applied")
# What a cause is called, and the page of it: the cause as it is on record, its words, page, and whether that is for
# platform staff.
_WAYS = (
    (_UPLOAD, "upload {0}", "admin:upload", False),
    (re.compile(r"undo of upload (\d+)"), "the undoing of upload {0}", "admin:upload", False),
    (re.compile(r"receipt (\d+)"), "receipt {0}", "admin:receipt", False),
    (re.compile(r"undo of receipt (\d+)"), "the undoing of receipt {0}", "admin:receipt", False),
    (re.compile(r"edition (\d+) published"), "edition {0}", "admin:policy", True),
    (re.compile(r"screening run (\d+)"), "screening run {0}", "admin:screening_runs", False),
    (re.compile(r"hit (\d+) .*"), "the decision on hit {0}", "admin:screening_hit", True),
    (re.compile(r"the calendar: ([\d-]+).*"), "the calendar of {0}", "", False),
)


def _in_cause_words(causes: tuple[str, ...], points: Decimal, uploads: Mapping[int, Upload]) -> CauseTold:
    """One cause with its page; several by their names, together."""
    ways = [_way(cause) for cause in causes]
    moved = written(f"{points:+.1f}")
    if len(ways) != 1:
        return CauseTold(words=" and ".join(words for words, *_ in ways), detail="together", points=moved)
    words, page, number, staff_only = ways[0]
    upload = uploads.get(number or 0) if _UPLOAD.fullmatch(causes[0]) else None
    return CauseTold(
        words=words,
        detail=_rows(upload) if upload else "",
        points=moved,
        page=page,
        argument=None if page == "admin:screening_runs" else number,
        staff_only=staff_only,
    )


def _way(cause: str) -> tuple[str, str, int | None, bool]:
    for pattern, words, page, staff_only in _WAYS:
        if found := pattern.fullmatch(cause):
            number = int(found[1]) if found[1].isdigit() else None
            told = found[1] if number is not None else day(date.fromisoformat(found[1]))
            return words.format(told), page, number, staff_only
    return cause, "", None, False


def _rows(upload: Upload) -> str:
    """ "40 rows new, 3 changed, 1 missing"."""
    told = [f"{counted(upload.new, 'row')} new" if upload.new else ""]
    told += [f"{whole(upload.changed)} changed" if upload.changed else ""]
    told += [f"{whole(upload.missing)} missing" if upload.missing else ""]
    return ", ".join(filter(None, told))
