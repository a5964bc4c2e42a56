"""Pages of rigs, forwards and backwards, that cost the same in a fleet of any size.

Rigs are listed from holding to holding: by lot, site and status, then as they came. So a page asks only for the rigs
of the few holdings that it shows, each by one key. What is asked of the rigs themselves is looked for a stretch at a
time, and no further than so many rigs: then the page shows what it found and where it would look on.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import reduce
from math import inf
from operator import or_
from typing import Any

from django.db.models import QuerySet, Sum

from fleet.models import Rig
from ledger.id_sets import among
from risk.dashboard.rig_view import Cell, RigView

PAGE_SIZE = 100
COUNTED = 10_000
RIGS_A_RUN = 2_000
CELLS_A_RUN = 60
RIGS_LOOKED_AT = 10_000

Place = tuple[Cell, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class RigPage:
    """The rigs of a page in order, and the ids that the addresses beside it begin after or end before.

    `units` counts machines; with `is_more` there are more than that. `looked_on` is where the search stopped
    although there may be more.
    """

    rigs: tuple[Rig, ...]
    units: int
    is_more: bool
    before: int | None
    after: int | None
    looked_on: int | None = None


def rig_page(
    view: RigView, *, after: int | None = None, before: int | None = None, size: int = PAGE_SIZE
) -> RigPage:
    """The page after a rig, or the one before it; else the first. A rig that is gone begins at the first."""
    walk = _walk(view)
    is_back = before is not None and after is None
    found, stopped = walk.rows(_place_of(view, before if is_back else after), back=is_back, need=size + 1)
    if is_back and len(found) <= size:  # the beginning: a whole first page
        is_back, after = False, None
        found, stopped = walk.rows(None, back=False, need=size + 1)
    has_more = len(found) > size
    ids = found[:size][::-1] if is_back else found[:size]
    is_whole = not (has_more or is_back or after)
    units, is_more = (_units(ids), stopped is not None) if is_whole else walk.counted()
    return RigPage(
        rigs=tuple(_in_order(ids)),
        units=units,
        is_more=is_more,
        before=ids[0] if ids and (has_more if is_back else after is not None) else None,
        after=ids[-1] if ids and (is_back or has_more) else None,
        looked_on=None if has_more or is_back else stopped,
    )


def _place_of(view: RigView, rig_id: int | None) -> Place | None:
    if rig_id is None:
        return None
    row = Rig.objects.of(view.operator).filter(pk=rig_id).values_list("lot_id", "site_id", "status").first()
    return (Cell(row[0], row[1] or 0, row[2]), rig_id) if row else None


def _in_order(ids: list[int]) -> Iterator[Rig]:
    rigs = Rig.objects.select_related("lot__model__maker", "site", "bin", "made_by", "receipt").in_bulk(ids)
    return (rigs[pk] for pk in ids if pk in rigs)


def _units(ids: list[int]) -> int:
    return Rig.objects.filter(pk__in=among(ids)).aggregate(units=Sum("quantity"))["units"] or 0


def _walk(view: RigView) -> _Cells | _Few:
    few = view.few_ids() if view.own is not None else None
    return _Cells(view) if few is None else _Few(view, few)


class _Few:
    """Few rigs that an index found: all of them are looked at."""

    def __init__(self, view: RigView, ids: list[int]) -> None:
        rigs = view.rigs.filter(pk__in=among(ids)).order_by()
        rows = rigs.values_list("lot_id", "site_id", "status", "pk", "quantity")
        self._rows = sorted((Cell(lot, site or 0, status), pk, many) for lot, site, status, pk, many in rows)

    def rows(self, place: Place | None, *, back: bool, need: int) -> tuple[list[int], int | None]:
        rows = self._rows[::-1] if back else self._rows
        beyond = [pk for *at, pk, _ in rows if place is None or _is_beyond((at[0], pk), place, back)]
        return beyond[:need], None

    def counted(self) -> tuple[int, bool]:
        return sum(many for *_, many in self._rows), False


class _Cells:
    """The rigs of many holdings, cell by cell."""

    def __init__(self, view: RigView) -> None:
        self._view = view

    def rows(self, place: Place | None, *, back: bool, need: int) -> tuple[list[int], int | None]:
        """So many ids beyond a place, and the id at which the search stopped before it was through."""
        found: list[int] = []
        left = RIGS_LOOKED_AT
        for run in _runs(self._cells_from(place, back)):
            rows = (
                self._large(run[0], place, back, need - len(found)) if len(run) == 1 else self._run(run, back)
            )
            for ids, looked_at, last in rows:
                kept = [pk for at, pk in ids if place is None or _is_beyond((at, pk), place, back)]
                found += kept[: need - len(found)]
                left -= looked_at
                if len(found) >= need:
                    return found, None
                if left <= 0 and self._view.own is not None:
                    return found, last
        return found, None

    def counted(self) -> tuple[int, bool]:
        """Machines: exactly where the holdings tell, else counted as far as COUNTED and as the search goes."""
        if self._view.own is None:
            return sum(cell.units for cell in self._view.cells), False
        ids, stopped = self.rows(None, back=False, need=COUNTED + 1)
        return _units(ids[:COUNTED]), len(ids) > COUNTED or stopped is not None

    def _cells_from(self, place: Place | None, back: bool) -> list[Cell]:
        cells = self._view.cells[::-1] if back else self._view.cells
        if place is None:
            return cells
        before = bisect_left(self._view.cells, place[0][:3])
        through = bisect_right(self._view.cells, (*place[0][:3], inf))
        return cells[len(cells) - through :] if back else cells[before:]

    def _large(
        self, cell: Cell, place: Place | None, back: bool, need: int
    ) -> Iterator[tuple[Any, int, int]]:
        """The rigs of one holding, a stretch at a time."""
        at = place[1] if place and place[0][:3] == cell[:3] else None
        stretch = need if self._view.own is None else RIGS_A_RUN
        while True:
            rigs = Rig.objects.filter(cell.rigs).order_by("-pk" if back else "pk")
            rigs = rigs if at is None else rigs.filter(**{"pk__lt" if back else "pk__gt": at})
            ids = list(rigs.values_list("pk", flat=True)[:stretch])
            if not ids:
                return
            at = ids[-1]
            if self._view.own is not None:
                own = self._view.narrowed(Rig.objects.filter(pk__in=among(ids)).order_by())
                fitting = set(own.values_list("pk", flat=True))
                yield [(cell, pk) for pk in ids if pk in fitting], len(ids), at
            else:
                yield [(cell, pk) for pk in ids], len(ids), at

    def _run(self, run: list[Cell], back: bool) -> Iterator[tuple[Any, int, int]]:
        """The rigs of several small holdings, in one question."""
        rigs: QuerySet[Rig] = Rig.objects.filter(reduce(or_, (cell.rigs for cell in run))).order_by()
        rigs = rigs if self._view.own is None else self._view.narrowed(rigs)
        rows = rigs.values_list("lot_id", "site_id", "status", "pk")
        ordered = sorted(((Cell(lot, site or 0, status), pk) for lot, site, status, pk in rows), reverse=back)
        units = sum(cell.units for cell in run)
        yield ordered, units, ordered[-1][1] if ordered else self._last_of(run[-1])

    def _last_of(self, cell: Cell) -> int:
        last = Rig.objects.filter(cell.rigs).order_by("-pk").values_list("pk", flat=True).first()
        return last or 0


def _runs(cells: list[Cell]) -> Iterator[list[Cell]]:
    """Cells in order, small ones together; a large one, or one that stands alone, by itself."""
    run: list[Cell] = []
    for cell in cells:
        if run and (sum(each.units for each in run) + cell.units > RIGS_A_RUN or len(run) >= CELLS_A_RUN):
            yield run
            run = []
        run.append(cell)
    if run:
        yield run


def _is_beyond(here: Place, place: Place, back: bool) -> bool:
    here_at, at = (here[0][:3], here[1]), (place[0][:3], place[1])
    return here_at < at if back else here_at > at
