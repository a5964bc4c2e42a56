"""Headings: which column they mean, how tools write them, and what is never read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleet.sheets.columns import COLUMNS
from fleet.sheets.headings import folded, is_secret, match_of, spellings
from fleet.sheets.layouts import GENERIC, LAYOUTS, layout_of
from fleet.sheets.reading import ParsedRow
from tests.fleet.sheets.made_files import codes, reading_of, warned

SPELLINGS = [(heading, column) for column in COLUMNS for heading in spellings(column)]


@given(
    st.sampled_from(SPELLINGS), st.sampled_from([str.upper, str.lower, str.title, lambda text: f" {text} "])
)
def test_every_spelling_means_its_column_in_any_case_and_spacing(spelling, change):
    heading, column = spelling
    assert match_of(change(heading)).column is column


def test_no_spelling_means_two_columns():
    words = [(folded(heading), column.name) for heading, column in SPELLINGS]
    assert len({word for word, _ in words}) == len(set(words))


def test_the_attributes_of_a_row_stand_in_the_order_of_the_columns():
    names = [column.field for column in COLUMNS]
    assert list(ParsedRow.__slots__) == ["number", *names, "has_quantity"]


def test_every_column_tells_people_what_it_holds():
    for column in COLUMNS:
        assert column.holds.endswith((".", "104T."))
        assert column.code.islower()


@pytest.mark.parametrize(
    ("tool", "headings", "meant"),
    [
        (
            "Foreman",
            "mac,serial,rack,row,index,name,static_ip,netmask,gateway,dns,hostname,pool_1_url,pool_1_user,pool_1_pass",
            {"mac": "mac_address", "serial": "serial_number", "rack": "rack"},
        ),
        (
            "Proto Fleet",
            "Name,Worker Name,Groups,Rack,Model,MAC Address,IP Address,Status,Hashrate (TH/s),Power (kW),Temp (°C)",
            {
                **{"Rack": "rack", "Model": "model", "MAC Address": "mac_address", "Status": "status"},
                **{"Hashrate (TH/s)": "hashrate_ths", "Power (kW)": "power_w"},
            },
        ),
        (
            "MiningOS",
            "id,type,site,container,position,serialNumber,macAddress,status,hashrateMhs,powerW,workerName,activePool",
            {
                **{"type": "model", "site": "site", "position": "position", "serialNumber": "serial_number"},
                **{
                    "container": "rack",
                    "macAddress": "mac_address",
                    "status": "status",
                    "hashrateMhs": "hashrate_ths",
                    "powerW": "power_w",
                },
            },
        ),
        (
            "BTC Tools",
            "IP,Status,Type,Working Mode,Hash Rate RT,Hash Rate avg,Temperature,Pool 1,Worker 1,Firmware,MAC Address",
            {
                "Status": "status",
                "Type": "model",
                "MAC Address": "mac_address",
            },
        ),
    ],
)
def test_the_headings_of_known_tools_are_understood(tool, headings, meant):
    found = {heading: match.column.name for heading in headings.split(",") if (match := match_of(heading))}
    assert found == meant, tool


@pytest.mark.parametrize(
    "heading",
    [
        "pool_1_pass",
        "Pool Password",
        "Worker Name",
        "workerName",
        "activePool",
        "POOL USER",
        "ssh-password",
        "pool_user",
    ],
)
def test_pools_workers_and_passwords_are_known_by_name(heading):
    assert is_secret(heading)


@pytest.mark.parametrize("heading", ["Serial Number", "Passed QC", "Spool", "Shipping Mode", "Notes"])
def test_other_headings_are_no_secrets(heading):
    assert not is_secret(heading)


def test_secrets_are_named_as_ignored_and_stand_nowhere_else(tmp_path):
    reading = reading_of(
        tmp_path, "Serial,Model,Site,Pool Password,Worker,Colour\nA1,,Pecos,hunter2,me.1,red\n"
    )
    assert reading.ignored_columns == ["Pool Password", "Worker", "Colour"]
    assert "hunter2" not in repr(reading)
    assert "me.1" not in repr(reading)


def test_a_heading_that_is_there_twice_is_a_problem_of_the_heading_row(tmp_path):
    reading = reading_of(tmp_path, "Title\nSerial,Model,Site,serial \nA1,S21,Pecos,B1\n")
    assert codes(reading) == ["heading_twice"]
    assert reading.problems[0].row == reading.heading_row == 2
    assert reading.rows[0].serial_number == "A1"


def test_a_column_that_nobody_reads_may_be_there_twice(tmp_path):
    assert not codes(reading_of(tmp_path, "Serial,Model,Site,Temp,Temp\nA1,S21,Pecos,1,2\n"))


def test_of_two_words_for_one_column_the_plainer_is_read_and_the_other_is_named(tmp_path):
    reading = reading_of(tmp_path, "Location,Serial,Model,Site\nRow 5,A1,S21,Pecos\n")
    assert reading.rows[0].site == "Pecos"
    assert reading.ignored_columns == ["Location"]
    assert warned(reading) == ["heading_not_read"]


def test_the_generic_layout_fits_every_sheet_and_stands_last():
    assert LAYOUTS[-1] is GENERIC
    assert layout_of(["anything"]) is GENERIC


def test_the_makers_serial_number_goes_before_the_number_that_an_asset_register_gives(tmp_path):
    sheet = "Equipment No.,ManufSerialNumber,Model Number,Plant\n10000123,A1,S21 200T,Pecos\n"
    reading = reading_of(tmp_path, sheet)
    assert reading.rows[0].serial_number == "A1"
    assert "Equipment No." in reading.ignored_columns
