"""What is on record, compared with what the facts come to when all is worked out again from nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from hashlib import sha256

from django.db.models import Count

from fleet.flows.holding_counts import _counted, _holding
from fleet.models import Holding, Lot, Operator
from risk.book import considered
from risk.engine.kept_facts import digest_of
from risk.engine.sittings import Sitting
from risk.flows.exposure_rows import ExposureRows, kept_day, kept_lot
from risk.flows.gather_lots import LotToAssess, gather
from risk.flows.verify_exposures import NOT_FOUND, _value
from risk.models import Assessment, Explanation, Exposure, PolicyEdition

COUNTED = [field for field in Holding._meta.concrete_fields if not field.primary_key]
FOUND = [field for field in Exposure._meta.concrete_fields if field.name not in NOT_FOUND]
AT_ANY_TIME = datetime(2026, 1, 1, tzinfo=UTC)
"""When a finding was made is no part of what was found."""
LIVES_ON = frozenset({"basis", "list_editions"})
"""What an edition of law or lists that does not touch a lot changes in its finding without an assessment: no more."""


def differences(today: date) -> Iterator[str]:
    """Sentences; none where every holding equals its rigs, no lot was set aside, every lot with rigs has one current
    finding that is, byte for byte, what the facts of now come to, and every explanation is what its digest says."""
    yield from _of_holdings()
    yield from _of_lots()
    for each in Assessment.objects.set_aside():
        yield f"Lot {each.lot_id} was set aside: {each.error}"
    yield from _of_findings(today)
    yield from _of_explanations()


def _of_holdings() -> Iterator[str]:
    for operator in Operator.objects.order_by("pk"):
        lots = list(Lot.objects.filter(operator=operator).values_list("pk", flat=True))
        counted = {_told(_holding(operator, row)) for row in _counted(lots)}
        kept = {_told(each) for each in Holding.objects.filter(operator=operator)}
        yield from (f"The holding {each} is on record, and no rigs come to it." for each in kept - counted)
        yield from (f"The rigs come to {each}, which is not on record." for each in counted - kept)


def _told(holding: Holding) -> tuple[object, ...]:
    return tuple(getattr(holding, field.attname) for field in COUNTED)


def _of_lots() -> Iterator[str]:
    held = set(Lot.objects.filter(holdings__isnull=False).values_list("pk", flat=True))
    found = set(Exposure.objects.current().values_list("lot_id", flat=True))
    yield from (f"Lot {pk} has rigs and no finding." for pk in sorted(held - found))
    twice = Exposure.objects.order_by().values("lot", "basis").annotate(times=Count("pk")).filter(times__gt=1)
    yield from (f"Lot {each['lot']} has the same finding {each['times']} times." for each in twice)


def _of_findings(today: date) -> Iterator[str]:
    current = PolicyEdition.objects.current()
    rows = Exposure.objects.current().filter(lot__holdings__isnull=False).distinct()
    anew = _Anew()
    kept = {row.lot_id: row for row in rows.select_related("edition", "explanation")}
    for lot in gather(list(kept)):
        row = kept[lot.lot_id]
        yield from _unlike(
            row, anew.row(_as_screened(lot, row), row.edition, kept_day(row)), "what it names", ()
        )
        yield from _unlike(row, anew.row(lot, current, today), "the edition in force today", LIVES_ON)


def digests() -> tuple[str, str]:
    """Of every current finding with its explanation: as it is on record, and as the facts of now come to.

    Both cover every byte that was found; equal digests are equal findings.
    """
    rows = Exposure.objects.current().filter(lot__holdings__isnull=False).distinct()
    kept = {row.lot_id: row for row in rows.select_related("edition", "explanation")}
    anew, again = _Anew(), {}
    for lot in gather(list(kept)):
        row = kept[lot.lot_id]
        again[lot.lot_id] = anew.row(_as_screened(lot, row), row.edition, kept_day(row))
    return _digest(kept), _digest(again)


def _digest(rows: dict[int, Exposure]) -> str:
    told = sha256()
    for lot_id, row in sorted(rows.items()):
        # By the names of their keys: PostgreSQL keeps JSON in an order of its own.
        columns = {field.name: _value(field, row) for field in FOUND}
        told.update(digest_of(lot_id, columns, row.explanation.body).encode())
    return told.hexdigest()


def _as_screened(lot: LotToAssess, row: Exposure) -> LotToAssess:
    """The lot as it is, with its maker as screened against the editions that the finding names: a newer edition of a
    list that says nothing else of the maker leaves the finding as it is. Of other lists it may not be."""
    kept = kept_lot(row).vendor.lists_screened
    if {each.list_code for each in kept} != {each.list_code for each in lot.vendor.lists_screened}:
        return lot
    return replace(lot, vendor=replace(lot.vendor, lists_screened=kept))


class _Anew:
    """Findings worked out again; what lots share is worked out once for an edition and day."""

    def __init__(self) -> None:
        self._sittings: dict[tuple[int, date], tuple[ExposureRows, Sitting]] = {}

    def row(self, lot: LotToAssess, edition: PolicyEdition, day: date) -> Exposure:
        """The row that the facts come to, not saved."""
        known = self._sittings.get((edition.pk, day))
        if known is None:
            known = ExposureRows(edition), Sitting(considered(edition), day)
            self._sittings[edition.pk, day] = known
        rows, sitting = known
        return rows.row(lot, sitting.assess(lot.facts, lot.vendor, lot.value), AT_ANY_TIME)


def _unlike(
    row: Exposure, again: Exposure, under: str, lives_on: frozenset[str] | tuple[()]
) -> Iterator[str]:
    for field in FOUND:
        kept, anew = _value(field, row), _value(field, again)
        if kept != anew and field.name not in lives_on:
            yield f"Lot {row.lot_id}: {field.name} is {kept!r}, and under {under} it is {anew!r}."
    if not lives_on and row.explanation.digest != again.explanation.digest:
        yield f"Lot {row.lot_id} is explained otherwise under {under}."


def _of_explanations() -> Iterator[str]:
    for each in Explanation.objects.iterator(chunk_size=500):
        if digest_of(each.body) != each.digest:
            yield f"Explanation {each.pk} is not what its digest says."
