"""Goods received against a purchase order: what is on order becomes entered, in one short transaction.

A count that comes in part is split: so many units are split off on order, and these become entered. Nothing
is deleted and every received rig has its history, so that a receipt can be taken back.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from django.db import transaction

from fleet.flows.holding_counts import refresh_holdings
from fleet.flows.known_fleet import KnownFleet, KnownRig, LotKey, OnRecord, rigs_on_record
from fleet.flows.manifest import Manifest, counted, manifest_in
from fleet.flows.matched_goods import MatchedGoods
from fleet.flows.purchase_orders import OrderToCome, nothing_to_come, order_to_come
from fleet.flows.receipt_plan import ReceiptPlan, Received
from fleet.flows.upload_plan import PlannedRig
from fleet.flows.upload_writing import Deed, create, lot_ids, overwrite, sites_with, take_turn
from fleet.models import OriginEvidence, Receipt, Rig
from fleet.models.receipt import ReceiptState
from fleet.sheets.reading import RowProblem
from fleet.signals import lots_changed
from ledger.models import record
from risk.engine.terms.rigs import RigStatus

RECEIVABLE = (RigStatus.STORED, RigStatus.DEPLOYED, RigStatus.REPAIR, RigStatus.IN_TRANSIT)


def plan_receipt(receipt: Receipt, *, today: date) -> ReceiptPlan:
    """Compare what is said to have come with what is on order; all that is wrong is collected."""
    fleet = KnownFleet(receipt.operator)
    order = order_to_come(receipt.operator, receipt.purchase_order)
    decided = ReceiptPlan(
        fleet_version=fleet.version,
        purchase_order=order.number,
        units_on_order=order.units,
        models=order.models,
        problems=list(_wrong_facts(receipt, today)),
    )
    if not order.rows:
        decided.problems.append(nothing_to_come(receipt.operator, receipt.purchase_order))
        return decided
    MatchedGoods(receipt, order, fleet, decided).take(_said(receipt, order, fleet))
    decided.notices += _papers_left_behind(order, decided)
    return decided


def _said(receipt: Receipt, order: OrderToCome, fleet: KnownFleet) -> Manifest:
    if receipt.file:
        return manifest_in(receipt.file.path, order, fleet, sheet=receipt.sheet or None)
    return counted(receipt.units, order, fleet)


def _papers_left_behind(order: OrderToCome, decided: ReceiptPlan) -> Iterator[RowProblem]:
    """Evidence that covers a lot on order as a whole does not go with units that come into another lot."""
    lots = {order.lot_ids[each.row.lot] for each in decided.received}
    papers = OriginEvidence.objects.filter(lots__in=lots, withdrawn_at__isnull=True)
    for title, lot_id in papers.order_by("pk", "lots").values_list("title", "lots"):
        sentence = (
            f"'{title}' covers lot {lot_id} on order; attach it to the lot that the rigs come into, or to their "
            "serial numbers."
        )
        yield RowProblem(0, "", "evidence_left_behind", title, sentence)


def _wrong_facts(receipt: Receipt, today: date) -> Iterator[RowProblem]:
    """What is wrong with the entry itself."""
    if receipt.entry_date > today:
        sentence = (
            f"The entry date {receipt.entry_date} is still to come; until then the goods stay on order."
        )
        yield RowProblem(0, "entry_date", "entry_date_in_future", str(receipt.entry_date), sentence)
    if receipt.loaded_date and receipt.loaded_date > receipt.entry_date:
        sentence = (
            f"The goods cannot be loaded after their entry on {receipt.entry_date}; correct one of the dates."
        )
        yield RowProblem(0, "loaded_date", "loaded_after_entry", str(receipt.loaded_date), sentence)
    if receipt.status not in RECEIVABLE:
        allowed = ", ".join(RECEIVABLE)
        sentence = f"What is received is not '{receipt.status}'; choose one of: {allowed}."
        yield RowProblem(0, "status", "status_not_received", receipt.status, sentence)
    if not receipt.file and not receipt.units:
        sentence = "Say what came: send a manifest, or how many units of which model."
        yield RowProblem(0, "units", "nothing_received", "", sentence)


def write_receipt(receipt: Receipt, decided: ReceiptPlan, deed: Deed) -> None:
    """Write what was decided and say so: rigs, history, holdings, the receipt itself, the audit; one transaction.

    `deed` is that of the receipt. Raises FleetMoved where the fleet is no longer the one that was decided on.
    """
    with transaction.atomic():
        take_turn(deed.operator, decided.fleet_version)
        receipt.state, receipt.received_at, receipt.received_by = ReceiptState.RECEIVED, deed.at, deed.by
        receipt.received_units, receipt.lots = decided.units, len(decided.by_lot)
        receipt.save()
        touched = _written(deed, decided)
        lots_changed.send(sender=Receipt, lot_ids=touched, cause=f"receipt {receipt.pk}")
        _put_on_record(receipt, decided)


def _written(deed: Deed, decided: ReceiptPlan) -> list[int]:
    sites = sites_with(deed.operator, decided.site_countries)
    keys = {each.row.lot for each in decided.received} | {each.lot for each in decided.received}
    lots = lot_ids(deed.operator, keys)
    whole, parts = _whole_and_parts(decided)
    create(deed, (PlannedRig(None, part.row.lot, _as_ordered(part)) for part in parts), sites, lots)
    changes = [*_less_on_order(decided), *whole, *_split_off(deed, parts)]
    overwrite(deed, changes, sites, lots)
    refresh_holdings(deed.operator, sorted(set(lots.values())), at=deed.at)
    return sorted(set(lots.values()))


def _whole_and_parts(decided: ReceiptPlan) -> tuple[list[PlannedRig], list[Received]]:
    """Of a row of which nothing stays on order the first units are the row itself; all others are split off."""
    gone = {rig_id for rig_id, units in decided.left_in.items() if not units}
    whole, parts = [], []
    for each in decided.received:
        if each.row.rig_id in gone:
            gone.remove(each.row.rig_id)
            whole.append(PlannedRig(each.row, each.lot, each.rig))
        else:
            parts.append(each)
    return whole, parts


def _as_ordered(part: Received) -> KnownRig:
    """Units of a row as they were on order."""
    return part.row.rig._replace(quantity=part.rig.quantity)


def _less_on_order(decided: ReceiptPlan) -> Iterator[PlannedRig]:
    """The rows of which a part stays on order."""
    rows = {each.row.rig_id: each.row for each in decided.received}
    for rig_id, units in decided.left_in.items():
        if units:
            row = rows[rig_id]
            yield PlannedRig(row, row.lot, row.rig._replace(quantity=units))


def _split_off(deed: Deed, parts: list[Received]) -> Iterator[PlannedRig]:
    """The rigs that were just split off, each with what it becomes; equal ones stand for one another."""
    made: dict[tuple[LotKey, KnownRig], list[OnRecord]] = defaultdict(list)
    rigs = Rig.objects.of(deed.operator).filter(receipt=deed.receipt).order_by("-pk")
    for rig in rigs_on_record(deed.operator, [rigs]):
        made[rig.lot, rig.rig].append(rig)
    for part in parts:
        yield PlannedRig(made[part.row.lot, _as_ordered(part)].pop(), part.lot, part.rig)


def _put_on_record(receipt: Receipt, decided: ReceiptPlan) -> None:
    record(
        deed="goods received",
        subject=f"receipt {receipt.pk}",
        by=receipt.received_by,
        operator_id=receipt.operator_id,
        purchase_order=receipt.purchase_order,
        entry_number=receipt.entry_number,
        entry_date=receipt.entry_date.isoformat(),
        units=decided.units,
        left_on_order=decided.units_left,
        sha256=receipt.sha256,
    )
