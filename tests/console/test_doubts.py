"""What is not known: the command and the page name the same lots and facts."""

from __future__ import annotations

import pytest

from tests.commands import answer_of
from tests.console.visitors import a_fleet, a_member, an_operator, signed_in
from tests.sheets import a_row

pytestmark = pytest.mark.usefixtures("shipped")

SILENT = [a_row(1), a_row(2, country_of_origin="", country_of_assembly="", hts_code="", customs_value="")]


def test_the_command_asks_for_the_origin_of_the_lot_that_lacks_it(tmp_path):
    operator = an_operator()
    a_fleet(tmp_path, operator, SILENT)
    answer = answer_of("doubts", "--operator", operator.slug)
    ask = answer["asks"][-1]
    assert "country_of_origin" in ask["facts"]
    assert (len(ask["lots"]), ask["units"], ask["settled"]) == (1, 1, "1")
    assert answer["verified_through"]


def test_the_page_says_what_to_ask_for_and_what_it_rests_on(tmp_path):
    operator = an_operator()
    a_fleet(tmp_path, operator, SILENT)
    html = signed_in(a_member(operator)).get("/doubts/").content.decode()
    assert "country of origin" in html
    assert "Policy edition 1" in html
    assert "100 % if everything unknown turned out so" in html


def test_a_fleet_of_nothing_has_nothing_to_ask_for():
    html = signed_in(a_member(an_operator())).get("/doubts/").content.decode()
    assert "No lot of this fleet counts as unknown" in html
