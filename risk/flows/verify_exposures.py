"""Findings on record -> what they rest on, decided anew -> those that are not what was decided. Records nothing."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from django.db import models

from fleet.models import Operator
from risk.book import considered, reads_as_published
from risk.engine.exposure import ENGINE_VERSION
from risk.engine.kept_facts import digest_of
from risk.engine.sittings import Sitting
from risk.flows.exposure_rows import ExposureRows, kept_day, kept_lot
from risk.models import Explanation, Exposure, PolicyEdition
from risk.models.exposure import ExposureQuerySet

CHUNK = 500
# What says when a finding was made and of which lot, not what was found.
NOT_FOUND = frozenset({"id", "lot", "run", "edition", "is_current", "assessed_at", "explanation"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A finding on record that is not what its facts come to, by the columns that differ."""

    exposure_id: int
    lot_id: int
    columns: tuple[str, ...]
    kept: dict[str, Any]
    recomputed: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unverified:
    """A finding on record that cannot be decided anew, and why."""

    exposure_id: int
    lot_id: int
    because: str


@dataclass(slots=True, kw_only=True)
class Verification:
    """How many findings are what their facts come to, which are not, and which cannot be told."""

    equal: int = 0
    differing: list[Difference] = field(default_factory=list)
    unverified: list[Unverified] = field(default_factory=list)


class _NotVerifiable(Exception):
    """Why a finding cannot be decided anew, in a sentence."""


def verify_exposures(operator: Operator | None = None) -> Verification:
    """Decide every current finding anew from the facts, edition and engine version that it keeps."""
    done, editions = Verification(), _Editions()
    for row in _current(operator).iterator(chunk_size=CHUNK):
        try:
            different = _difference(row, editions)
        except _NotVerifiable as why:
            done.unverified.append(Unverified(exposure_id=row.pk, lot_id=row.lot_id, because=str(why)))
            continue
        if different:
            done.differing.append(different)
        else:
            done.equal += 1
    return done


def _current(operator: Operator | None) -> ExposureQuerySet:
    rows = Exposure.objects.current().select_related("edition", "explanation").order_by("pk")
    return rows.filter(lot__operator=operator) if operator else rows


class _Editions:
    """One sitting for each edition and day; an edition's measures, and what explains many findings, are compared with
    their digests once."""

    def __init__(self) -> None:
        self._rows: dict[int, ExposureRows] = {}
        self._kept_whole: dict[int, bool] = {}
        self._sittings: dict[tuple[int, date], Sitting] = {}
        self._unchanged: dict[int, bool] = {}

    def sitting(self, edition: PolicyEdition, on: date) -> Sitting:
        """The sitting of that edition on a day."""
        if (edition.pk, on) not in self._sittings:
            self._sittings[edition.pk, on] = Sitting(considered(edition), on)
        return self._sittings[edition.pk, on]

    def rows(self, edition: PolicyEdition) -> ExposureRows:
        """The rows that findings under the edition come to."""
        return self._rows.setdefault(edition.pk, ExposureRows(edition))

    def is_unchanged(self, edition: PolicyEdition) -> bool:
        """Whether the edition is what was published."""
        if edition.pk not in self._unchanged:
            self._unchanged[edition.pk] = reads_as_published(edition)
        return self._unchanged[edition.pk]

    def is_whole(self, explanation: Explanation) -> bool:
        """Whether an explanation is what was written."""
        if explanation.pk not in self._kept_whole:
            self._kept_whole[explanation.pk] = digest_of(explanation.body) == explanation.digest
        return self._kept_whole[explanation.pk]


def _difference(row: Exposure, editions: _Editions) -> Difference | None:
    if row.engine_version != ENGINE_VERSION:
        raise _NotVerifiable(f"Engine version {row.engine_version} decided it; this one is {ENGINE_VERSION}.")
    if not editions.is_unchanged(row.edition):
        raise _NotVerifiable(f"The measures of {row.edition} are not those that it was published with.")
    again = _decided_again(row, editions)
    return _compared(row, again, is_told_alike=_is_told_alike(row, again, editions))


def _is_told_alike(row: Exposure, again: Exposure, editions: _Editions) -> bool:
    return editions.is_whole(row.explanation) and row.explanation.digest == again.explanation.digest


def _decided_again(row: Exposure, editions: _Editions) -> Exposure:
    """The row that the kept facts come to, not saved."""
    try:
        lot, on = kept_lot(row), kept_day(row)
        result = editions.sitting(row.edition, on).assess(lot.facts, lot.vendor, lot.value)
    except Exception as fault:
        told = f"{type(fault).__name__}: {fault}".rstrip(".")
        raise _NotVerifiable(f"What it rests on cannot be decided: {told}.") from fault
    return editions.rows(row.edition).row(lot, result, row.assessed_at)


def _compared(row: Exposure, again: Exposure, *, is_told_alike: bool) -> Difference | None:
    found = [each for each in Exposure._meta.concrete_fields if each.name not in NOT_FOUND]
    kept, recomputed = ({each.name: _value(each, one) for each in found} for one in (row, again))
    if not is_told_alike:
        kept["explanation"], recomputed["explanation"] = row.explanation.body, again.explanation.body
    columns = tuple(name for name in kept if kept[name] != recomputed[name] or name == "explanation")
    if not columns:
        return None
    return Difference(
        exposure_id=row.pk,
        lot_id=row.lot_id,
        columns=columns,
        kept={name: kept[name] for name in columns},
        recomputed={name: recomputed[name] for name in columns},
    )


def _value(column: models.Field[Any, Any], row: Exposure) -> Any:
    """A value as the database keeps it: decimals to as many places as the column has."""
    value = getattr(row, column.attname)
    if isinstance(column, models.DecimalField) and value is not None:
        return Decimal(value).quantize(Decimal(1).scaleb(-column.decimal_places), ROUND_HALF_EVEN)
    return value
