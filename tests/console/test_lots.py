"""From a bar to its lots, and from a lot to its explanation."""

from __future__ import annotations

import html as markup
import re
from urllib.parse import parse_qsl

import pytest

from fleet.models import Lot, Rig
from risk.dashboard.fleet_view import Narrowing, fleet_view
from risk.dashboard.lots import in_fleet
from tests.console.test_front_page import page_of, text_of
from tests.console.visitors import a_fleet, a_member, an_operator, signed_in
from tests.sheets import a_row

pytestmark = pytest.mark.usefixtures("shipped")

SHEET = [
    a_row(1, purchase_order="PO-77"),
    a_row(2, country_of_origin="MY", country_of_assembly="MY", site="Pecos", entry_number="XYZ-7654321-0"),
    a_row(3, country_of_origin="", country_of_assembly="", hts_code=""),
    a_row(4, status="on order", site="", entry_date="", expected_entry_date="2026-12-15", entry_number=""),
    a_row(5, status="retired", entry_date="2022-05-17"),
]


@pytest.fixture
def operator(tmp_path):
    """An operator with five lots, one of them gone."""
    made = an_operator()
    a_fleet(tmp_path, made, [row | {"PO": row.pop("purchase_order", "")} for row in SHEET])
    return made


@pytest.fixture
def client(operator):
    """A manager's browser."""
    return signed_in(a_member(operator))


def lots_in(html):
    return [int(number) for number in dict.fromkeys(re.findall(r'href="/lots/(\d+)/"', html))]


def test_every_link_of_the_front_page_leads_to_lots_that_hold_as_many_rigs_as_it_says(client, operator):
    links = set(re.findall(r'href="(/lots/\?[^"]+)"', page_of(client)))
    assert len(links) > 20
    view = fleet_view(operator)
    for link in map(markup.unescape, links):
        shown = in_fleet(view.narrowed(Narrowing.of(dict(parse_qsl(link.partition("?")[2])))))
        told = text_of(page_of(client, link))
        assert f"{sum(each.rigs.units for each in shown.held)} rig" in told or "No lot" in told


def test_rigs_that_are_gone_are_listed_only_when_asked_for(client):
    assert len(lots_in(page_of(client, "/lots/"))) == 4
    assert len(lots_in(page_of(client, "/lots/?status=any"))) == 5
    assert len(lots_in(page_of(client, "/lots/?status=retired"))) == 1


@pytest.mark.parametrize("facet", ["country_of_origin", "country_of_assembly"])
def test_what_nobody_gave_can_be_asked_for(client, facet):
    assert len(lots_in(page_of(client, f"/lots/?{facet}=%28not+given%29"))) == 1


@pytest.mark.parametrize("written", ["YNAHEAUBCJCBA0002", "ynaheaubcjcba0002", "XYZ-7654321-0", "765432"])
def test_a_lot_is_found_by_serial_number_and_by_entry_number(client, written):
    found = lots_in(page_of(client, f"/lots/?search={written}"))
    assert found == [Rig.objects.get(serial_number="YNAHEAUBCJCBA0002").lot_id]


def test_a_lot_is_found_by_mac_address_in_any_notation_and_by_purchase_order(client):
    rig = Rig.objects.order_by("pk").first()
    Rig.objects.filter(pk=rig.pk).update(mac_address="aa:bb:cc:dd:ee:01")
    Lot.objects.filter(pk=rig.lot_id).update(purchase_order="PO-77")
    assert lots_in(page_of(client, "/lots/?search=AABB.CCDD.EE01")) == [rig.lot_id]
    assert lots_in(page_of(client, "/lots/?search=po-77")) == [rig.lot_id]


def test_a_search_that_finds_nothing_says_so(client):
    assert "No lot fits what you asked for" in page_of(client, "/lots/?search=nothing-like-it")


def test_an_address_that_asks_for_nonsense_shows_the_usual_list(client):
    shown = client.get("/lots/?sort=sideways&after=x&part=&nothing=1", follow=True)
    assert len(lots_in(shown.content.decode())) == 4


def test_pages_follow_one_another_without_a_lot_lost_or_shown_twice(operator, client, monkeypatch):
    monkeypatch.setattr("risk.dashboard.lots.lot_list.__kwdefaults__", {"size": 2})
    first = page_of(client, "/lots/?sort=model")
    following = re.search(r'href="(\?[^"]*after=\d+)"', first)
    second = page_of(client, "/lots/" + markup.unescape(following[1]))
    seen = lots_in(first) + lots_in(second)
    assert len(seen) == len(set(seen)) == 4


def test_the_page_of_a_lot_shows_every_line_of_duty_with_its_citation(client, operator):
    lot = Lot.objects.of(operator).get(country_of_origin="CN", entry_date="2025-06-10", has_arrived=True)
    told = text_of(page_of(client, f"/lots/{lot.pk}/"))
    assert "Section 301, China, List 2" in told
    assert "83 FR 40823" in told
    assert "As entered" in told
    assert "No government list is loaded" in told
    assert "Policy edition 1" in told


def test_the_page_of_a_lot_tells_what_was_given_from_what_is_assumed(client, operator):
    lot = Lot.objects.of(operator).get(hts_code="")
    html = page_of(client, f"/lots/{lot.pk}/")
    assert "assumed: the usual code of Antminer S21" in html
    assert "<li>country of origin</li>" in html
    assert "not settled" in html


def test_the_clocks_of_an_entry_say_where_it_stands(client, operator, time_machine):
    time_machine.move_to("2026-11-22 12:00 -0500")
    lot = Lot.objects.of(operator).get(country_of_origin="CN", entry_date="2025-06-10", has_arrived=True)
    html = page_of(client, f"/lots/{lot.pk}/")
    assert re.search(
        r'aria-current="step"><strong>penalty period only|aria-current="step"><strong>liquidated', html
    )


def test_a_lot_page_takes_no_more_queries_for_more_rigs(client, operator, django_assert_max_num_queries):
    first, last = (
        Lot.objects.of(operator).order_by("pk").first(),
        Lot.objects.of(operator).order_by("pk").last(),
    )
    page_of(client, f"/lots/{first.pk}/")
    with django_assert_max_num_queries(23):
        page_of(client, f"/lots/{first.pk}/")
    with django_assert_max_num_queries(23):
        page_of(client, f"/lots/{last.pk}/")


def test_rigs_are_listed_and_found(client):
    assert "YNAHEAUBCJCBA0005" in page_of(client, "/rigs/")
    assert "YNAHEAUBCJCBA0005" not in page_of(client, "/rigs/?site=Pecos")
    assert "YNAHEAUBCJCBA0005" in page_of(client, "/rigs/?status=retired")
    assert len(re.findall(r'href="/rigs/\d+/"', page_of(client, "/rigs/?search=YNAHEAUBCJCBA"))) == 5
