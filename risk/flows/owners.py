"""The register's ties as a graph of owners: who is above a vendor, and whom a vendor is above."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from django.db.models.functions import Lower

from fleet.selectors import in_chunks
from ledger.written_queries import WrittenQuery
from risk.engine.facts import ALL, NOTHING, Holding
from risk.engine.terms.money import plain
from risk.engine.terms.spans import DateSpan
from vendors.models import Ownership, Vendor, VendorAlias

OWNERS = ("owner", "parent", "investor")
"""Ties whose other party holds something of the vendor; of a subsidiary the vendor holds something."""
OWNED = "subsidiary"


@dataclass(frozen=True, slots=True)
class Owners:
    """What stands above some vendors: vendors by id, the vendors that bear a name, and all holdings by the owned."""

    vendors: Mapping[int, Vendor]
    bearers: Mapping[str, tuple[int, ...]]
    holdings: Mapping[str, tuple[tuple[int | None, Holding], ...]] = field(default_factory=dict)

    def names_in_graph(self, party: str, vendor: Vendor) -> Iterator[str]:
        """The vendors of whom a tie of this vendor tells under that name, as they stand in the graph."""
        others = (self.vendors[pk] for pk in self.bearers.get(party, ()) if pk in self.vendors)
        return (each.name for each in others if _same_house(each, vendor) and each.pk != vendor.pk)

    def above(self, vendor: Vendor) -> tuple[Holding, ...]:
        """Every holding in the vendor, in its owners, in theirs; each once, and cycles end."""
        seen, waiting, found = {vendor.name}, [vendor.name], []
        while waiting:
            told = self.holdings.get(waiting.pop(), ())
            # Names are the graph's keys, and a private vendor may bear any: what it tells is its operator's alone.
            for holding in _one_a_stake(each for whose, each in told if whose in (None, vendor.operator_id)):
                found.append(holding)
                if holding.owner not in seen:
                    seen.add(holding.owner)
                    waiting.append(holding.owner)
        return tuple(sorted(found, key=lambda each: (each.owned, each.owner, str(each.span))))


_VENDORS = WrittenQuery(lambda at: Vendor.objects.filter(pk__in=at.ids("vendors")).order_by("pk"))
_OWNED_BY = WrittenQuery(
    lambda at: (
        Ownership.objects.filter(vendor__in=at.ids("vendors"), kind__in=OWNERS)
        .select_related("vendor")
        .order_by("pk")
    )
)
_TOLD_TO_OWN = WrittenQuery(
    lambda at: (
        Ownership.objects.filter(kind=OWNED)
        .annotate(low=Lower("other_party"))
        .filter(low__in=at.texts("names"))
        .select_related("vendor")
        .order_by("pk")
    )
)
_BEARERS = WrittenQuery(
    lambda at: (
        Vendor.objects.annotate(low=Lower("name")).filter(low__in=at.texts("names")).values_list("low", "pk")
    )
)
_BEARERS_OF_ALIASES = WrittenQuery(
    lambda at: (
        VendorAlias.objects.of_companies()
        .annotate(low=Lower("name"))
        .filter(low__in=at.texts("names"))
        .values_list("low", "vendor_id")
    )
)
_NAMES = WrittenQuery(
    lambda at: Vendor.objects.filter(pk__in=at.ids("vendors")).values_list("name", flat=True)
)
_ALIASES = WrittenQuery(
    lambda at: (
        VendorAlias.objects.of_companies().filter(vendor__in=at.ids("vendors")).values_list("name", flat=True)
    )
)


def _by_id(vendor_ids: Collection[int]) -> dict[int, Vendor]:
    return {vendor.pk: vendor for vendor in _VENDORS.rows(vendors=vendor_ids)} if vendor_ids else {}


def owners_above(vendor_ids: Iterable[int]) -> Owners:
    """The graph above these vendors: a fixed number of queries for every step up, and one step where nobody is
    owned by another vendor of the register."""
    vendors: dict[int, Vendor] = {}
    bearers: dict[str, tuple[int, ...]] = {}
    holdings: dict[str, list[tuple[int | None, Holding]]] = defaultdict(list)
    waiting = set(vendor_ids)
    while waiting:
        step = _by_id(waiting)
        vendors |= step
        ties = list(_ties_above(step))
        names = {tie.other_party for tie in ties} | {tie.vendor.name for tie in ties if tie.kind == OWNED}
        bearers |= _bearers(names - bearers.keys())
        known = _by_id({pk for name in names for pk in bearers[name]} - vendors.keys())
        everybody = {**vendors, **known}
        for tie in ties:
            for holding in _holdings(tie, everybody, bearers, step):
                holdings[holding.owned].append((tie.vendor.operator_id, holding))
        waiting = known.keys() - vendors.keys()
    told = {owned: tuple(each) for owned, each in holdings.items()}
    return Owners(vendors=vendors, bearers=bearers, holdings=told)


def whom_they_own(vendor_ids: Iterable[int]) -> set[int]:
    """These vendors, and those in whom they hold something or to whom they are tied, and so on.

    What an operator's private vendor tells is that operator's alone: from it, only vendors of the same operator are
    reached (see Owners.above).
    """
    reached = set(vendor_ids)
    waiting = set(reached)
    while waiting:
        below = {pk for house, some in _by_house(waiting).items() for pk in _one_step_below(some, house)}
        waiting = below - reached
        reached |= below
    return reached


def _by_house(vendor_ids: Iterable[int]) -> dict[int | None, set[int]]:
    """Vendors by whose they are: None has the register's, the others an operator's own."""
    houses: dict[int | None, set[int]] = defaultdict(set)
    for some in in_chunks(sorted(vendor_ids)):
        for pk, house in Vendor.objects.filter(pk__in=some).values_list("pk", "operator_id"):
            houses[house].add(pk)
    return houses


def _one_step_below(vendor_ids: set[int], house: int | None) -> set[int]:
    below = _subsidiaries(vendor_ids)
    for some in in_chunks(sorted(_names_of(vendor_ids))):
        tied = Ownership.objects.affiliating().annotate(low=Lower("other_party")).filter(low__in=some)
        below |= set(tied.values_list("vendor_id", flat=True))
    return below if house is None else _by_house(below)[house]


def _ties_above(step: Mapping[int, Vendor]) -> Iterator[Ownership]:
    """Who holds something of these vendors: by their own ties, and as others tell of their subsidiaries."""
    yield from _OWNED_BY.rows(vendors=step)
    yield from _TOLD_TO_OWN.rows(names=sorted(_names_of(step)))


def _holdings(
    tie: Ownership,
    vendors: Mapping[int, Vendor],
    bearers: Mapping[str, tuple[int, ...]],
    step: Mapping[int, Vendor],
) -> Iterator[Holding]:
    """The holding that a tie tells of, between names as they stand in the graph."""
    if tie.kind == OWNED:
        for pk in bearers.get(tie.other_party, ()):
            if pk in step and _same_house(tie.vendor, step[pk]):
                yield _holding(tie, tie.vendor.name, step[pk].name)
        return
    others = [vendors[pk] for pk in bearers.get(tie.other_party, ()) if pk in vendors]
    owners = [each.name for each in others if _same_house(each, tie.vendor)]
    for owner in owners or [tie.other_party]:
        yield _holding(tie, owner, tie.vendor.name)


def _same_house(one: Vendor, other: Vendor) -> bool:
    """Whether one may be told of in the other's facts: the register in everybody's, a private vendor in its own."""
    return one.operator_id is None or one.operator_id == other.operator_id


def _holding(tie: Ownership, owner: str, owned: str) -> Holding:
    return Holding(
        owner=owner,
        owned=owned,
        low=NOTHING if tie.share_low is None else plain(tie.share_low),
        high=ALL if tie.share_high is None else plain(tie.share_high),
        span=tie.span,
        source=tie.source,
    )


def _one_a_stake(holdings: Iterable[Holding]) -> Iterator[Holding]:
    """Several sources on one stake are one holding, from the lowest figure to the highest; a source that gives no
    figure takes none from the others."""
    stakes: dict[tuple[str, DateSpan | None], list[Holding]] = defaultdict(list)
    for each in holdings:
        stakes[each.owner, each.span].append(each)
    for told in stakes.values():
        known = [each for each in told if each.is_known] or told
        yield replace(
            told[0],
            low=min(each.low for each in known),
            high=max(each.high for each in known),
            source="; ".join(dict.fromkeys(each.source for each in told if each.source)),
        )


def _bearers(names: Collection[str]) -> dict[str, tuple[int, ...]]:
    """The vendors that bear each name, as their own or as a company's alias, in any case."""
    if not names:
        return {}
    low_names, found = sorted({name.lower() for name in names}), defaultdict(set)
    for low, pk in (*_BEARERS.rows(names=low_names), *_BEARERS_OF_ALIASES.rows(names=low_names)):
        found[low].add(pk)
    return {name: tuple(sorted(found[name.lower()])) for name in names}


def _names_of(vendor_ids: Iterable[int]) -> set[str]:
    """Every name of these vendors, in small letters."""
    ids = sorted(vendor_ids)
    return {name.lower() for names in (_NAMES, _ALIASES) for name in names.rows(vendors=ids)}


def _subsidiaries(vendor_ids: Iterable[int]) -> set[int]:
    """The vendors that these call their subsidiaries."""
    names: set[str] = set()
    for some in in_chunks(sorted(vendor_ids)):
        told = Ownership.objects.filter(kind=OWNED, vendor_id__in=some)
        names |= set(told.values_list("other_party", flat=True))
    return {pk for pks in _bearers(names).values() for pk in pks}
