"""The facts of vendors with what screening found of them: lists, hits that were not dismissed, and their owners."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

from django.db.models import F, Q

from ledger.written_queries import WrittenQuery
from risk.engine.facts import Listing, ListScreened, VendorFacts
from risk.engine.terms.spans import DateSpan
from risk.flows.owners import Owners, owners_above
from risk.flows.tell_of_screening import is_own, stale_after
from risk.models import ListEdition, ScreeningHit, ScreeningRun, VendorScreening
from vendors.selectors import vendor_facts


def screened_vendors(vendor_ids: Iterable[int], *, known_on: date | None = None) -> dict[int, VendorFacts]:
    """The facts of vendors by their id, as the engine takes them.

    Lists go stale by the day that is asked about. With `known_on`, for questions about other days, those count
    that are fresh on that day, whatever day is asked about.
    """
    ids = set(vendor_ids)
    plain, screened = vendor_facts(ids), _lists_by_vendor(ids)
    owners = owners_above(plain)
    hits = _hits_of({*owners.vendors, *(pk for pks in owners.bearers.values() for pk in pks), *ids})
    found = {
        pk: replace(
            facts,
            lists_screened=screened.get(pk, ()),
            holdings=owners.above(owners.vendors[pk]),
            listings=_listings(pk, owners, hits),
        )
        for pk, facts in plain.items()
    }
    return found if known_on is None else {pk: each.as_known_on(known_on) for pk, each in found.items()}


_SCREENED = WrittenQuery(
    lambda at: VendorScreening.objects.filter(vendor__in=at.ids("vendors"), owed_at__isnull=True).values_list(
        "vendor_id", flat=True
    )
)
_EDITIONS = WrittenQuery(
    lambda at: ListEdition.objects.filter(pk__in=at.ids("editions")).order_by("data_date", "pk")
)
_HITS = WrittenQuery(
    lambda at: (
        ScreeningHit.objects.bearing()
        .filter(Q(operator__isnull=True) | Q(operator=F("vendor__operator")), vendor__in=at.ids("vendors"))
        .select_related("vendor", "record__came_with")
        .order_by("list_code", "entity_id", "pk")
    )
)
_LAST_RUN = WrittenQuery(lambda at: ScreeningRun.objects.order_by("-number")[:1])


def _lists_by_vendor(vendor_ids: set[int]) -> dict[int, tuple[ListScreened, ...]]:
    """The lists that each vendor was screened against; none for one that waits for its turn."""
    last = _LAST_RUN.first()
    if last is None:
        return {}
    lists = lists_of(last)
    return dict.fromkeys(_SCREENED.rows(vendors=vendor_ids), lists)


def lists_of(run: ScreeningRun) -> tuple[ListScreened, ...]:
    """The governments' lists that all vendors were screened against after a run, each by its newest edition."""
    told: dict[str, ListScreened] = {}
    for edition in _EDITIONS.rows(editions=[each["id"] for each in run.editions.values()]):
        if not is_own(edition):
            through = edition.data_date + stale_after()
            for code in edition.rows:
                told[code] = ListScreened(list_code=code, edition=str(edition), fresh_through=through)
    return tuple(told[code] for code in sorted(told))


def _hits_of(vendor_ids: set[int]) -> Mapping[int, list[ScreeningHit]]:
    by_vendor: dict[int, list[ScreeningHit]] = defaultdict(list)
    for hit in _HITS.rows(vendors=vendor_ids):
        by_vendor[hit.vendor_id].append(hit)
    return by_vendor


def _listings(vendor_id: int, owners: Owners, hits: Mapping[int, list[ScreeningHit]]) -> tuple[Listing, ...]:
    """The vendor's own hits, those on parties tied to it, and those of owners who are vendors themselves."""
    vendor = owners.vendors[vendor_id]
    told = [
        _listing(hit, name)
        for hit in hits.get(vendor_id, ())
        for name in (hit.party or vendor.name, *owners.names_in_graph(hit.party, vendor))
    ]
    above = {holding.owner for holding in owners.above(vendor)} - {vendor.name}
    for pk, others in sorted(hits.items()):
        if pk == vendor_id or others[0].operator_id not in (None, vendor.operator_id):
            continue
        if others[0].vendor.name in above:
            told += [_listing(hit, hit.party or hit.vendor.name) for hit in others]
    return tuple(dict.fromkeys(told))


def _listing(hit: ScreeningHit, party: str) -> Listing:
    record = hit.record.record
    first, last = _day(record.get("listed_on")), _day(record.get("ends_on"))
    return Listing(
        party=party,
        list_code=hit.list_code,
        entity_id=hit.entity_id,
        listed_name=hit.record.name,
        edition=str(hit.record.came_with),
        is_confirmed=hit.binds,
        programs=tuple(record.get("programs", ())),
        span=DateSpan(first or date.min, last) if first or last else None,
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
