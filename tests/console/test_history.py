"""Through time: the page draws the steps, tells them in a table, and shows the fleet as it was kept."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from risk.flows.keep_curves import keep_curves
from risk.flows.snapshots import take_snapshots
from risk.models import FleetSnapshot
from tests.console.visitors import a_fleet, a_member, an_operator, signed_in
from tests.database import NOW, TODAY
from tests.sheets import a_row

pytestmark = pytest.mark.usefixtures("shipped")

DAY = date(2026, 11, 22)


def page_of(operator, address="/history/"):
    answer = signed_in(a_member(operator)).get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_chart_has_a_title_a_description_and_a_table_that_says_the_same(tmp_path):
    operator = an_operator()
    a_fleet(tmp_path, operator, [a_row(1)])
    html = page_of(operator)
    assert '<title id="steps-title">' in html
    assert "Section 301" in html
    assert '<desc id="steps-desc">' in html
    assert "23 Aug 2018" in html
    assert "style=" not in html
    assert "<script>" not in html


def test_the_page_says_what_its_shares_rest_on(tmp_path):
    operator = an_operator()
    a_fleet(tmp_path, operator, [a_row(1)])
    html = page_of(operator)
    assert "Policy edition 1" in html
    assert "law verified through" in html


def test_an_empty_fleet_has_no_chart_but_a_page(tmp_path):
    html = page_of(an_operator())
    assert "no hashrate on record" in html


def test_a_snapshot_stands_in_the_table_of_the_fleet_as_it_was(tmp_path):
    operator = an_operator()
    a_fleet(tmp_path, operator, [a_row(1)])
    take_snapshots(DAY)
    assert '<time datetime="2026-11-22">' in page_of(operator)


def test_a_second_run_on_one_day_keeps_the_first_snapshot(tmp_path):
    operator = an_operator()
    a_fleet(tmp_path, operator, [a_row(1)])
    assert take_snapshots(DAY) == 1
    kept = FleetSnapshot.objects.get()
    a_fleet(tmp_path, operator, [a_row(2)])
    assert take_snapshots(DAY) == 0
    assert FleetSnapshot.objects.get().units == kept.units == 1


def test_the_page_is_the_same_from_the_record_and_worked_out(tmp_path, time_machine):
    time_machine.move_to(NOW, tick=False)
    operator = an_operator()
    a_fleet(tmp_path, operator, [a_row(1), a_row(2, country_of_origin="MY", country_of_assembly="MY")])
    client = signed_in(a_member(operator))
    worked_out = shown(client)
    keep_curves(TODAY, clock=lambda: NOW, until=NOW + timedelta(seconds=20))
    assert shown(client) == worked_out


def shown(client):
    """The page without what is secret and new each time."""
    return client.get("/history/").content.decode().partition("<main")[2]
