"""Questions about vendors: their facts for the engine, and who bears a name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from risk.engine.facts import Affiliation, ContestedOrigin, VendorFacts
from risk.engine.terms.countries import CountryCode
from risk.engine.terms.spans import DateSpan
from vendors import models
from vendors.models.vendor import VendorQuerySet


def vendor_facts(vendor_ids: Iterable[int]) -> dict[int, VendorFacts]:
    """The facts of vendors by their id, in four queries however many there are."""
    vendors = models.Vendor.objects.in_bulk(list(vendor_ids))
    aliases = _by_vendor(models.VendorAlias.objects.of_companies(), vendors)
    ties = _by_vendor(models.Ownership.objects.affiliating(), vendors)
    contested = _by_vendor(models.ContestedOrigin.objects.all(), vendors)
    return {
        pk: VendorFacts(
            name=vendor.name,
            other_names=tuple(sorted({alias.name for alias in aliases[pk]})),
            affiliations=tuple(_affiliation(tie) for tie in ties[pk]),
            contested_origins=tuple(_contested_origin(claim) for claim in contested[pk]),
        )
        for pk, vendor in vendors.items()
    }


def vendors_named(name: str) -> VendorQuerySet:
    """The vendors of the register that bear a name, by whatever alias, in any case."""
    by_alias = models.VendorAlias.objects.filter(name__iexact=name).values("vendor_id")
    found = models.Vendor.objects.shared().standing()
    return (found.filter(name__iexact=name) | found.filter(pk__in=by_alias)).distinct()


def vendors_found(text: str, *, operator: Any) -> VendorQuerySet:
    """The vendors that an operator may see (with None: the register's) by a part of a name or any identifier."""
    visible = models.Vendor.objects.visible_to(operator).standing()
    if not (text := text.strip()):
        return visible
    numbered = models.VendorIdentifier.objects.visible_to(operator).written(text).values("vendor_id")
    called = models.VendorAlias.objects.filter(name__icontains=text).values("vendor_id")
    return visible.filter(Q(name__icontains=text) | Q(slug=text) | Q(pk__in=called) | Q(pk__in=numbered))


def register_ids_by_name() -> dict[str, int]:
    """The vendors of the register by name; the name of one that was merged leads to the other."""
    vendors = models.Vendor.objects.shared().select_related("merged_into").order_by("pk")
    merged = {vendor.name: vendor.survivor.pk for vendor in vendors if vendor.merged_into_id}
    return merged | {vendor.name: vendor.pk for vendor in vendors if not vendor.merged_into_id}


def what_is_read(vendor_ids: Iterable[int]) -> dict[int, tuple[Any, ...]]:
    """All of vendors that screening or exposure reads, as values that are equal while neither need look anew."""
    facts = vendor_facts(vendor_ids)
    numbers = _by_vendor(models.VendorIdentifier.objects.of_the_record(), facts)
    ties = _by_vendor(models.Ownership.objects.of_shares(), facts)
    named = _by_vendor(models.VendorAlias.objects.of_companies(), facts)
    tied = _by_vendor(models.Ownership.objects.affiliating(), facts)
    homes = dict(models.Vendor.objects.filter(pk__in=list(facts)).values_list("pk", "home_country"))
    return {
        pk: (
            each,
            homes[pk],
            sorted((row.system, row.country, row.key) for row in numbers[pk]),
            sorted(repr(row.holding()) for row in ties[pk]),
            sorted((row.name, row.country) for row in named[pk]),
            sorted((row.other_party, row.country) for row in tied[pk]),
        )
        for pk, each in facts.items()
    }


def _by_vendor(said: QuerySet[Any], vendor_ids: Iterable[int]) -> defaultdict[int, list[Any]]:
    rows: defaultdict[int, list[Any]] = defaultdict(list)
    for row in said.filter(vendor_id__in=list(vendor_ids)).order_by("pk"):
        rows[row.vendor_id].append(row)
    return rows


def _affiliation(tie: models.Ownership) -> Affiliation:
    dated = tie.first_date or tie.through_date
    span = DateSpan(tie.first_date or date.min, tie.through_date) if dated else None
    return Affiliation(other_party=tie.other_party, relation=tie.relation, span=span)


def _contested_origin(claim: models.ContestedOrigin) -> ContestedOrigin:
    span = DateSpan(claim.first_date, claim.through_date)
    return ContestedOrigin(country=CountryCode(claim.country), span=span, source=claim.source)
