"""The measured work itself, each in a process of its own, with the product set up around it."""

from __future__ import annotations

import json
import os
import resource
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from itertools import cycle, islice
from pathlib import Path
from statistics import median
from typing import Any

from django.core.management import call_command
from django.db import transaction
from django.test import Client
from openpyxl import Workbook

from bench.checks import REQUESTS
from bench.order_lines import line_to_check
from bench.processes import tree_mb
from bench.what_if import SCENARIOS
from fleet.flows.bulk_rows import insert_rows
from fleet.flows.export_fleet import csv_pieces, fleet_rows
from fleet.flows.history_digest import HistoryDigest, digested, plain_text, put_on_record
from fleet.flows.upload_writing import DIGESTED, HISTORY, Deed
from fleet.models import Holding, Lot, Operator, RigChange, RigModel, Site, Upload
from fleet.models.keys import Scope
from fleet.services import issue_key
from fleet.sheets import export
from risk.flows.load_list import format_named, load_list
from risk.flows.what_if import what_if
from risk.models import PolicyEdition
from risk.scenarios import Scenario, read_scenario

WARM_PIECES = 10  # of an export, after which memory should grow no more


def set_up() -> None:
    """Tables, catalogue and law."""
    call_command("migrate", verbosity=0)
    call_command("load_catalogue", json=True)
    call_command("load_policies", publish=True, json=True)


def import_fleet(path: str, operator: str) -> dict[str, Any]:
    """The command without its assessment, with its own account of where the time went.

    Raises RuntimeError when the file is not applied.
    """
    said, began = StringIO(), time.perf_counter()
    call_command("import_fleet", path, operator=operator, create_operator=operator, json=True, stdout=said)
    seconds = time.perf_counter() - began
    answer = json.loads(said.getvalue())
    if answer["state"] != "applied":
        raise RuntimeError(f"{path} was not applied: {answer['refusal']}")
    counts = {name: answer[name] for name in ("rows", "new", "changed", "unchanged")}
    seconds -= answer["seconds"].get("assess", 0)
    return {"seconds": seconds, "processor": processor_seconds(), "stages": answer["seconds"], **counts}


def load_one_list(form: str, file: str, as_of: str, companions: dict[str, str]) -> dict[str, Any]:
    """One whole list, without the screening that follows it."""
    began = time.perf_counter()
    loaded = load_list(
        form=format_named(form),
        file=Path(file),
        companions={part: Path(path) for part, path in companions.items()},
        as_of=date.fromisoformat(as_of),
        at=datetime.fromisoformat(f"{as_of}T12:00:00+00:00"),
    )
    seconds = time.perf_counter() - began
    return {"seconds": seconds, "processor": processor_seconds(), "parties": len(loaded.added)}


def stream_csv(operator: str) -> dict[str, Any]:
    """The CSV text of a fleet to its end, thrown away as it comes; seconds, bytes, and growth of memory."""
    owner, began = Operator.objects.get(slug=operator), time.perf_counter()
    pieces, size, marks, memory = csv_pieces(owner), 0, [], []
    for number, piece in enumerate(pieces):
        size += len(piece.encode())
        marks.append(time.perf_counter() - began)
        if number >= WARM_PIECES:
            memory.append(tree_mb(os.getpid()))
    told = {"first_byte": marks[0], "first_rows": marks[min(1, len(marks) - 1)], "seconds": marks[-1]}
    growth = round(max(memory) - memory[0], 1) if memory else 0.0
    return {**{name: round(mark, 4) for name, mark in told.items()}, "growth_mb": growth, "bytes": size}


def write_workbook(operator: str, target: str, rows: int) -> dict[str, float]:
    """The workbook as the product writes it, the database read on the way."""
    owner, began = Operator.objects.get(slug=operator), time.perf_counter()
    with Path(target).open("wb") as stream:
        export.write_workbook(islice(fleet_rows(owner), rows), stream)
    return {"seconds": round(time.perf_counter() - began, 3)}


def write_workbook_bare(operator: str, target: str, rows: int) -> dict[str, float]:
    """The same cells, all at hand before the clock runs, by openpyxl alone."""
    owner = Operator.objects.get(slug=operator)
    cells = [export.cells_of(row) for row in islice(fleet_rows(owner), rows)]
    began = time.perf_counter()
    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet("Fleet")
    for row in (export.headings(), *cells):
        sheet.append(row)
    workbook.save(target)
    return {"seconds": round(time.perf_counter() - began, 3)}


def explain_and_verify(operator: str) -> dict[str, Any]:
    """The seconds of `explain` for a lot (the median over all), and of `verify_exposures` for 1,000 findings."""
    lots = list(Lot.objects.filter(operator__slug=operator).values_list("pk", flat=True))
    explained = [_seconds_of("explain", operator=operator, lot=lot) for lot in lots]
    verified = _seconds_of("verify_exposures", operator=operator) / len(lots) * 1_000
    return {"explain": median(explained), "verify": round(verified, 3), "findings": len(lots)}


def _seconds_of(command: str, **asked: Any) -> float:
    began = time.perf_counter()
    call_command(command, json=True, stdout=StringIO(), **asked)
    return time.perf_counter() - began


def processor_seconds() -> float:
    """Seconds of processor time of this process and its children; the database's server is not among them."""
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return round(sum(each.ru_utime + each.ru_stime for each in used), 3)


WIDE_LOTS, RIGS_A_LOT = 2_500, 400
WIDE_DAY = date(2026, 11, 22)


def make_wide_fleet(operator: str) -> dict[str, Any]:
    """A million rigs, counted in 2,500 lots of facts that all differ, half of them with something unknown."""
    owner = Operator.objects.create(slug=operator, name=operator)
    sites = [Site.objects.create(operator=owner, name=f"site {n}", country="US") for n in range(4)]
    models = list(RigModel.objects.filter(hashrate_ghs__isnull=False).order_by("pk")[:60])
    Lot.objects.bulk_create(_wide_lot(owner, models[n % len(models)], n) for n in range(WIDE_LOTS))
    lots = enumerate(Lot.objects.of(owner).order_by("pk"))
    Holding.objects.bulk_create(_wide_holding(lot, sites[n % len(sites)]) for n, lot in lots)
    return {"lots": WIDE_LOTS, "rigs": WIDE_LOTS * RIGS_A_LOT}


def _wide_lot(owner: Operator, model: RigModel, number: int) -> Lot:
    has_arrived = number % 7 != 0
    day = date(2019, 1, 1) + timedelta(days=number)
    return Lot(
        operator=owner,
        facts_digest=f"{number:064d}",
        model=model,
        country_of_assembly=("CN", "MY", "ID", "TH", "US")[number % 5],
        country_of_origin=("CN", "MY", "ID", "TH", "")[number % 5],
        import_country="US",
        entry_date=day if has_arrived else None,
        expected_entry_date=None if has_arrived else date(2026, 12, 1) + timedelta(days=number % 90),
        entry_number=f"ABC-{number}",
        transport_mode=("air", "vessel", "")[number % 3],
        has_arrived=has_arrived,
    )


def _wide_holding(lot: Lot, site: Site) -> Holding:
    counts = dict.fromkeys(
        ("units", "units_with_hashrate", "units_with_power", "units_with_value"), RIGS_A_LOT
    )
    sums = {"hashrate_ghs": 200_000, "power_w": 3_500, "value_cents": 390_000}
    each = {name: figure * RIGS_A_LOT for name, figure in sums.items()}
    status = "deployed" if lot.has_arrived else "on order"
    return Holding(operator=lot.operator, lot=lot, site=site, status=status, **counts, **each)


def suppose(operator: str) -> dict[str, float]:
    """Seconds of the first answer of this process, which also reads the catalogue, and of each scenario after it."""
    owner, edition = Operator.objects.get(slug=operator), PolicyEdition.objects.current()
    scenarios = {name: read_scenario(said) for name, said in SCENARIOS.items()}

    def asked(scenario: Scenario) -> float:
        began = time.perf_counter()
        what_if(owner, scenario, edition=edition, on=WIDE_DAY)
        return time.perf_counter() - began

    bought = [{"model": "Antminer S21", "units": 1, "unit_value": "3000.00"}]
    first = asked(read_scenario({"rigs": {"sold": [{"site": "site 3"}], "bought": bought}}))
    return {"first": first, **{name: asked(scenario) for name, scenario in scenarios.items()}}


def check_purchases(operator: str) -> dict[str, Any]:
    """Seconds of requests to `assessments/` with so many lines: the first of this process, then the 95th percentile
    and the median of each size, with the bytes of one answer."""
    owner, at = Operator.objects.get(slug=operator), datetime.fromtimestamp(time.time(), UTC)
    how = {"name": "bench", "at": at, "scopes": [Scope.ASSESSMENTS_WRITE]}
    client = Client(
        headers={"Authorization": f"Bearer {issue_key(operator=owner, **how)[1]}"}, SERVER_NAME="localhost"
    )

    def asked(lines: int) -> tuple[float, int]:
        body = json.dumps({"purchase_order": "PO-BENCH", "lines": [line_to_check(n) for n in range(lines)]})
        began = time.perf_counter()
        answer = client.post(f"/api/v1/assessments/?on={WIDE_DAY}", body, content_type="application/json")
        seconds = time.perf_counter() - began
        if answer.status_code != 201:
            raise RuntimeError(answer.content.decode()[:500])
        return seconds, len(answer.content)

    told: dict[str, Any] = {"first": asked(1)[0]}
    for lines, times in REQUESTS.items():
        _, size = asked(lines)
        seconds = sorted(asked(lines)[0] for _ in range(times))
        p95 = seconds[max(0, round(0.95 * times) - 1)]
        told[str(lines)] = {"p95": p95, "median": median(seconds), "bytes": size}
    return told


def write_history(operator: str, rows: int) -> dict[str, float]:
    """Seconds for so many rows in the history of rigs, of the last upload over and over, with and without the digest
    that the audit keeps, and for the entry itself; all of it rolled back."""
    owner = Operator.objects.get(slug=operator)
    upload = Upload.objects.of(owner).filter(changes__isnull=False).order_by("-pk").first()
    if upload is None:
        raise RuntimeError(f"{operator} has no upload that changed rigs.")
    known = list(upload.changes.order_by("pk")[:rows])
    deed, rig_ids = Deed(operator=owner, at=upload.applied_at, upload=upload), cycle(known)
    told = [(each, number) for number, each in enumerate(islice(rig_ids, rows), start=2)]

    def written() -> Iterator[tuple[Any, ...]]:
        for each, version in told:
            yield (
                *(owner.pk, each.rig_id, upload.pk, None, None, None, "", upload.applied_at, version),
                *(False, False, each.lot_before_id, each.lot_after_id, each.site_before_id),
                *(plain_text(each.before), plain_text(each.after)),
            )

    def seconds(with_digest: bool) -> float:
        digest, began = HistoryDigest(), time.perf_counter()
        with transaction.atomic():
            RigChange.objects.filter(upload=upload).delete()
            began = time.perf_counter()
            insert_rows(
                RigChange, HISTORY, digested(written(), digest, DIGESTED) if with_digest else written()
            )
            if with_digest:
                put_on_record(deed, digest)
            taken = time.perf_counter() - began
            transaction.set_rollback(True)
        return taken

    return {"without": seconds(False), "with": seconds(True), "rows": float(rows)}
