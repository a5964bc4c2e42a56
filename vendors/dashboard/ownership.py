"""Who owns whom around a vendor, gathered step by step from the ties that an operator may see."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models.functions import Lower

from vendors.dashboard.ownership_picture import OwnershipPicture, Stake, layers_around, ownership_picture
from vendors.models import Ownership, Vendor, VendorAlias

STEPS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnershipAround:
    """The picture, None where there is nothing to draw, and the same as rows: owner, owned, share, period, source."""

    picture: OwnershipPicture | None
    rows: tuple[tuple[str, str, str, str, str], ...]


class _Parties:
    """Parties by key: a vendor on record by whatever name, else the name itself."""

    def __init__(self, visible: Any) -> None:
        self._visible = visible
        self._known: dict[str, str] = {}
        self.names: dict[str, str] = {}
        self.vendor_ids: dict[str, int] = {}

    def learn(self, names: Iterable[str]) -> None:
        """Find the vendors that bear these names; two queries."""
        asked = {name.casefold(): name for name in names if name.casefold() not in self._known}
        folded = {*asked, *(name.lower() for name in asked.values())}
        found = self._visible.annotate(low=Lower("name")).filter(low__in=folded)
        aliases = VendorAlias.objects.of_companies().annotate(low=Lower("name")).filter(low__in=folded)
        by_alias = aliases.filter(vendor__in=self._visible).select_related("vendor").order_by("-pk")
        for low, vendor in [(each.low, each.vendor) for each in by_alias] + [
            (each.low, each) for each in found
        ]:
            self._known[low] = self.add(vendor)
        for folded_name, name in asked.items():
            key = self._known.setdefault(folded_name, f"party {folded_name}")
            self.names.setdefault(key, name)

    def add(self, vendor: Vendor) -> str:
        """The key of a vendor."""
        key = f"vendor {vendor.pk}"
        self.names[key], self.vendor_ids[key] = vendor.name, vendor.pk
        self._known[vendor.name.casefold()] = key
        return key

    def key(self, name: str) -> str:
        """The key of a name that was learnt."""
        return self._known[name.casefold()]


def ownership_around(vendor: Vendor, *, operator: Any, today: date) -> OwnershipAround:
    """What is on record of who owns a vendor and what it owns, up to four steps away, in a few queries a step."""
    visible = Vendor.objects.visible_to(operator).standing()
    parties, ties = _Parties(visible), {}
    edge = {parties.add(vendor)}
    seen = set(edge)
    for _ in range(STEPS):
        found = [tie for tie in _ties_of(edge, parties, visible) if tie.pk not in ties]
        if not found:
            break
        ties.update({tie.pk: tie for tie in found})
        parties.learn({each for tie in found for each in (tie.other_party, tie.vendor.name)})
        edge = {parties.key(name) for tie in found for name in (tie.other_party, tie.vendor.name)} - seen
        seen |= edge
    middle = f"vendor {vendor.pk}"
    told = [stake for _, tie in sorted(ties.items()) if (stake := _stake(tie, parties, today))]
    reached = layers_around(middle, told)
    stakes = [each for each in told if each.owner in reached and each.owned in reached]
    return OwnershipAround(
        picture=ownership_picture(middle, stakes, names=parties.names, vendor_ids=parties.vendor_ids),
        rows=tuple(
            (parties.names[each.owner], parties.names[each.owned], each.share, each.period, each.source)
            for each in stakes
        ),
    )


def _ties_of(keys: set[str], parties: _Parties, visible: Any) -> list[Ownership]:
    """The ties of these parties, told at their own records or at those of others."""
    ties = Ownership.objects.of_shares().filter(vendor__in=visible).select_related("vendor")
    vendor_ids = [parties.vendor_ids[key] for key in keys if key in parties.vendor_ids]
    called = {parties.names[key].lower() for key in keys}
    others = VendorAlias.objects.of_companies().filter(vendor_id__in=vendor_ids)
    called |= {name.lower() for name in others.values_list("name", flat=True)}
    own = list(ties.filter(vendor_id__in=vendor_ids).order_by("pk"))
    return own + list(ties.annotate(low=Lower("other_party")).filter(low__in=called).order_by("pk"))


def _stake(tie: Ownership, parties: _Parties, today: date) -> Stake | None:
    holding = tie.holding()
    if holding is None:
        return None
    return Stake(
        owner=parties.key(holding.owner),
        owned=parties.key(holding.owned),
        share=tie.share,
        low=tie.share_low,
        high=tie.share_high,
        period=period_in_words(tie.since, tie.through),
        has_ended=bool(tie.through_date and tie.through_date < today),
        source=tie.source,
    )


def period_in_words(since: str, through: str) -> str:
    """ "2018 to 2020", "since 2018", "until 2020"; empty where nobody named a day."""
    if since and through:
        return f"{since} to {through}"
    return f"since {since}" if since else f"until {through}" if through else ""
