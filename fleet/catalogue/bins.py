"""The bin that a rate beside a model's name means."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from fleet.catalogue.files import CatalogueModel
from fleet.catalogue.known import KnownModel
from fleet.catalogue.reading import NameParts

_POINT_LOST_FROM = 1000  # "1695t" in a web address is 169.5 TH/s


def stated_ths(parts: NameParts) -> frozenset[Decimal]:
    """The rates in a name in TH/s, in every unit that they may have been meant."""
    found = {ths for rate in parts.rates for ths in rate.possible_ths}
    if parts.is_web_address:
        found |= {rate.possible_ths[0] / 10 for rate in parts.rates if rate.number >= _POINT_LOST_FROM}
    return frozenset(found)


@dataclass(frozen=True, slots=True)
class BinNamed:
    """The bin that a rate beside a model's name means: its label and rows; None and a note if it is none."""

    bin: str | None
    rows: tuple[CatalogueModel, ...] = ()
    stated_ths: Decimal | None = None
    note: str = ""


def bin_named(model: KnownModel, parts: NameParts) -> BinNamed:
    """The bin of a model that the rates beside its name mean."""
    rows = tuple(model.rows_at(stated_ths(parts)))
    labels = {row.bin for row in rows}
    if len(labels) == 1:
        note = "Sources disagree about this bin; both readings are on record." if len(rows) > 1 else ""
        return BinNamed(labels.pop(), rows, _one_rate(model, parts), note)
    if labels:
        return BinNamed(None, note="Several bins are named.")
    known = ", ".join(row.bin for row in model.rows if row.bin)
    note = f"No such bin is on record; known: {known or 'none'}." if parts.rates else ""
    return BinNamed(None, stated_ths=_one_rate(model, parts), note=note)


def _one_rate(model: KnownModel, parts: NameParts) -> Decimal | None:
    """The one rate stated, as far as it can be told."""
    sure = stated_ths(parts) & model.rated_ths or {rate.possible_ths[0] for rate in parts.rates if rate.unit}
    return next(iter(sure)) if len(sure) == 1 else None
