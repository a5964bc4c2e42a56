"""What a fault in one lot, an operator's own records and a look at another day leave as it was."""

from __future__ import annotations

from datetime import date
from itertools import count

import pytest
from django.core.management import call_command
from django.db import transaction

from fleet.flows.load_catalogue import load_catalogue
from fleet.models import Holding, Lot, Operator, RigModel
from risk.engine.sittings import Sitting
from risk.flows import exposure_rows
from risk.flows.assess_lots import assess_owed_lots
from risk.flows.follow_calendar import take_back_the_calendar
from risk.flows.owed import owe, owe_by_the_calendar
from risk.flows.owners import whom_they_own
from risk.models import Alert, Assessment, AssessmentRun, Explanation, Exposure
from risk.selectors import exposed_share
from tests.console.visitors import a_fleet, an_operator
from tests.database import NOW, TODAY
from tests.sheets import a_row
from vendors.models import Ownership, Vendor

pytestmark = pytest.mark.usefixtures("shipped")
Kind = AssessmentRun.Kind


@pytest.fixture
def operator(tmp_path):
    """Three lots of one operator, assessed on TODAY."""
    operator = an_operator()
    countries = ("CN", "MY", "TH")
    a_fleet(
        tmp_path,
        operator,
        [a_row(n, country_of_origin=c, country_of_assembly=c) for n, c in enumerate(countries, start=1)],
    )
    return operator


def owed(lots=None):
    with transaction.atomic():
        owe(list((lots or Lot.objects.all()).values_list("pk", flat=True)), cause="a test", now=NOW)


def assessed():
    return assess_owed_lots(assessed_on=TODAY, clock=lambda: NOW)


def with_a_code_that_is_none(country):
    """A lot whose facts nobody can read any more."""
    Lot.objects.filter(country_of_origin=country).update(hts_code="no code")
    return Lot.objects.get(country_of_origin=country)


def test_a_lot_whose_facts_cannot_be_read_is_set_aside_alone(operator):
    Lot.objects.filter(country_of_origin="MY").update(country_of_origin="VN")
    bad = with_a_code_that_is_none("TH")
    owed()
    done = assessed()
    assert (done.changed, done.unchanged, done.set_aside) == (1, 1, 1)
    assert Assessment.objects.get().lot == bad
    assert "no code" in Assessment.objects.get().error


def by_band(operator):
    groups = exposed_share(operator, on=TODAY, by="band").groups
    return {band: shares.fleet.units for band, shares in groups.items()}


def test_a_lot_that_was_set_aside_is_unknown_whatever_was_found_before(operator, monkeypatch):
    before = by_band(operator)
    assert "unknown" not in before
    with monkeypatch.context() as fault:
        fault.setattr(Sitting, "assess", lambda *_: 1 / 0)
        owed(Lot.objects.filter(country_of_origin="CN"))
        assessed()
    assert by_band(operator)["unknown"] == 1
    owed(Lot.objects.filter(country_of_origin="CN"))
    assessed()
    assert by_band(operator) == before


def test_the_next_engine_tries_again_what_another_failed_on(operator):
    bad = with_a_code_that_is_none("CN")
    owed(Lot.objects.filter(pk=bad.pk))
    assessed()
    assert owe_by_the_calendar(TODAY, now=NOW) == 0
    Assessment.objects.update(failed_by="1")
    Lot.objects.filter(pk=bad.pk).update(hts_code="")
    assert owe_by_the_calendar(TODAY, now=NOW) == 1
    assessed()
    assert not Assessment.objects.exists()


def test_what_an_operators_private_vendor_tells_reaches_nobody_elses_makers(operator):
    own = Vendor.objects.create(name="Project Falcon SPV", slug="falcon", operator=operator)
    sister = Vendor.objects.create(name="Falcon Sister", slug="falcon-sister", operator=operator)
    for other in ("Bitmain", "Falcon Sister"):
        Ownership.objects.create(vendor=own, kind="subsidiary", other_party=other)
    assert whom_they_own([own.pk]) == {own.pk, sister.pk}


def test_what_the_register_tells_reaches_private_vendors_too(operator):
    bitmain = Vendor.objects.get(name="Bitmain")
    own = Vendor.objects.create(name="Falcon Sister", slug="falcon-sister", operator=operator)
    Ownership.objects.create(vendor=bitmain, kind="subsidiary", other_party="Falcon Sister")
    assert own.pk in whom_they_own([bitmain.pk])


def test_taking_the_calendar_back_takes_its_owed_lots_back_too(operator):
    ahead = date(2099, 1, 1)
    owe_by_the_calendar(ahead, now=NOW)
    assert set(Assessment.objects.values_list("day", flat=True)) == {ahead}
    take_back_the_calendar(TODAY)
    assert set(Assessment.objects.values_list("day", flat=True)) == {None}
    assessed()
    assert Exposure.objects.current().filter(holds_from__gt=TODAY).count() == 0


def test_a_look_at_another_day_tells_nobody(operator, time_machine):
    time_machine.move_to(NOW)
    told = Alert.objects.count()
    call_command("assess", "--on", "2019-06-01", verbosity=0)
    assert Exposure.objects.current().filter(holds_from__lte=date(2019, 6, 1)).exists()
    assert Alert.objects.count() == told


def test_a_catalogue_that_gives_a_model_another_code_owes_its_silent_lots(operator):
    lots = Lot.objects.filter(country_of_origin__in=("CN", "MY"))
    lots.update(hts_code="")
    RigModel.objects.filter(lots__in=lots).update(default_hts_code="8471500150")
    version = Operator.objects.get(pk=operator.pk).fleet_version
    load_catalogue(at=NOW)
    assert set(Assessment.objects.values_list("lot_id", flat=True)) == {lot.pk for lot in lots}
    assert Operator.objects.get(pk=operator.pk).fleet_version > version


def test_a_catalogue_that_rates_a_model_otherwise_counts_its_holdings_anew(operator):
    model = RigModel.objects.filter(lots__operator=operator).distinct().get()
    right = Holding.objects.order_by("pk").values_list("lot", "hashrate_ghs", "power_w")
    counted = list(right)
    RigModel.objects.filter(pk=model.pk).update(hashrate_ghs=1, power_w=1)
    Holding.objects.update(hashrate_ghs=1, power_w=1)
    version = Operator.objects.get(pk=operator.pk).fleet_version
    load_catalogue(at=NOW)
    assert list(right.all()) == counted
    assert Operator.objects.get(pk=operator.pk).fleet_version > version


def test_an_explanation_that_another_worker_writes_meanwhile_is_taken(operator, monkeypatch, caplog):
    """Whoever looks finds none of two; when they are written, one of them is there."""
    explained = Exposure.objects.current().values_list("explanation__digest", "explanation_id")
    Exposure.objects.all().delete()
    china_and_malaysia = Lot.objects.filter(country_of_origin__in=["CN", "MY"])
    owed(china_and_malaysia)
    assessed()
    before = dict(explained.all())
    missing = min(before)
    Exposure.objects.all().delete()
    Explanation.objects.get(digest=missing).delete()
    looked, looks = exposure_rows._explanations_of, count()
    monkeypatch.setattr(
        exposure_rows, "_explanations_of", lambda digests: looked(digests if next(looks) else ())
    )
    owed(china_and_malaysia)
    assert (assessed().added, Assessment.objects.count()) == (2, 0)
    assert not [line for line in caplog.messages if "halved" in line]
    after = dict(explained.all())
    (found_there,) = before.keys() - {missing}
    assert after.keys() == before.keys()
    assert after[found_there] == before[found_there]
    assert after == dict(Explanation.objects.filter(digest__in=before).values_list("digest", "pk"))
