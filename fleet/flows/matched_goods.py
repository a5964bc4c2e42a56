"""What came beside what is on order: every line takes its units.

A line that names a rig on order by its serial number or MAC address takes that rig; any other takes one unit,
or as many as it counts, of what is on order without an identifier. Which unit of equal ones it is does not
matter; where it would matter, because the lots differ in what customs looks at, the line must say.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from fleet.flows.known_fleet import KnownFleet, LotKey, OnRecord
from fleet.flows.manifest import ORIGINS, Line, Manifest
from fleet.flows.purchase_orders import NAMED, OrderToCome
from fleet.flows.receipt_plan import ReceiptPlan, Received
from fleet.models import Receipt
from fleet.sheets.cells.identities import identity_of
from fleet.sheets.reading import RowProblem
from risk.engine.terms.rigs import RigStatus


class _Fitting(NamedTuple):
    """Rows on order that a line can mean: counts, rigs with identifiers, and the lots that they come into."""

    rows: list[OnRecord]
    counts: list[OnRecord]
    named: list[OnRecord]
    entered: set[LotKey]


class MatchedGoods:
    """One receipt beside one purchase order; what comes of it goes into the plan."""

    def __init__(self, receipt: Receipt, order: OrderToCome, fleet: KnownFleet, decided: ReceiptPlan) -> None:
        self._receipt, self._order, self._fleet, self._plan = receipt, order, fleet, decided
        self._site = fleet.site_name(receipt.site) if receipt.site.strip() else ""
        self._entered = {row.lot: self._entered_lot(row.lot) for row in order.rows}
        self._left = {row.rig_id: row.rig.quantity for row in order.rows}
        self._not_kept: set[int] = set()
        self._by_identity = {
            identity_of(each): row for row in order.rows for each in row.rig[:2] if each is not None
        }
        self._counts = [row for row in order.rows if row.rig.is_counted]
        self._fitting_of: dict[Line, _Fitting] = {}
        self._too_many: dict[frozenset[int], list[tuple[int, int]]] = {}

    def take(self, said: Manifest) -> None:
        """Let every line take its units, those that name a rig or a bin first."""
        self._plan.problems += said.problems
        if said.not_used:
            sentence = f"Not read and not kept: {', '.join(said.not_used)}."
            self._plan.notices.append(RowProblem(0, "", "columns_not_used", "", sentence))
        self._fleet.load(each for line in said.lines for each in line.identifiers)
        for line in sorted(said.lines, key=self._first_to_choose):
            self._take(line)
        self._plan.problems += self._more_than_on_order()
        self._check_sites()
        self._notice_values()
        self._notice_origins()
        self._plan.problems.sort(key=lambda problem: problem.row)

    def _first_to_choose(self, line: Line) -> tuple[bool, bool, int]:
        return not self._ordered(line), line.bin_id is None, line.row

    def _ordered(self, line: Line) -> set[OnRecord]:
        """The rigs on order that the line names."""
        return {
            row for each in line.identifiers if (row := self._by_identity.get(identity_of(each))) is not None
        }

    def _take(self, line: Line) -> None:
        problems = list(self._known_already(line))
        if not problems and (named := self._ordered(line)):
            problems += self._take_named(line, named)
        elif not problems:
            problems += self._take_counted(line)
        self._plan.problems += problems

    def _known_already(self, line: Line) -> Iterator[RowProblem]:
        """An identifier of a rig that is not on order under this number: it would be counted twice."""
        known = (
            ("serial_number", line.serial_number, self._fleet.by_serial),
            ("mac_address", line.mac_address, self._fleet.by_mac),
        )
        for column, identifier, on_record in known:
            other = on_record.get(identity_of(identifier)) if identifier else None
            if other and other.rig_id not in self._left:
                where = f" at {other.rig.site}" if other.rig.site else ""
                sentence = (
                    f"'{identifier}' is in the fleet already: rig {other.rig.name}, {other.rig.status}{where}. It "
                    "is not received twice."
                )
                yield RowProblem(line.row, column, f"{column}_in_fleet", str(identifier), sentence)
            elif identifier and (former := self._fleet.by_former.get(identity_of(identifier))):
                sentence = f"'{identifier}' was once that of rig {former.rig.name}."
                self._plan.notices.append(
                    RowProblem(line.row, column, f"{column}_of_another_before", identifier, sentence)
                )

    def _take_named(self, line: Line, named: set[OnRecord]) -> Iterator[RowProblem]:
        """A rig that is on order with its identifier."""
        row = min(named, key=lambda each: each.rig_id)
        told = zip(("serial number", "MAC address"), row.rig[:2], line[1:3], strict=True)
        contradicted = next(
            ((what, old) for what, old, new in told if old and new and not _same(old, new)), None
        )
        if len(named) > 1 or contradicted:
            what, old = contradicted or ("serial number", row.rig.name)
            sentence = (
                f"The {what} of the rig on order is {old}; the line agrees with it in the other one alone."
            )
            yield RowProblem(line.row, "serial_number", "identifiers_disagree", row.rig.name, sentence)
        elif not self._left[row.rig_id]:
            sentence = f"Rig {row.rig.name} is named by another line already."
            yield RowProblem(line.row, "serial_number", "rig_twice", row.rig.name, sentence)
        elif line.model_id not in (None, row.lot.model_id):
            sentence = f"Rig {row.rig.name} is on order as {self._order.models[row.lot.model_id]}."
            yield RowProblem(line.row, "model", "model_contradicts_order", row.rig.name, sentence)
        elif not self._fits(line, row):
            sentence = (
                f"Rig {row.rig.name} is on order as {self._in_words(row)}; the bin or the origin of the line is "
                "another."
            )
            yield RowProblem(line.row, "country_of_origin", "line_contradicts_order", row.rig.name, sentence)
        else:
            self._receive(row, line, 1)

    def _take_counted(self, line: Line) -> Iterator[RowProblem]:
        """So many of what is on order without an identifier."""
        fitting = self._fitting(line)
        if not fitting.rows:
            yield self._nothing_fits(line)
        elif len(fitting.entered) > 1:
            yield self._not_told_apart(line, fitting.rows)
        elif line.identifiers and not fitting.counts:
            yield self._not_expected(line)
        else:
            yield from self._take_from(line, fitting)

    def _take_from(self, line: Line, fitting: _Fitting) -> Iterator[RowProblem]:
        named = [] if line.identifiers else fitting.named
        there, waiting = self._units_left(fitting.counts), self._units_left(named)
        if there < line.quantity < there + waiting:
            sentence = (
                f"{waiting} of the rigs on order under {self._order.number} are known one by one; say in a manifest "
                "which of them came."
            )
            yield RowProblem(line.row, "units", "rigs_known_one_by_one", str(line.quantity), sentence)
            return
        wanted = line.quantity
        for row in fitting.counts + named:
            if taken := min(wanted, self._left[row.rig_id]):
                self._receive(row, line, taken)
                wanted -= taken
        if wanted:
            models = frozenset(row.lot.model_id for row in fitting.rows)
            self._too_many.setdefault(models, []).append((line.row, wanted))

    def _units_left(self, rows: list[OnRecord]) -> int:
        return sum(self._left[row.rig_id] for row in rows)

    def _fitting(self, line: Line) -> _Fitting:
        """The rows on order that a line can mean, looked for once for all lines that say the same."""
        said = line._replace(row=0, serial_number=None, mac_address=None, quantity=1)
        if said not in self._fitting_of:
            rows = [row for row in self._order.rows if self._fits(said, row)]
            self._fitting_of[said] = _Fitting(
                rows=rows,
                counts=[row for row in rows if row.rig.is_counted],
                named=[row for row in rows if not row.rig.is_counted],
                entered={self._entered[row.lot] for row in rows},
            )
        return self._fitting_of[said]

    def _fits(self, line: Line, row: OnRecord) -> bool:
        if line.lot_id is not None and line.lot_id != self._order.lot_ids[row.lot]:
            return False
        if line.model_id not in (None, row.lot.model_id):
            return False
        if line.bin_id and row.rig.bin_id not in (None, line.bin_id):
            return False
        told = ((getattr(line, name), getattr(row.lot, name)) for name in ORIGINS)
        return all(not said or not known or said == known for said, known in told)

    def _receive(self, row: OnRecord, line: Line, units: int) -> None:
        self._left[row.rig_id] -= units
        if any(getattr(line, name) and not getattr(row.lot, name) for name in ORIGINS):
            self._not_kept.add(line.row)
        rig = row.rig._replace(
            serial_number=row.rig.serial_number or line.serial_number,
            mac_address=row.rig.mac_address or line.mac_address,
            quantity=units,
            site=self._site or row.rig.site,
            status=self._receipt.status,
        )
        self._plan.received.append(Received(row, rig, self._entered[row.lot]))

    def _entered_lot(self, lot: LotKey) -> LotKey:
        """The lot that rigs on order come into; what has come is expected no more."""
        has_arrived = RigStatus(self._receipt.status).has_arrived
        return lot._replace(**self._receipt.entered, expected_entry_date=None, has_arrived=has_arrived)

    def _nothing_fits(self, line: Line) -> RowProblem:
        if line.lot_id is not None:
            lots = " and ".join(map(str, sorted(self._order.lot_ids.values())))
            sentence = f"Lot {line.lot_id} is not on order under {self._order.number}; there are: lot {lots}."
            return RowProblem(line.row, "units", "lot_not_on_order", str(line.lot_id), sentence)
        sentence = (
            f"Nothing on order under {self._order.number} has the bin and the origin of this line; on order are: "
            f"{'; '.join(sorted({self._in_words(row) for row in self._order.rows}))}."
        )
        return RowProblem(line.row, "model", "line_not_on_order", line.serial_number or "", sentence)

    def _not_expected(self, line: Line) -> RowProblem:
        """An identifier that is new, where everything that is on order is known by its own."""
        named = line.identifiers[0]
        sentence = (
            f"'{named}' is not among the rigs on order under {self._order.number}, which are known one by one. "
            "Correct the order, or the line."
        )
        return RowProblem(line.row, "serial_number", "rig_not_on_order", named, sentence)

    def _not_told_apart(self, line: Line, fitting: list[OnRecord]) -> RowProblem:
        lots = {self._order.lot_ids[row.lot]: self._in_words(row) for row in fitting}
        told = " and ".join(f"lot {pk} ({words})" for pk, words in sorted(lots.items()))
        how = (
            "give the model, or the origin, in a column"
            if line.row
            else 'give the units of each as "lot NUMBER"'
        )
        sentence = f"This may be of {told}; {how}."
        value = line.serial_number or line.mac_address or str(line.quantity)
        return RowProblem(line.row, "model" if line.row else "units", "lots_not_told_apart", value, sentence)

    def _in_words(self, row: OnRecord) -> str:
        origin = row.lot.country_of_origin or row.lot.country_of_assembly or "not given"
        return f"{self._order.models[row.lot.model_id]}, origin {origin}"

    def _more_than_on_order(self) -> Iterator[RowProblem]:
        """More came than is on order: said once for what is of one kind, at its first line too many."""
        for models, lines in self._too_many.items():
            ordered = sum(row.rig.quantity for row in self._order.rows if row.lot.model_id in models)
            what = " and ".join(sorted(self._order.models[model] for model in models))
            rows = ", ".join(str(row) for row, _ in lines[:NAMED] if row)
            where = f" (row {rows}{', …' if len(lines) > NAMED else ''})" if rows else ""
            sentence = (
                f"{ordered} {what} are on order under {self._order.number}, and {sum(n for _, n in lines)} more came"
                f"{where}. Correct the order first, or leave them out."
            )
            yield RowProblem(lines[0][0], "units", "more_than_on_order", "", sentence)

    def _check_sites(self) -> None:
        if self._receipt.status != RigStatus.IN_TRANSIT and not all(
            each.rig.site for each in self._plan.received
        ):
            sentence = "The site is missing; name the one at which the rigs arrived."
            self._plan.problems.append(RowProblem(0, "site", "site_missing", "", sentence))
        if self._site and self._site not in self._fleet.site_countries:
            self._plan.site_countries[self._site] = self._receipt.import_country
            sentence = f"Site '{self._site}' is not on record yet; it will be made."
            self._plan.notices.append(RowProblem(0, "site", "site_is_new", self._site, sentence))

    def _notice_origins(self) -> None:
        """An origin that the manifest tells and the order does not: a receipt changes no facts of the order."""
        if self._not_kept:
            sentence = (
                f"{len(self._not_kept)} lines give an origin that the order does not; it is not kept. Correct the "
                "order first if it is to count."
            )
            row = min(self._not_kept)
            self._plan.notices.append(RowProblem(row, "country_of_origin", "origin_not_kept", "", sentence))

    def _notice_values(self) -> None:
        """Units of one lot with different values of which a part came: which part, nobody said."""
        taken = {each.row.lot for each in self._plan.received}
        staying = {row.lot for row in self._counts if self._left[row.rig_id]}
        for lot in taken & staying:
            values = {row.rig.customs_value_cents for row in self._counts if row.lot == lot}
            if len(values) > 1:
                sentence = (
                    f"Lot {self._order.lot_ids[lot]} has units of different customs values on order; those that are "
                    "on record longer are received first."
                )
                self._plan.notices.append(RowProblem(0, "customs_value", "values_differ", "", sentence))


def _same(one: str, other: str) -> bool:
    return identity_of(one) == identity_of(other)
