"""Finds lots and rigs by what stands on papers and labels: serial, MAC, order and entry numbers."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q

from fleet.models import Lot, Operator, Rig
from fleet.sheets.cells.texts import mac_address

MANY = 20_000
LAST = "\U0010ffff"


def lots_matching(operator: Operator, text: str) -> set[int]:
    """The lots whose entry number or purchase order holds the text, or that hold such a rig; two queries."""
    papers = Q(entry_number__icontains=text) | Q(purchase_order__icontains=text)
    lots = Lot.objects.of(operator).filter(papers).values_list("pk", flat=True)
    return set(lots) | _lots_of_rigs(operator, text)


def _lots_of_rigs(operator: Operator, text: str) -> set[int]:
    """The lots of few rigs are those of the rigs; where many begin so, each lot is asked for the first that does."""
    found = Rig.objects.of(operator).filter(of_rig(text)).order_by().values_list("lot_id", flat=True)
    few = list(found[: MANY + 1])
    if len(few) <= MANY:
        return set(few)
    of_lot = Rig.objects.filter(of_rig(text), lot=OuterRef("pk"))
    return set(Lot.objects.of(operator).filter(Exists(of_lot)).values_list("pk", flat=True))


def of_rig(text: str) -> Q:
    """Rigs whose serial number begins with the text, as written or in capitals, or that bear the MAC address.

    A range instead of LIKE, so that the index on serial numbers is used on every database.
    """
    begins = Q()
    for written in {text, text.upper()}:
        begins |= Q(serial_number__gte=written, serial_number__lt=written + LAST)
    try:
        return begins | Q(mac_address=mac_address(text))
    except ValueError:
        return begins
