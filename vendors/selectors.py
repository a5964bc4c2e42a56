"""Questions about vendors: their facts for the engine, and who bears a name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import QuerySet

from risk.engine.facts import Affiliation, ContestedOrigin, VendorFacts
from risk.engine.terms.countries import CountryCode
from risk.engine.terms.spans import DateSpan
from vendors import models


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


def vendors_named(name: str) -> models.VendorQuerySet:
    """The vendors of the register that bear a name, by whatever alias, in any case."""
    by_alias = models.VendorAlias.objects.filter(name__iexact=name).values("vendor_id")
    found = models.Vendor.objects.shared()
    return (found.filter(name__iexact=name) | found.filter(pk__in=by_alias)).distinct()


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
