"""What is on record of a fleet, as far as a sheet's rows could mean it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property, partial
from itertools import islice
from typing import Any, NamedTuple, TypeVar

from django.db.models import F, Value
from django.db.models.functions import Coalesce

from fleet.catalogue.names import Resolution
from fleet.models import Lot, Operator, Rig, RigBin, RigIdentifier, RigModel, Site
from fleet.models.operator import OwnedQuerySet
from fleet.selectors import in_chunks
from fleet.sheets.cells.identities import identity_of, spellings_of
from fleet.sheets.cells.texts import PLAIN_MAC_ADDRESS
from ledger.id_sets import among, among_texts
from risk.engine.kept_facts import digest_of
from risk.engine.terms.rigs import RigStatus

T = TypeVar("T")

ROWS_A_FETCH = 10_000
MANY_LOTS = 5_000  # lots of which to ask for all of the operator is quicker
BYTES_A_ROW = 20  # no row of a packed workbook is smaller
FEW = 10  # a sheet of less than a tenth of the fleet asks for its own rigs alone


class LotKey(NamedTuple):
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
        return digest_of(self._asdict())

    @property
    def facts(self) -> dict[str, Any]:
        """The facts but for the model, as a lot on record holds them."""
        return {name: getattr(self, name) for name in LOT_FIELDS if name != "model_id"}


class KnownRig(NamedTuple):
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

    @property
    def name(self) -> str:
        """How people call it."""
        return self.serial_number or self.mac_address or f"{self.quantity} rigs"

    @property
    def is_counted(self) -> bool:
        """Whether it is so many alike without an identifier, rather than one machine."""
        return not (self.serial_number or self.mac_address)


class OnRecord(NamedTuple):
    """A rig as it stands in the database."""

    rig_id: int
    version: int
    rig: KnownRig
    lot: LotKey


LOT_FIELDS = LotKey._fields
RIG_FIELDS = KnownRig._fields
NOTHING = KnownRig()
NO_LOT = LotKey(model_id=0)


@dataclass
class KnownFleet:
    """An operator's fleet seen from one sheet: look-ups that ask the database nothing.

    `version` is the fleet's when it was first looked at. `load_whole` or `load` comes before the look-ups;
    which of the two is quicker depends on how much of the fleet the sheet is about. Identifiers are compared
    by their identity (fleet.sheets.cells.identities); `by_former` knows those that rigs had before, and
    `shared_macs` the MAC addresses that are on record for more than one rig.
    """

    operator: Operator
    version: int = 0
    site_countries: dict[str, str] = field(default_factory=dict)
    by_serial: dict[str, OnRecord] = field(default_factory=dict)
    by_mac: dict[str, OnRecord] = field(default_factory=dict)
    shared_macs: dict[str, list[OnRecord]] = field(default_factory=dict)
    by_former: dict[str, OnRecord] = field(default_factory=dict)
    by_saying: dict[tuple[LotKey, KnownRig], list[OnRecord]] = field(default_factory=dict)
    is_loaded: bool = False

    def __post_init__(self) -> None:
        mine = Operator.objects.filter(pk=self.operator.pk)
        self.version = mine.values_list("fleet_version", flat=True).get()
        self.site_countries = dict(Site.objects.of(self.operator).values_list("name", "country"))

    def load_beside(self, file_bytes: int) -> None:
        """Load the whole fleet where a file of that size may be about much of it."""
        if Rig.objects.of(self.operator).count() <= file_bytes / BYTES_A_ROW:
            self.load_whole()

    def load(self, identifiers: Iterable[str]) -> None:
        """Load the rigs that these serial numbers and MAC addresses name or named, and all counts; the whole fleet
        where it is not much larger.
        """
        if self.is_loaded:
            return
        named = list(identifiers)
        if len(named) * FEW > Rig.objects.of(self.operator).count():
            self.load_whole()
        else:
            self.load_named(named, counts=True)

    def load_named(self, identifiers: Iterable[str], *, counts: bool) -> None:
        """Load the rigs that these identifiers name or named, however large the fleet, and with `counts` those that
        have none.
        """
        named = list({spelling for each in identifiers for spelling in spellings_of(each)})
        macs = [each for each in named if PLAIN_MAC_ADDRESS.fullmatch(each)]
        rigs = Rig.objects.of(self.operator)
        former = list(_values(self._former().filter(value__in=among_texts(named))))
        queries = [rigs.filter(serial_number__isnull=True, mac_address__isnull=True)] if counts else []
        queries += [rigs.filter(serial_number__in=among_texts(named))]
        queries += [rigs.filter(mac_address__in=among_texts(macs))] if macs else []
        queries += [rigs.filter(pk__in=among({rig_id for _, rig_id in former}))] if former else []
        self._remember(queries, former)

    def load_whole(self) -> None:
        """Load every rig."""
        if not self.is_loaded:
            self._remember([Rig.objects.of(self.operator)], _values(self._former()))

    def rig_called(self, serial: str | None, mac: str | None) -> OnRecord | None:
        """The rig that bears the serial number, else the one that bears the MAC address."""
        found = self.by_serial.get(identity_of(serial)) if serial else None
        return found or (self.by_mac.get(mac) if mac else None)

    def site_name(self, written: str) -> str:
        """A site's name as it is on record; names differ by more than case and spaces."""
        folded = _folded(written)
        return self._site_names.setdefault(folded, written.strip())

    def model_id(self, found: Resolution) -> int:
        """The id of the model that a resolution names; 0 where it names none."""
        return self._model_ids.get((found.maker or "", found.model or ""), 0)

    def bin_id(self, found: Resolution) -> int | None:
        """The id of the bin that a resolution names, where it names one that one reading stands for."""
        return self._bin_ids.get((self.model_id(found), found.bin)) if found.bin else None

    def ids_in_fleet(self) -> set[int]:
        """The ids of all rigs that are not gone."""
        gone = [status.value for status in RigStatus if not status.counts_in_fleet]
        mine = Rig.objects.of(self.operator).exclude(status__in=gone)
        return set(mine.values_list("pk", flat=True))

    def _former(self) -> OwnedQuerySet:
        return RigIdentifier.objects.of(self.operator).order_by("pk")

    def _remember(self, queries: Iterable[OwnedQuerySet], former: Iterable[tuple[str, int]]) -> None:
        by_id = {}
        for found in rigs_on_record(self.operator, queries):
            serial, mac = found.rig[:2]
            if serial:
                self.by_serial[identity_of(serial)] = found
            if mac:
                other = self.by_mac.setdefault(mac, found)
                if other.rig_id != found.rig_id:
                    self.shared_macs.setdefault(mac, [other]).append(found)
            if not (serial or mac) and found.rig_id not in by_id:
                self.by_saying.setdefault((found.lot, found.rig._replace(quantity=1)), []).append(found)
            by_id[found.rig_id] = found
        for value, rig_id in former:
            self.by_former[identity_of(value)] = by_id[rig_id]
        self.is_loaded = True

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
    both = zip(before._fields, before, after, strict=True)
    differing = [(name, old, new) for name, old, new in both if old != new]
    return {name: old for name, old, _ in differing}, {name: new for name, _, new in differing}


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


def lot_key(lot: Lot) -> LotKey:
    """The facts of a lot on record, as a key."""
    facts = {name: getattr(lot, name) for name in LOT_FIELDS}
    return LotKey(**{**facts, "us_content_percent": exact(facts["us_content_percent"])})


def rigs_on_record(operator: Operator, queries: Iterable[OwnedQuerySet]) -> Iterator[OnRecord]:
    """The rigs of some queries, each with the facts of its lot."""
    lots: dict[int, LotKey] = {}
    rig_of = partial(tuple.__new__, KnownRig)
    told = [Coalesce(F("site__name"), Value("")) if name == "site" else F(name) for name in RIG_FIELDS]
    for query in queries:
        rows = query.values_list("pk", "version", "lot_id", *told).iterator(chunk_size=ROWS_A_FETCH)
        while some := list(islice(rows, ROWS_A_FETCH)):
            _add_lots(lots, operator, {row[2] for row in some})
            yield from made_of(OnRecord, ((row[0], row[1], rig_of(row[3:]), lots[row[2]]) for row in some))


def _add_lots(lots: dict[int, LotKey], operator: Operator, lot_ids: set[int]) -> None:
    """Facts of lots that are not among them yet."""
    unknown = lot_ids - lots.keys()
    mine = Lot.objects.of(operator)
    queries = (
        [mine] if len(unknown) > MANY_LOTS else [mine.filter(pk__in=some) for some in in_chunks(unknown)]
    )
    for query in queries:
        lots.update((lot.pk, lot_key(lot)) for lot in query)


def made_of(kind: type[T], rows: Iterable[tuple[Any, ...]]) -> Iterator[T]:
    """Named tuples of plain ones in C: `kind._make` takes three times as long for a hundred thousand (measured)."""
    return map(partial(tuple.__new__, kind), rows)  # type: ignore[type-var]


def exact(percent: Decimal | None) -> Decimal | None:
    """The same number however many zeros the sheet or the database adds."""
    return None if percent is None else Decimal(f"{percent.normalize():f}")


def _values(former: OwnedQuerySet) -> Iterable[tuple[str, int]]:
    return former.values_list("value", "rig_id")


def _folded(name: str) -> str:
    return " ".join(name.casefold().split())
