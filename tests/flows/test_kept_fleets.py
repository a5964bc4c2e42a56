"""What is kept of a fleet from one question to the next is what would be read anew, whatever happened between."""

from __future__ import annotations

from datetime import date
from random import Random
from threading import Event, Thread

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fleet.models import Operator, Rig, RigModel
from fleet.services import correct_rigs
from risk.engine.terms.money import FREE
from risk.fleet_findings import fleet_findings, forget_findings
from risk.flows.assess_lots import assess_owed_lots
from risk.flows.fleet_as_held import fleet_as_held
from risk.flows.found_as_held import exposure_as_held, found_as_held
from risk.models import Assessment, FindingsVersion, PolicyEdition
from risk.selectors import threshold_of
from tests.database import NOW, TODAY
from tests.flows.test_checked_uploads import imported, operator
from tests.sheets import a_csv, a_row
from vendors.models import Vendor

pytestmark = pytest.mark.usefixtures("shipped")
__all__ = ["operator"]

DEEDS = 40
SITES, STATUSES, ORIGINS = (
    ("Pecos", "Rockdale", "Odessa"),
    ("deployed", "stored", "sold"),
    ("CN", "MY", "TH", "US"),
)


class Fleet:
    """A fleet and the deeds that may be done to it."""

    def __init__(self, operator: Operator, folder) -> None:
        self.operator, self._folder, self.chance, self._uploads = operator, folder, Random(11), 0
        self.import_rows(range(30))

    def import_rows(self, numbers) -> None:
        self._uploads += 1
        rows = [
            a_row(
                number,
                hts_code="",
                country_of_origin=self.chance.choice(ORIGINS),
                site=self.chance.choice(SITES),
            )
            for number in numbers
        ]
        imported(self.operator, a_csv(self._folder, rows, name=f"{self._uploads}.csv"))

    def move_some(self) -> None:
        self._corrected(site=self.chance.choice(SITES))

    def retire_some(self) -> None:
        self._corrected(status=self.chance.choice(STATUSES))

    def say_another_origin(self) -> None:
        self._corrected(country_of_origin=self.chance.choice(ORIGINS))

    def rack_some(self) -> None:
        self._corrected(rack=f"R{self.chance.randrange(1000)}")

    def buy_some(self) -> None:
        self.import_rows(range(100 * self._uploads, 100 * self._uploads + 3))

    def give_models_another_code(self) -> None:
        RigModel.objects.update(default_hts_code=self.chance.choice(("8543709860", "8471500150")))
        Operator.objects.filter(pk=self.operator.pk).move_fleets_on()

    def rename_a_maker(self) -> None:
        Vendor.objects.filter(name__startswith="Bitmain").update(
            name=f"Bitmain {self.chance.randrange(1000)}"
        )
        Operator.objects.filter(pk=self.operator.pk).move_fleets_on()

    def set_a_lot_aside(self) -> None:
        first = Assessment.objects.order_by("pk").values("pk")[:1]
        Assessment.objects.filter(pk__in=first).update(error="cannot be read")
        FindingsVersion.objects.count_on([self.operator.pk])

    def assess(self) -> None:
        assess_owed_lots(assessed_on=TODAY, clock=lambda: NOW)

    def _corrected(self, **values) -> None:
        rigs = list(Rig.objects.of(self.operator).values_list("pk", flat=True))
        some = self.chance.sample(rigs, 3)
        correct_rigs(operator=self.operator, rig_ids=some, values=values, at=NOW, by=None)


@pytest.fixture
def fleet(operator, tmp_path) -> Fleet:
    return Fleet(operator, tmp_path)


def as_found(operator: Operator) -> object:
    """All that is kept of the fleet beside the findings on record."""
    found = fleet_findings(operator)
    rows = {lot_id: (row.pk, row.run_id) for lot_id, row in found.findings.items()}
    return found.versions, found.held, rows, dict(found.standings), found.shares(FREE)


def as_held(operator: Operator) -> object:
    """All that is kept of the fleet for questions that are put on no record."""
    fleet = fleet_as_held(operator, known_on=TODAY)
    found = found_as_held(operator, fleet, PolicyEdition.objects.current(), TODAY)
    return fleet, found.lots, found.results, found.standings, found.exposure


def test_whatever_is_done_to_a_fleet_what_is_kept_is_what_would_be_read_anew(fleet):
    deeds = [
        fleet.move_some,
        fleet.retire_some,
        fleet.say_another_origin,
        fleet.rack_some,
        fleet.buy_some,
        fleet.give_models_another_code,
        fleet.rename_a_maker,
        fleet.set_a_lot_aside,
        fleet.assess,
    ]
    for number in range(DEEDS):
        deed = deeds[number % len(deeds)] if number < len(deeds) else fleet.chance.choice(deeds)
        deed()
        kept = as_found(fleet.operator), as_held(fleet.operator)
        forget_findings()
        assert kept == (as_found(fleet.operator), as_held(fleet.operator)), f"deed {number}: {deed.__name__}"


def test_an_edit_that_moves_no_rig_leaves_all_that_is_kept_and_owes_nothing(fleet):
    fleet.assess()
    before, held = fleet_findings(fleet.operator), fleet_as_held(fleet.operator, known_on=TODAY)
    version = Operator.objects.get().fleet_version
    fleet.rack_some()
    assert Operator.objects.get().fleet_version == version + 1
    with CaptureQueriesContext(connection) as queries:
        after = fleet_findings(fleet.operator)
    assert (after is before, len(queries)) == (True, 1)
    assert fleet_as_held(fleet.operator, known_on=TODAY).held is held.held
    assert not Assessment.objects.exists()


def test_of_a_fleet_that_moved_a_lot_that_did_not_is_not_assessed_again(fleet):
    def found():
        held = fleet_as_held(fleet.operator, known_on=TODAY)
        return found_as_held(fleet.operator, held, PolicyEdition.objects.current(), TODAY)

    fleet.assess()
    before, beside = found(), fleet_findings(fleet.operator)
    rig = Rig.objects.of(fleet.operator).order_by("pk").first()
    correct_rigs(operator=fleet.operator, rig_ids=[rig.pk], values={"status": "retired"}, at=NOW, by=None)
    after = found()
    others = {pk for pk, result in after.results.items() if result is before.results.get(pk)}
    assert before.results.keys() - others == {rig.lot_id}
    same = {id(each) for each in beside.held}
    moved = {each.standing.lot_id for each in fleet_findings(fleet.operator).held if id(each) not in same}
    assert moved == {rig.lot_id}


@pytest.mark.parametrize("on", [TODAY, date(2026, 2, 1)])
def test_what_is_on_record_is_what_would_be_found_and_is_told_instead(fleet, on):
    edition = PolicyEdition.objects.current()

    def worked_out():
        held = fleet_as_held(fleet.operator, known_on=TODAY)
        return found_as_held(fleet.operator, held, edition, on).exposure

    fleet.assess()
    told, _ = exposure_as_held(fleet.operator, edition, on=on, today=TODAY)
    assert told == worked_out()
    is_on_record = told.whole is fleet_findings(fleet.operator).shares(threshold_of(fleet.operator))
    assert is_on_record == (on == TODAY)  # in February the findings of today did not hold
    fleet.buy_some()
    after, _ = exposure_as_held(fleet.operator, edition, on=on, today=TODAY)
    assert after == worked_out()
    assert after.whole != told.whole


def test_a_lot_that_was_set_aside_keeps_nobody_from_what_is_on_record(fleet):
    fleet.assess()
    rig = Rig.objects.of(fleet.operator).order_by("pk").first()
    correct_rigs(operator=fleet.operator, rig_ids=[rig.pk], values={"status": "retired"}, at=NOW, by=None)
    fleet.set_a_lot_aside()
    fleet.assess()
    assert Assessment.objects.set_aside().count() == Assessment.objects.count() == 1
    told, _ = exposure_as_held(fleet.operator, PolicyEdition.objects.current(), on=TODAY, today=TODAY)
    assert told.whole is fleet_findings(fleet.operator).shares(threshold_of(fleet.operator))


def test_what_is_made_of_a_fleet_is_made_once_for_threads_that_ask_at_the_same_time(fleet):
    found, begun, go_on, made = fleet_findings(fleet.operator), Event(), Event(), []

    def make() -> int:
        begun.set()
        go_on.wait()
        made.append(1)
        return len(made)

    threads = [Thread(target=found.once, args=("that", make)) for _ in range(2)]
    threads[0].start()
    begun.wait()
    threads[1].start()
    threads[1].join(0.1)
    go_on.set()
    for thread in threads:
        thread.join()
    assert made == [1]


def test_the_queries_for_a_fleet_that_moved_do_not_grow_with_it(fleet):
    def asked() -> int:
        fleet.move_some()
        with CaptureQueriesContext(connection) as queries:
            fleet_findings(fleet.operator)
        return len(queries)

    fleet_findings(fleet.operator)
    few = asked()
    fleet.import_rows(range(500, 560))
    fleet_findings(fleet.operator)
    assert asked() == few
