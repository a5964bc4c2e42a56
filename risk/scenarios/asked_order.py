"""What is asked before a purchase: an order with its lines, as frozen values."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from risk.scenarios.scenario import RigsBought

MOST_LINES = 500
MOST_UNITS = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedLine(RigsBought):
    """So many rigs of a model from a vendor, with the facts that a line of an order gives of them.

    `vendor` is a name, a slug or an identifier; `reference` is what the asking system calls the line.
    """

    vendor: str | None = None
    reference: str | None = None
    us_content_percent: Decimal | None = None
    usmca_claim: bool | None = None
    importer_of_record: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedOrder:
    """An order that is not placed yet: 1 to MOST_LINES lines, and the number that it has or will have."""

    lines: tuple[AskedLine, ...]
    purchase_order: str | None = None
    reference: str | None = None
