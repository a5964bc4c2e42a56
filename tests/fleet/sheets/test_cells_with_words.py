"""Cells that hold identifiers, countries and words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleet.sheets.cells.texts import mac_address
from risk.engine.terms.countries import country_names
from risk.engine.terms.rigs import RigStatus, TransportMode
from tests.fleet.sheets.made_files import codes, one_cell, reading_of

PAIRS = st.lists(st.integers(0, 255), min_size=6, max_size=6).filter(
    lambda pairs: set(pairs) not in ({0}, {255})
)
NOTATIONS = (
    lambda text: text,
    lambda text: text.upper(),
    lambda text: text.replace(":", "-"),
    lambda text: text.replace(":", ""),
    lambda text: f"{text[:5]}.{text[6:11]}.{text[12:]}".replace(":", ""),
)


@given(PAIRS, st.sampled_from(NOTATIONS))
def test_a_mac_address_is_the_same_in_every_notation(pairs, written):
    plain = ":".join(f"{pair:02x}" for pair in pairs)
    assert mac_address(written(plain)) == plain


@pytest.mark.parametrize(
    "cell", ["ca:fe:ba:be:de", "00:00:00:00:00:00", "FF-FF-FF-FF-FF-FF", "none yet", "1.12E+11"]
)
def test_what_is_no_mac_address_is_a_problem(tmp_path, cell):
    assert codes(one_cell(tmp_path, "MAC", cell))[0].startswith("mac_address_")


@pytest.mark.parametrize("cell", ["8543.70.9860", "8543.70.98.60", "8543709860", "８５４３.７０.９８６０"])
def test_an_hts_code_may_have_dots(tmp_path, cell):
    assert one_cell(tmp_path, "HTS", cell).rows[0].hts_code.digits == "8543709860"


@pytest.mark.parametrize("cell", ["8543", "84.71", "854370986", "85437098601", "rig"])
def test_an_hts_code_has_8_or_10_digits(tmp_path, cell):
    problem = one_cell(tmp_path, "HTS", cell).problems[0]
    assert problem.code == "hts_code_unreadable"
    assert "8543.70.9860" in problem.sentence


@pytest.mark.parametrize("cell", ["CN", "cn", "CHN", "China", "PRC", "P.R.C.", " china "])
def test_a_country_may_be_written_as_people_write_it(tmp_path, cell):
    assert one_cell(tmp_path, "COO", cell).rows[0].country_of_origin == "CN"


@given(st.sampled_from(sorted(country_names())))
def test_every_country_is_read_by_its_name(tmp_path_factory, code):
    name = country_names()[code]
    assert one_cell(tmp_path_factory.mktemp("country"), "Origin", name).rows[0].country_of_origin == code


def test_a_country_that_is_none_has_the_nearest_name_in_its_sentence(tmp_path):
    problem = one_cell(tmp_path, "Country of Origin", "Malaysai").problems[0]
    assert problem.code == "country_unknown"
    assert "did you mean Malaysia?" in problem.sentence


@pytest.mark.parametrize("cell", ["", "n/a", "-", "unknown", "TBD", "?", "null", "#"])
def test_words_that_say_nothing_leave_the_origin_unknown(tmp_path, cell):
    reading = one_cell(tmp_path, "COO", cell)
    assert reading.rows[0].country_of_origin is None if cell != "#" else codes(reading) == ["country_unknown"]


def test_na_is_nothing_everywhere_but_could_be_namibia_among_countries(tmp_path):
    assert one_cell(tmp_path, "Rack", "NA").rows[0].rack is None
    assert codes(one_cell(tmp_path, "COO", "NA")) == ["country_unknown"]


@pytest.mark.parametrize("status", list(RigStatus))
def test_every_status_is_read_in_any_case_and_spacing(tmp_path, status):
    for written in (status.value, status.value.upper(), status.value.replace(" ", "_"), f" {status.value} "):
        assert one_cell(tmp_path, "Status", written).rows[0].status is status


def test_a_status_that_only_a_machine_can_have_is_a_problem_that_lists_ours(tmp_path):
    problem = one_cell(tmp_path, "Status", "offline").problems[0]
    assert problem.code == "status_unknown"
    assert "on order, in transit, stored, deployed" in problem.sentence


def test_a_silent_status_stays_silent(tmp_path):
    row = one_cell(tmp_path, "Status", "").rows[0]
    assert row.status is None
    assert row.has_arrived


@pytest.mark.parametrize(
    ("cell", "mode"),
    [("Air Freight", TransportMode.AIR), ("OCEAN", TransportMode.VESSEL), ("by truck", TransportMode.TRUCK)],
)
def test_a_way_of_transport_may_be_written_as_forwarders_write_it(tmp_path, cell, mode):
    assert one_cell(tmp_path, "Ship Mode", cell).rows[0].transport_mode is mode


def test_a_way_of_transport_that_is_none_is_a_problem(tmp_path):
    assert codes(one_cell(tmp_path, "Ship Mode", "drone")) == ["transport_mode_unknown"]


@pytest.mark.parametrize(
    ("cell", "claim"), [("Yes", True), ("x", True), ("0", False), ("no", False), ("", None)]
)
def test_a_claim_is_yes_or_no_or_not_told(tmp_path, cell, claim):
    assert one_cell(tmp_path, "USMCA", cell).rows[0].usmca_claim is claim


def test_a_claim_that_is_neither_is_a_problem(tmp_path):
    assert codes(one_cell(tmp_path, "USMCA", "maybe")) == ["usmca_claim_unknown"]


def test_a_model_stays_as_it_is_written(tmp_path):
    written = "Antminer S19XP Hyd（Mix） 257T"
    assert reading_of(tmp_path, f"Serial,Model,Site\nA1,{written},Pecos\n").rows[0].model == written
