"""Screening as the product does it, database and records included, each part in a process of its own."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime
from typing import Any

from bench.screening import REFERENCE, made_vendors
from fleet.selectors import in_chunks
from risk.flows.load_list import load_list
from risk.flows.screen_vendors import screen_vendors
from risk.lists import FORMATS
from risk.models import Notice, ScreeningHit, ScreeningRun, VendorScreening
from vendors.models import Vendor

NOW = datetime(2022, 4, 21, 15, 0, tzinfo=UTC)
BEFORE, AFTER = date(2022, 4, 15), date(2022, 4, 21)


def first_edition(vendors: int) -> dict[str, Any]:
    """Vendors on file and the list of the week before: seconds to load it, and to screen everybody."""
    names = [party.names[0] for party in made_vendors(vendors)]
    rows = [Vendor(slug=f"bench-{number}", name=name) for number, name in enumerate(names)]
    for some in in_chunks(rows):
        Vendor.objects.bulk_create(some)
    loaded, full = _loaded(BEFORE), _screened("full")
    return {"load": loaded, "full": full, "hits": ScreeningHit.objects.count()}


def next_edition() -> dict[str, Any]:
    """The next week's list: seconds of the run over the difference in a process that has just begun, and again in
    one that has screened before; whom it raised."""
    loaded, cold = _loaded(AFTER), _screened("lists")
    raised = sorted(set(ScreeningHit.objects.values_list("vendor__name", flat=True)))
    _forget_the_last_run()
    warm = _screened("lists")
    run = ScreeningRun.objects.last_run()
    return {
        "load": loaded,
        "cold": cold,
        "warm": warm,
        "raised": raised,
        "parties": run.parties if run else 0,
    }


def changed_vendors(vendors: int) -> dict[str, Any]:
    """So many vendors that were renamed, against all lists: with the lists made ready on the way, and at hand."""
    ids = list(Vendor.objects.order_by("pk").values_list("pk", flat=True)[:vendors])
    VendorScreening.objects.filter(vendor_id__in=ids).update(owed_at=NOW)
    cold = _screened("vendors")
    VendorScreening.objects.filter(vendor_id__in=ids).update(owed_at=NOW)
    return {"cold": cold, "warm": _screened("vendors")}


def _loaded(day: date) -> float:
    file, began = REFERENCE / "lists" / f"sdn_{day}.csv", time.perf_counter()
    load_list(form=FORMATS["ofac_sdn"], file=file, companions={}, as_of=day, at=NOW)
    return round(time.perf_counter() - began, 3)


def _screened(kind: str) -> float:
    """The seconds of the run that is owed. Raises RuntimeError where it is of another kind, or not alone."""
    began = time.perf_counter()
    runs = screen_vendors(clock=lambda: NOW)
    seconds = round(time.perf_counter() - began, 3)
    if [run.kind for run in runs] != [kind]:
        raise RuntimeError(f"Not one run over {kind}: {[run.kind for run in runs]}.")
    return seconds


def _forget_the_last_run() -> None:
    last = ScreeningRun.objects.order_by("-number")[:1].get()
    Notice.objects.filter(run=last).delete()
    ScreeningHit.objects.filter(first_run=last).delete()
    last.delete()
