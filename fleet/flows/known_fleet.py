"""What is on record of a fleet, as far as a sheet's rows could mean it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from fleet.catalogue.names import Resolution
from fleet.models import Lot, Operator, Rig, RigBin, RigModel, Site
from fleet.models.operator import OwnedQuerySet
from fleet.selectors import in_chunks
from fleet.sheets.rows import ParsedRow
from risk.engine.facts import digest_of
from risk.engine.terms.rigs import RigStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class LotKey:
    """The facts that make a lot the only one of its kind. Empty text and None are what nobody gave."""

    model_id: int
    country_of_assembly: str = ""
    country_of_origin: str = ""
    hashboard_origin: str = ""
    hts_code: str = ""
    import_country: str = ""
    entry_date: date | None = None
    expected_entry_date: date | None = None
    entry_number: str = ""
    transport_mode: str = ""
    loaded_date: date | None = None
    importer_of_record: str = ""
    us_content_percent: Decimal | None = None
    usmca_claim: bool | None = None
    purchase_order: str = ""
    has_arrived: bool = True

    @property
    def digest(self) -> str:
        """The same for the same facts, in every process."""
        return digest_of(self)

    @property
    def facts(self) -> dict[str, Any]:
        """The facts but for the model, as a lot on record holds them."""
        return {name: getattr(self, name) for name in LOT_FIELDS if name != "model_id"}


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownRig:
    """What is told of a rig beside its lot; per unit."""

    serial_number: str | None = None
    mac_address: str | None = None
    quantity: int = 1
    site: str = ""
    bin_id: int | None = None
    status: str = ""
    hashrate_ghs: int | None = None
    power_w: int | None = None
    customs_value_cents: int | None = None
    duty_paid_cents: int | None = None
    rack: str = ""
    position: str = ""
    notes: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OnRecord:
    """A rig as it stands in the database."""

    rig_id: int
    version: int
    rig: KnownRig
    lot: LotKey


LOT_FIELDS = tuple(fact.name for fact in fields(LotKey))
RIG_FIELDS = tuple(fact.name for fact in fields(KnownRig))


@dataclass(kw_only=True)
class KnownFleet:
    """An operator's fleet seen from one sheet: look-ups that ask the database nothing."""

    version: int = 0
    by_serial: dict[str, OnRecord] = field(default_factory=dict)
    by_mac: dict[str, OnRecord] = field(default_factory=dict)
    by_saying: dict[tuple[LotKey, KnownRig], OnRecord] = field(default_factory=dict)
    site_countries: dict[str, str] = field(default_factory=dict)
    ids_in_fleet: set[int] = field(default_factory=set)

    def find(self, row: ParsedRow) -> OnRecord | None:
        """The rig that a row means: by its serial number, else by its MAC address."""
        if row.serial_number:
            return self.by_serial.get(row.serial_number)
        return self.by_mac.get(row.mac_address) if row.mac_address else None

    def counted(self, lot: LotKey, each: KnownRig) -> OnRecord | None:
        """The count on record of rigs without identifiers that say the same."""
        return self.by_saying.get((lot, each))

    def site_name(self, written: str) -> str:
        """A site's name as it is on record; names differ by more than case and spaces."""
        folded = _folded(written)
        return self._site_names.setdefault(folded, written.strip())

    def model_id(self, found: Resolution) -> int:
        """The id of the model that a resolution names."""
        return self._model_ids[(found.maker or "", found.model or "")]

    def bin_id(self, found: Resolution) -> int | None:
        """The id of the bin that a resolution names, where it names one that one reading stands for."""
        return self._bin_ids.get((self.model_id(found), found.bin)) if found.bin else None

    @cached_property
    def _site_names(self) -> dict[str, str]:
        return {_folded(name): name for name in self.site_countries}

    @cached_property
    def _model_ids(self) -> dict[tuple[str, str], int]:
        rows = RigModel.objects.values_list("maker__name", "name", "pk")
        return {(maker, name): pk for maker, name, pk in rows}

    @cached_property
    def _bin_ids(self) -> dict[tuple[int, str], int]:
        rows = RigBin.objects.order_by("-reading").values_list("model_id", "name", "pk")
        return {(model, name): pk for model, name, pk in rows}


def difference(before: KnownRig | LotKey, after: KnownRig | LotKey) -> tuple[dict[str, Any], dict[str, Any]]:
    """The values that differ, as they were and as they are to be."""
    if before == after:
        return {}, {}
    names = [f.name for f in fields(before) if getattr(before, f.name) != getattr(after, f.name)]
    return {name: getattr(before, name) for name in names}, {name: getattr(after, name) for name in names}


def key_from(plain: Mapping[str, Any]) -> LotKey:
    """The facts of a lot back from JSON."""
    return LotKey(**{name: typed_fact(name, value) for name, value in plain.items()})


def typed_fact(name: str, value: Any) -> Any:
    """One fact of a lot back from JSON."""
    if value is None:
        return None
    if name.endswith("_date"):
        return date.fromisoformat(value)
    return Decimal(value) if name == "us_content_percent" else value


def known_fleet(operator: Operator, rows: Iterable[ParsedRow]) -> KnownFleet:
    """The sites of an operator, and those of its rigs that the rows could mean."""
    rows = list(rows)
    version = Operator.objects.values_list("fleet_version", flat=True).get(pk=operator.pk)
    sites = dict(Site.objects.of(operator).values_list("name", "country"))
    fleet = KnownFleet(version=version, site_countries=sites)
    serials = {row.serial_number for row in rows if row.serial_number}
    macs = {row.mac_address for row in rows if row.mac_address and not row.serial_number}
    mine = Rig.objects.of(operator)
    queries = [mine.filter(serial_number__isnull=True, mac_address__isnull=True)]
    queries += [mine.filter(serial_number__in=some) for some in in_chunks(serials)]
    queries += [mine.filter(mac_address__in=some) for some in in_chunks(macs)]
    for found in rigs_on_record(operator, queries):
        _remember(fleet, found)
    gone = [status.value for status in RigStatus if not status.counts_in_fleet]
    fleet.ids_in_fleet = set(mine.exclude(status__in=gone).values_list("pk", flat=True))
    return fleet


def _remember(fleet: KnownFleet, found: OnRecord) -> None:
    if found.rig.serial_number:
        fleet.by_serial[found.rig.serial_number] = found
    if found.rig.mac_address:
        fleet.by_mac[found.rig.mac_address] = found
    if not (found.rig.serial_number or found.rig.mac_address):
        fleet.by_saying[(found.lot, replace(found.rig, quantity=1))] = found


def lot_key(lot: Lot) -> LotKey:
    """The facts of a lot on record, as a key."""
    facts = {name: getattr(lot, name) for name in LOT_FIELDS}
    return LotKey(**{**facts, "us_content_percent": _exact(facts["us_content_percent"])})


def rigs_on_record(operator: Operator, queries: Iterable[OwnedQuerySet]) -> Iterator[OnRecord]:
    """The rigs of some queries, each with the facts of its lot."""
    lots = {lot.pk: lot_key(lot) for lot in Lot.objects.of(operator)}
    columns = ["site__name" if name == "site" else name for name in RIG_FIELDS]
    for query in queries:
        for pk, version, lot_id, *told in query.values_list("pk", "version", "lot_id", *columns):
            facts = dict(zip(RIG_FIELDS, told, strict=True))
            rig = KnownRig(**{**facts, "site": facts["site"] or ""})
            yield OnRecord(rig_id=pk, version=version, rig=rig, lot=lots[lot_id])


def _exact(percent: Decimal | None) -> Decimal | None:
    """The same number however many zeros the database adds."""
    return None if percent is None else Decimal(f"{percent.normalize():f}")


def _folded(name: str) -> str:
    return " ".join(name.casefold().split())
