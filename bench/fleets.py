"""Large fleets made as sets: lots by the thousand, rigs by one statement, holdings by another.

What a worker does is timed as in a worker: with the garbage collector as config.celery sets it.
"""

from __future__ import annotations

import statistics
import time
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.test import Client

from bench.api_in_product import a_manager
from bench.processes import until
from config.celery import spare_the_collector
from fleet.models import Lot, Operator, RigModel, Site
from ledger.queue import nudge
from risk.engine.terms.countries import CountryCode
from risk.engine.terms.spans import DateSpan
from risk.fleet_findings import forget_findings
from risk.flows.assess_lots import assess_owed_lots
from risk.flows.follow_policy_change import follow_unfollowed_editions
from risk.flows.owed import owe
from risk.models import Assessment, Exposure, PolicyEdition, ShareCurve
from risk.services import publish_edition, put_measures, start_draft
from risk.tasks import assess_owed
from tests.facts import a_measure, the_conditions

ORIGINS = ("CN", "MY", "ID", "TH", "US", "VN", "LA", "TW", "SG", "KR")
SITES_EACH = 4
SHEETS_EACH = 4
LOOK_EVERY = 0.25
"""Seconds between looks at what is owed: who looks takes from the machine that does the work."""


def make_fleets(
    *, rigs: int, lots: int, operators: int, kinds: int, sheets_each: int = SHEETS_EACH
) -> dict[str, Any]:
    """Fleets of so many rigs in so many lots of so many kinds of facts, shared out over operators.

    Of ten origins each has a tenth of the lots. Lots lie in the database as sheets bring them: each operator sent so
    many, one after the other of all operators. Returns the seconds that it took.
    """
    began = time.perf_counter()
    with transaction.atomic():
        made = [Operator(slug=f"operator-{n}", name=f"Operator {n}") for n in range(operators)]
        owners = Operator.objects.bulk_create(made)
        Site.objects.bulk_create(
            Site(operator=owner, name=f"site {n}", country="US")
            for owner in owners
            for n in range(SITES_EACH)
        )
        models = list(RigModel.objects.filter(hashrate_ghs__isnull=False).order_by("pk")[:20])
        of_a_sheet = max(1, lots // operators // sheets_each)
        Lot.objects.bulk_create(
            (
                _lot(owners[n // of_a_sheet % operators], models[n % len(models)], n, kinds)
                for n in range(lots)
            ),
            batch_size=2_000,
        )
        _make_rigs(rigs, lots)
        _count_holdings()
    _analyse()
    return {"seconds": round(time.perf_counter() - began, 1), "rigs": rigs, "lots": lots}


def _lot(owner: Operator, model: RigModel, number: int, kinds: int) -> Lot:
    """Lots of one kind agree in everything that bears on a finding, and differ in their purchase order."""
    kind = number % kinds
    return Lot(
        operator=owner,
        facts_digest=f"{number:064d}",
        model=model,
        country_of_assembly=ORIGINS[kind % len(ORIGINS)],
        country_of_origin=ORIGINS[kind % len(ORIGINS)],
        import_country="US",
        entry_date=date(2019, 1, 1) + timedelta(days=kind),
        entry_number=f"ABC-{number}",
        purchase_order=f"PO-{number}",
        transport_mode=("air", "vessel")[kind % 2],
    )


def _make_rigs(rigs: int, lots: int) -> None:
    """Rig n stands in lot n modulo lots, at the site of its operator that comes next."""
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE series AS {SERIES[connection.vendor]}", [rigs - 1])
        cursor.execute(RIGS.format(padded=PADDED[connection.vendor]), {"lots": lots, "sites": SITES_EACH})
        cursor.execute("DROP TABLE series")


SERIES = {
    "postgresql": "SELECT n FROM generate_series(0, %s) AS t(n)",
    "sqlite": "WITH RECURSIVE t(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM t WHERE n < %s) SELECT n FROM t",
}
PADDED = {
    "postgresql": "lpad((n %% %(lots)s)::text, 64, '0')",
    "sqlite": "printf('%%064d', n %% %(lots)s)",
}
RIGS = """
    INSERT INTO fleet_rig (operator_id, lot_id, site_id, serial_number, quantity, status, hashrate_ghs, power_w,
        customs_value_cents, version, is_missing, rack, position, notes)
    SELECT lot.operator_id, lot.id,
        (SELECT min(id) FROM fleet_site WHERE operator_id = lot.operator_id) + (n / %(lots)s) %% %(sites)s,
        'SN' || n, 1, 'deployed', 200000, 3500, 390000, 1, false, '', '', ''
    FROM series JOIN fleet_lot lot ON lot.facts_digest = {padded}
"""


def _count_holdings() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO fleet_holding (operator_id, lot_id, site_id, status, units, hashrate_ghs,"
            " units_with_hashrate, power_w, units_with_power, value_cents, units_with_value)"
            " SELECT operator_id, lot_id, site_id, status, count(*), sum(hashrate_ghs), count(hashrate_ghs),"
            " sum(power_w), count(power_w), sum(customs_value_cents), count(customs_value_cents)"
            " FROM fleet_rig GROUP BY operator_id, lot_id, site_id, status"
        )


def _analyse() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def assess_all(on: str) -> dict[str, float]:
    """Seconds until every lot has its finding, all being owed."""
    spare_the_collector()
    began = time.perf_counter()
    with transaction.atomic():
        owe(Lot.objects.values_list("pk", flat=True), cause="benchmark", now=_now())
    assess_owed_lots(assessed_on=date.fromisoformat(on), clock=_now)
    return {"seconds": round(time.perf_counter() - began, 3), "lots": Exposure.objects.current().count()}


def assess_all_by_workers() -> dict[str, float]:
    """Seconds until the product's workers have a finding for every lot, all being owed."""
    began = time.perf_counter()
    with transaction.atomic():
        owe(Lot.objects.values_list("pk", flat=True), cause="benchmark", now=_now())
    nudge(assess_owed)
    return {"seconds": _until_nothing_is_owed(began), "lots": Exposure.objects.current().count()}


def publish_to_workers(code: str, on: str) -> dict[str, float]:
    """Seconds from publishing an edition that touches all lots until the product's workers have followed it. Shares
    through time, which they make of the findings before it, are made first."""
    until(lambda: ShareCurve.objects.count() == Operator.objects.count(), every=LOOK_EVERY)
    began = _published(code, [], on)
    return {"seconds": _until_nothing_is_owed(began), "lots": Exposure.objects.current().count()}


def _until_nothing_is_owed(began: float) -> float:
    unfollowed = PolicyEdition.objects.unfollowed()
    until(lambda: not unfollowed.exists() and not Assessment.objects.waiting().exists(), every=LOOK_EVERY)
    return round(time.perf_counter() - began, 3)


def publish(code: str, origins: list[str], on: str) -> dict[str, Any]:
    """Seconds from publishing an edition with one measure more, on these origins (none: all), until the last finding
    that it touches is committed; and how many lots that were."""
    spare_the_collector()
    day, began = date.fromisoformat(on), _published(code, origins, on)
    touched = follow_unfollowed_editions(now=_now())
    assess_owed_lots(assessed_on=day, clock=_now)
    seconds = round(time.perf_counter() - began, 3)
    return {"seconds": seconds, "touched": touched, "owed": Assessment.objects.count()}


def _published(code: str, origins: list[str], on: str) -> float:
    """Publish an edition with one measure more; when that began."""
    conditions = the_conditions(origins=frozenset(map(CountryCode, origins))) if origins else the_conditions()
    measure = a_measure(
        code=code,
        family=code.lower(),
        authority=code,
        span=DateSpan(date(2026, 11, 1)),
        conditions=conditions,
    )
    draft = put_measures(edition=start_draft(title=code), measures=[measure])
    began = time.perf_counter()
    publish_edition(edition=draft, on=date.fromisoformat(on), at=_now(), reason="benchmark")
    return began


def publish_only(code: str, on: str) -> None:
    """Publish an edition that touches all lots, and leave what follows to others."""
    _published(code, [], on)


def follow() -> int:
    """Owe what published editions touch; how many lots that are."""
    return follow_unfollowed_editions(now=_now())


def drain(on: str) -> dict[str, float]:
    """Assess until nothing is owed that nobody else holds: when that began and ended, by the machine's clock."""
    spare_the_collector()
    began = time.time()
    assess_owed_lots(assessed_on=date.fromisoformat(on), clock=_now)
    return {"began": began, "ended": time.time()}


def page(address: str) -> dict[str, Any]:
    """Seconds of server time for a page of the first operator: the median while its fleet stands, and the first time
    after its findings changed."""
    visitor = a_manager("operator-0")
    _timed(visitor, address)  # what a process reads once
    forget_findings()
    after = _timed(visitor, address)
    asked: list[str] = []
    with connection.execute_wrapper(lambda execute, sql, *rest: asked.append(sql) or execute(sql, *rest)):
        visitor.get(address)
    median = statistics.median(_timed(visitor, address) for _ in range(9))
    return {"median": round(median, 3), "after_a_change": round(after, 3), "queries": len(asked)}


def _timed(visitor: Client, address: str) -> float:
    began = time.perf_counter()
    answer = visitor.get(address)
    if answer.status_code != 200:
        raise RuntimeError(f"{address} answered {answer.status_code}.")
    return time.perf_counter() - began


def count_rigs() -> dict[str, float]:
    """Seconds of one statement that counts and measures all rigs by lot, site and status."""
    began = time.perf_counter()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT lot_id, site_id, status, count(*), sum(hashrate_ghs), sum(power_w), sum(customs_value_cents)"
            " FROM fleet_rig GROUP BY lot_id, site_id, status"
        )
        groups = len(cursor.fetchall())
    return {"seconds": round(time.perf_counter() - began, 3), "groups": groups}


def _now() -> datetime:
    return datetime.fromtimestamp(time.time(), UTC)
