"""Questions about fleets: the facts and values of lots, what is held where, which model a string names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, fields
from decimal import Decimal
from functools import cache, partial
from operator import attrgetter, itemgetter
from typing import Any, NamedTuple, TypeVar

from django.db.models import Count, Exists, F, Max, OuterRef, QuerySet, Sum, Value
from django.utils.text import slugify

from fleet.catalogue.files import CatalogueAlias, CatalogueModel
from fleet.catalogue.makers import MAKER_KINDS, MakerNames
from fleet.catalogue.names import NameIndex, Resolution
from fleet.catalogue.words import read_words
from fleet.models import Holding, Lot, ModelAlias, Operator, Receipt, Rig, RigBin, RigIdentifier, RigModel
from fleet.sheets.cells.identities import spellings_of
from fleet.sheets.cells.texts import mac_address
from ledger.written_queries import Places, WrittenQuery
from risk.engine.facts import LotFacts
from risk.engine.shares import FIGURES, Measured
from risk.engine.terms.countries import CountryCode
from risk.engine.terms.hts import HtsCode
from risk.engine.terms.rigs import RigStatus, TransportMode
from vendors.selectors import NamesOfBefore, names_of_before

T = TypeVar("T")
CHUNK = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Holdings:
    """A lot's rigs at one site in one status, with the words by which they are grouped."""

    lot_id: int
    maker: str
    model: str
    country_of_origin: str | None
    country_of_assembly: str | None
    site: str | None
    status: RigStatus
    rigs: Measured


def in_chunks(items: Iterable[T], size: int = CHUNK) -> Iterator[list[T]]:
    """The items in lists of at most `size`, so that no query names more than a database takes."""
    items = list(items)
    return (items[start : start + size] for start in range(0, len(items), size))


class LotOfMaker(NamedTuple):
    """A lot's facts beside its id and that of its maker."""

    lot_id: int
    maker_id: int
    facts: LotFacts


class GoodsAlike(NamedTuple):
    """Lots of one model that measures look at alike first: by HTS code, country of import and origins. `facts` has
    these alone."""

    maker_id: int
    facts: LotFacts
    lot_ids: list[int]


def lots_of_makers(lot_ids: Collection[int]) -> list[LotOfMaker]:
    """The facts of lots in the order of their ids.

    Two queries, and no objects of the ORM: for many lots these cost more than the facts. What lots of one kind share
    is read once.
    """
    rows = _LOTS.stored(lots=lot_ids)
    models = RigModel.objects.select_related("maker").in_bulk({row[1] for row in rows})
    kinds: dict[tuple[Any, ...], partial[LotFacts]] = {}
    found = []
    for row in rows:
        pk, model_id, *papers = row[:_SHARED_FROM]
        kind = model_id, row[_SHARED_FROM:]
        if kind not in kinds:
            kinds[kind] = _kind_of(models[model_id], row)
        found.append(LotOfMaker(pk, models[model_id].maker_id, _of_kind(kinds[kind], *papers)))
    return found


def standing_goods() -> list[GoodsAlike]:
    """Everybody's lots that hold rigs, those whose goods are alike together; the rows come in steps, one query
    each."""
    alike: defaultdict[tuple[Any, ...], list[int]] = defaultdict(list)
    for pk, *goods in _standing_rows():
        alike[tuple(goods)].append(pk)
    models = RigModel.objects.select_related("maker").in_bulk({model_id for model_id, *_ in alike})
    return [
        GoodsAlike(models[model_id].maker_id, _goods(models[model_id], *told)(), lot_ids)
        for (model_id, *told), lot_ids in alike.items()
    ]


def _standing_rows() -> Iterator[tuple[Any, ...]]:
    after = 0
    while rows := _STANDING.stored(after=after):
        yield from rows
        after = rows[-1][0]


def facts_of(lot: Lot) -> LotFacts:
    """A lot as the engine takes it. A silent HTS code is the model's own, where it has one."""
    return _of_kind(_kind(lot.model, _shared_of(lot)), *_papers_of(lot))


_PAPERS = ("entry_number", "importer_of_record", "purchase_order")
_SHARED = tuple(each.name for each in fields(LotFacts) if each.name not in ("maker", "model", *_PAPERS))
_SHARED_FROM = 2 + len(_PAPERS)
_GOODS = ("country_of_assembly", "country_of_origin", "hashboard_origin", "hts_code", "import_country")
_papers_of, _shared_of = attrgetter(*_PAPERS), attrgetter(*_SHARED)
_COLUMNS = ("pk", "model_id", *_PAPERS, *_SHARED)
_LOTS = WrittenQuery(
    lambda at: Lot.objects.filter(pk__in=at.ids("lots")).order_by("pk").values_list(*_COLUMNS)
)
LOTS_AT_ONCE = 5_000


def _next_standing(at: Places, at_once: int = LOTS_AT_ONCE) -> QuerySet[Lot, tuple[Any, ...]]:
    held = Holding.objects.filter(lot=OuterRef("pk"))
    lots = Lot.objects.filter(Exists(held), pk__gt=at("after")).order_by("pk")
    return lots.values_list("pk", "model_id", *_GOODS)[:at_once]


_STANDING = WrittenQuery(_next_standing)


def _of_kind(
    kind: partial[LotFacts], entry_number: str, importer_of_record: str, purchase_order: str
) -> LotFacts:
    """The facts of a lot of a kind that came with these papers."""
    return kind(
        entry_number=entry_number or None,
        importer_of_record=importer_of_record or None,
        purchase_order=purchase_order or None,
    )


def _kind_of(model: RigModel, row: tuple[Any, ...]) -> partial[LotFacts]:
    """The kind of a lot as the driver gave it."""
    return _kind(model, _LOTS.read(row)[_SHARED_FROM:])


def _kind(model: RigModel, shared: Iterable[Any]) -> partial[LotFacts]:
    """What makes the facts of lots that differ in their papers alone, of their columns that _SHARED names."""
    told = dict(zip(_SHARED, shared, strict=True))
    goods = [told.pop(name) for name in _GOODS]
    told["transport_mode"] = _transport_mode(told["transport_mode"])
    return partial(_goods(model, *goods), **told)


def _goods(
    model: RigModel,
    country_of_assembly: str,
    country_of_origin: str,
    hashboard_origin: str,
    hts_code: str,
    import_country: str,
) -> partial[LotFacts]:
    """What measures look at first."""
    return partial(
        LotFacts,
        maker=model.maker.name,
        model=model.name,
        country_of_assembly=_country(country_of_assembly),
        country_of_origin=_country(country_of_origin),
        hashboard_origin=_country(hashboard_origin),
        hts_code=_hts_code(hts_code or model.default_hts_code),
        import_country=_country(import_country),
    )


def holdings(operator: Operator) -> list[Holdings]:
    """Everything that an operator holds, counted; four queries, and no objects of the ORM (see lots_of_makers)."""
    held = Holding.objects.of(operator)
    lots = {lot.lot_id: lot for lot in lots_of_makers(set(held.values_list("lot_id", flat=True)))}
    rows = held.order_by("pk").values_list("lot_id", "site__name", "status", *FIGURES)
    return [holdings_of(lots[lot_id], site, status, figures) for lot_id, site, status, *figures in rows]


def holdings_of(lot: LotOfMaker, site: str | None, status: str, figures: Iterable[int]) -> Holdings:
    """What a lot holds at a site in a status, from its row; the figures are those of FIGURES."""
    facts = lot.facts
    return Holdings(
        lot_id=lot.lot_id,
        maker=facts.maker,
        model=facts.model,
        country_of_origin=facts.origin,
        country_of_assembly=facts.country_of_assembly,
        site=site,
        status=RigStatus(status),
        rigs=Measured(**dict(zip(FIGURES, figures, strict=True))),
    )


def models_named(text: str, *, maker: str | None = None) -> Resolution:
    """What the catalogue makes of a string: the model and its bin, or the candidates when it cannot tell."""
    return name_index().resolve(text, maker=maker)


def name_index() -> NameIndex:
    """The catalogue of the database as an index of names, built anew only when the catalogue has changed."""
    # Models and makers can be renamed; bins and aliases only come and go.
    models = tuple(_MODELS.rows())
    told = (models, tuple(sorted(_SIZES.rows())), names_of_before())
    if _KEPT.get("told") != told:
        makers = _maker_names(models, told[2])
        meant = {maker_id: makers.meant(name) for _, _, maker_id, _, name, _ in models}
        index = NameIndex(_catalogue_models(meant), _catalogue_aliases(meant), read_words(), makers)
        _KEPT.update(told=told, index=index)
    kept: NameIndex = _KEPT["index"]
    return kept


_KEPT: dict[str, Any] = {}
_MAKER = ("maker__slug", "maker__name", "maker__operator_id")
_MODELS = WrittenQuery(
    lambda at: RigModel.objects.order_by("pk").values_list("pk", "name", "maker_id", *_MAKER)
)


def _size(number: int, rows: QuerySet[Any]) -> QuerySet[Any, tuple[Any, ...]]:
    """How many rows a table has, and its last id, under a number for the table."""
    one = rows.order_by().annotate(table=Value(number)).values("table")
    return one.annotate(rows=Count("pk"), last=Max("pk")).values_list("table", "rows", "last")


_SIZES = WrittenQuery(lambda at: _size(0, RigBin.objects.all()).union(_size(1, ModelAlias.objects.all())))


def _maker_names(models: Iterable[tuple[Any, ...]], before: NamesOfBefore) -> MakerNames:
    """How the register calls the makers of the catalogue: a slug stays whatever the name becomes."""
    shipped = {slugify(word.means): word.means for word in read_words() if word.kind in MAKER_KINDS}
    today: dict[str, str] = {}
    others: dict[str, str] = {}
    merged: dict[str, str] = {}
    for maker_id, slug, name, operator_id in sorted({model[2:] for model in models}, key=itemgetter(0)):
        slugs = [slug, *before.slugs.get(maker_id, ())] if operator_id is None else []
        known = [shipped[each] for each in slugs if each in shipped]
        meant = known[0] if known else name
        if operator_id is None or meant not in today:
            today[meant] = name
        others |= dict.fromkeys((name, *before.names.get(maker_id, ())), meant)
        merged |= dict.fromkeys(known[1:], meant)
    return MakerNames(today=today, others=others, merged=merged)


def _catalogue_models(meant: Mapping[int, str]) -> list[CatalogueModel]:
    bins = RigBin.objects.select_related("model").order_by("pk")
    rows = [
        CatalogueModel(
            maker=meant[bin_.model.maker_id],
            model=bin_.model.name,
            bin=bin_.name or None,
            reading=bin_.reading,
            hashrate_ths=None if bin_.hashrate_ghs is None else Decimal(bin_.hashrate_ghs) / 1000,
            power_w=bin_.power_w,
            algorithm=bin_.algorithm or None,
            cooling=bin_.cooling or None,
            confidence=bin_.confidence,
        )
        for bin_ in bins
    ]
    bare = RigModel.objects.filter(bins__isnull=True).order_by("pk")
    return rows + [
        CatalogueModel(maker=meant[model.maker_id], model=model.name, confidence="alias-only")
        for model in bare
    ]


def _catalogue_aliases(meant: Mapping[int, str]) -> list[CatalogueAlias]:
    names = ("alias", "model__maker_id", "model__name", "kind", "variant", "reach")
    return [
        CatalogueAlias(alias=alias, maker=meant[maker], model=model, kind=kind, variant=variant, reach=reach)
        for alias, maker, model, kind, variant, reach in ModelAlias.objects.order_by("pk").values_list(*names)
    ]


def in_names(told: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Facts of rigs with the names of models and bins in place of their ids; two queries."""
    named = [dict(each) for each in told]
    kinds: dict[str, Any] = {"model_id": RigModel.objects, "bin_id": RigBin.objects}
    for name, rows in kinds.items():
        ids = {each[name] for each in named if each.get(name)}
        names = dict(rows.filter(pk__in=ids).values_list("pk", "name"))
        for each in named:
            if name in each:
                each[name.removesuffix("_id")] = names.get(each.pop(name))
    return named


def rigs_received(receipt: Receipt, *, after: int | None = None) -> QuerySet[Rig]:
    """The rigs that a receipt received, in the order of their ids; not the counts that it made smaller."""
    changes = receipt.changes.filter(is_undo=False).exclude(lot_before=F("lot_after"))
    rigs: QuerySet[Rig] = Rig.objects.of(receipt.operator).filter(
        pk__in=changes.values("rig_id"), pk__gt=after or 0
    )
    return rigs.select_related("site", "bin", "lot__model__maker").order_by("pk")


def rigs_called(operator: Operator, text: str) -> set[int]:
    """The ids of the rigs that bear an identifier, or bore it once, however it is written; three queries."""
    names = spellings_of(text.strip())
    with suppress(ValueError):  # no MAC address in any notation
        names.add(mac_address(text))
    mine = Rig.objects.of(operator)
    former = RigIdentifier.objects.of(operator).filter(value__in=names).values_list("rig_id", flat=True)
    ids: set[int] = set(mine.filter(serial_number__in=names).values_list("pk", flat=True))
    return ids | set(mine.filter(mac_address__in=names).values_list("pk", flat=True)) | set(former)


def rig_counts(operator: Operator) -> int:
    """How many machines an operator has on record, gone ones included."""
    return Rig.objects.of(operator).aggregate(units=Sum("quantity"))["units"] or 0


@cache
def _country(code: str) -> CountryCode | None:
    return CountryCode(code) if code else None


@cache
def _hts_code(digits: str) -> HtsCode | None:
    return HtsCode(digits) if digits else None


@cache
def _transport_mode(mode: str) -> TransportMode | None:
    return TransportMode(mode) if mode else None
