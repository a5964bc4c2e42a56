"""The pages of assessment runs: each reader sees what touches their lots, and how far assessing is."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from fleet.models import Lot
from risk.flows.assess_lots import assess_owed_lots
from risk.flows.claims import claim, settle, still_held
from risk.flows.owed import owe
from risk.models import AssessmentRun
from tests.console.visitors import a_fleet, a_member, an_admin, an_operator, signed_in
from tests.database import NOW, TODAY
from tests.sheets import a_row

pytestmark = pytest.mark.usefixtures("shipped")
Kind = AssessmentRun.Kind


@pytest.fixture(autouse=True)
def at_noon(time_machine):
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def prairie(tmp_path):
    operator = an_operator()
    a_fleet(tmp_path, operator, [a_row(1), a_row(2, country_of_origin="MY", country_of_assembly="MY")])
    return operator


@pytest.fixture
def desert(tmp_path):
    operator = an_operator("desert", "Desert Hash")
    a_fleet(tmp_path, operator, [a_row(3)])
    return operator


def owed(lots, kind, cause, now=NOW):
    with transaction.atomic():
        return owe(lots.values_list("pk", flat=True), cause=cause, now=now, kind=kind)


def assessed(now=NOW):
    assess_owed_lots(assessed_on=TODAY, clock=lambda: now + timedelta(seconds=1))


def text_of(client, address):
    answer = client.get(address)
    assert answer.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def test_the_list_tells_causes_and_counts_newest_first(prairie):
    owed(Lot.objects.all(), Kind.EDITION, "edition 2 published")
    assessed()
    told = text_of(signed_in(a_member(prairie)), "/runs/")
    assert told.index("Edition 2 published") < told.index("Upload ")
    assert "The counts are those of Prairie Hash" in told


def test_a_member_sees_only_runs_that_touch_their_lots_with_their_own_counts(prairie, desert):
    both = owed(Lot.objects.all(), Kind.EDITION, "edition 2 published")
    theirs = AssessmentRun.objects.get(kind=Kind.UPLOAD, operator=prairie)
    member = signed_in(a_member(desert))
    told = text_of(member, "/runs/")
    assert f"Upload {theirs.cause.split()[1]} applied" not in told
    assert member.get(f"/runs/{theirs.pk}/").status_code == 404
    assert "0 %, 1 lot to go" in text_of(member, f"/runs/{both.pk}/")
    assert "0 %, 3 lots to go" in text_of(signed_in(an_admin()), f"/runs/{both.pk}/")


def test_a_run_lists_the_lots_that_it_changed_before_and_after(prairie):
    Lot.objects.filter(country_of_origin="CN").update(country_of_origin="MY")
    run = owed(Lot.objects.all(), Kind.EDIT, "a correction of 1 rig")
    assessed()
    told = text_of(signed_in(a_member(prairie)), f"/runs/{run.pk}/")
    assert f"Run {run.pk}: A correction of 1 rig" in told
    assert "37.5 % → 10 %" in told
    assert "high → elevated" in told


def test_a_finding_that_came_back_is_told_beside_the_one_that_it_replaced(prairie):
    lots = Lot.objects.filter(country_of_assembly="CN")
    for minute, origin in enumerate(("MY", "CN"), start=1):
        now = NOW + timedelta(minutes=minute)
        lots.update(country_of_origin=origin)
        run = owed(lots, Kind.ASKED, "a test", now)
        assessed(now)
    assert "10 % → 37.5 %" in text_of(signed_in(a_member(prairie)), f"/runs/{run.pk}/")


def test_another_operators_lots_are_in_no_list_of_changes(prairie, desert):
    Lot.objects.filter(country_of_origin="CN").update(country_of_origin="MY")
    run = owed(Lot.objects.all(), Kind.EDITION, "edition 2 published")
    assessed()
    theirs = Lot.objects.get(operator=prairie, country_of_assembly="CN")
    told = text_of(signed_in(a_member(desert)), f"/runs/{run.pk}/")
    assert "37.5 % → 10 %" in told
    assert f"lot {theirs.pk} " not in told


def test_a_vendors_name_is_no_news_to_those_who_may_not_know_it(prairie):
    run = owed(Lot.objects.all(), Kind.VENDOR, "vendor Secret Supplies")
    member = signed_in(a_member(prairie))
    for address in ("/runs/", f"/runs/{run.pk}/"):
        assert "Secret Supplies" not in text_of(member, address)
    assert "Vendor Secret Supplies" in text_of(signed_in(an_admin()), "/runs/")


def test_the_front_page_says_how_far_assessing_is_and_as_of_when(prairie, monkeypatch, time_machine):
    monkeypatch.setattr("risk.flows.claims.BATCH", 1)
    client = signed_in(a_member(prairie))
    assert "Assessing" not in text_of(client, "/")
    owed(Lot.objects.all(), Kind.EDITION, "edition 2 published")
    later = NOW + timedelta(minutes=2)
    time_machine.move_to(later, tick=False)
    held = claim(later)
    with transaction.atomic():
        settle(still_held(held), added=(), changed=(), set_aside={}, now=later)
    told = text_of(client, "/")
    assert "Assessing 50 %, 1 lot to go, about 2 minutes left; shown as of 10:02." in told


def test_a_page_of_runs_asks_as_little_as_one_run(prairie):
    client = signed_in(a_member(prairie))

    def questions(address):
        with CaptureQueriesContext(connection) as asked:
            text_of(client, address)
        return len(asked)

    one = f"/runs/{AssessmentRun.objects.get().pk}/"
    few = questions("/runs/"), questions(one)
    for number in range(60):
        owed(Lot.objects.all(), Kind.EDITION, f"edition {number} published")
    assert (questions("/runs/"), questions(one)) == few
    assert "Earlier runs" in text_of(client, "/runs/")
