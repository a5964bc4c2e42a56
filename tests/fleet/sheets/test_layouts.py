"""Exports of known tools: told by their headings, read without what is only of the moment."""

from __future__ import annotations

from pathlib import Path

import pytest

from fleet.sheets.headings import folded
from fleet.sheets.layouts import GENERIC, LAYOUTS, layout_of
from fleet.sheets.rows import UnreadableSheet, read
from tests.fleet.sheets.made_files import reading_of

SAMPLES = Path(__file__).parents[1] / "samples"
SITE, MODEL = {"site": "Pecos TX"}, {"model": "Antminer S21 200T"}


@pytest.mark.parametrize(
    ("name", "layout", "constants", "rig"),
    [
        (
            "foreman_on_boarding.csv",
            "foreman-on-boarding",
            SITE | MODEL,
            ("YNAHEAUBCJCBA0001", "ca:fe:ba:be:de:01", "Antminer S21 200T", "1"),
        ),
        ("proto_fleet.csv", "proto-fleet", SITE, (None, "aa:bb:cc:dd:ee:01", "Proto Rig", "R-1")),
        (
            "miningos_container.csv",
            "miningos-container",
            {},
            ("BTM0000000000001", "aa:bb:cc:dd:ee:01", "miner-wm-m30spp", "bitdeer-1a"),
        ),
        (
            "miningos_kpi.csv",
            "miningos-kpi",
            {},
            ("BTM0000000000001", "aa:bb:cc:dd:ee:01", "miner-wm-m30spp", "bitdeer-1a"),
        ),
        ("btc_tools.csv", "btc-tools", SITE, (None, "aa:bb:cc:dd:ee:01", "Antminer S19j Pro", None)),
        ("whatsminer_tool.csv", "whatsminer-tool", SITE, (None, "aa:bb:cc:dd:ee:01", "M30S+_VE40", None)),
        (
            "pyasic_desktop.csv",
            "pyasic-desktop",
            SITE | {"quantity": "1"},
            (None, None, "Antminer S19j Pro", None),
        ),
        (
            "pyasic_fields.csv",
            "pyasic-fields",
            SITE,
            ("YNAHEAUBCJCBA0001", "aa:bb:cc:dd:ee:01", "S19j Pro", None),
        ),
        (
            "luxos_health_check.csv",
            "luxos-health-check",
            SITE,
            (None, "aa:bb:cc:dd:ee:01", "Antminer S19j Pro", None),
        ),
        (
            "hosting_dashboard.csv",
            "hosting-dashboard",
            {},
            ("YNAHEAUBCJCBA0001", "aa:bb:cc:dd:ee:01", "Antminer S21", None),
        ),
        (
            "hosting_devices.csv",
            "hosting-devices",
            MODEL,
            ("YNAHEAUBCJCBA0001", "aa:bb:cc:dd:ee:01", "Antminer S21 200T", None),
        ),
    ],
)
def test_the_export_of_a_tool_is_told_and_read(name, layout, constants, rig):
    reading = read(SAMPLES / name, constants=constants)
    row = reading.rows[0]
    assert not reading.problems
    assert reading.layout == layout
    assert (row.serial_number, row.mac_address, row.model, row.rack) == rig
    assert (row.status, row.power_w) == (None, None)
    assert row.hashrate_ghs == (104_000 if name == "pyasic_fields.csv" else None)


def test_what_is_left_out_because_it_is_of_the_moment_is_named_with_its_tool():
    reading = read(SAMPLES / "proto_fleet.csv", constants=SITE)
    live = [warning for warning in reading.warnings if warning.code == "live_figure_not_read"]
    assert [warning.column for warning in live] == ["Status", "Hashrate (TH/s)", "Power (kW)"]
    assert "Proto Fleet" in live[0].sentence


def test_a_live_figure_is_read_where_the_sender_maps_it():
    reading = read(SAMPLES / "proto_fleet.csv", constants=SITE, mapping={"Hashrate (TH/s)": "hashrate_ths"})
    assert [row.hashrate_ghs for row in reading.rows] == [812_400, None]


def test_guards_and_unknown_values_of_proto_fleet_are_taken_off():
    rows = read(SAMPLES / "proto_fleet.csv", constants=SITE, mapping={"Name": "notes"}).rows
    assert (rows[0].notes, rows[1].rack) == ("-north-1", "=R-2")


def test_the_position_of_miningos_stays_as_it_is_written():
    assert read(SAMPLES / "miningos_container.csv").rows[1].position == "1_13"


def test_pools_workers_and_passwords_of_tools_are_never_read():
    for sample in SAMPLES.glob("*.csv"):
        try:
            reading = read(sample, constants=SITE | MODEL | {"quantity": "1"})
        except UnreadableSheet:
            continue
        assert not {"pass_1", "user_1", "acct.1", "stratum_1", "w.1", "a.1"} & set(repr(reading).split("'"))


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("foreman_on_boarding.csv", "has neither model nor site; give both for the whole file"),
        ("proto_fleet.csv", "has no site; give it for the whole file"),
        ("pyasic_desktop.csv", "names no rig, neither by serial number nor by MAC address"),
        ("hosting_devices.csv", "has no model, give it for the whole file"),
        ("pyasic_as_csv.csv", "Write as_dict"),
        ("miningos_spare_parts.csv", "Send the container export"),
    ],
)
def test_an_export_that_lacks_what_is_needed_says_how_to_give_it(name, sentence):
    with pytest.raises(UnreadableSheet, match=sentence) as caught:
        read(SAMPLES / name)
    assert len(caught.value.sentence) < 500


def test_the_generic_layout_fits_every_sheet_and_a_tools_own_comes_before_it():
    assert layout_of(["anything"]) is GENERIC
    for layout in LAYOUTS:
        assert layout_of(layout.told_by) is layout


def test_every_layout_has_a_name_of_its_own_and_says_what_is_live():
    assert len({layout.name for layout in LAYOUTS}) == len(LAYOUTS)
    for layout in LAYOUTS:
        told = {folded(heading) for heading in (*layout.told_by, "status", "hashrate", "wattage")}
        assert {folded(heading) for heading in layout.live} <= told, layout.name


def test_a_sheet_of_ones_own_with_a_few_of_a_tools_headings_is_no_export_of_it(tmp_path):
    reading = reading_of(tmp_path, "Serial,MAC,Model,Site,Hashrate (TH/s)\nA1,aabbccddeeff,S21,Pecos,200\n")
    assert (reading.layout, reading.rows[0].hashrate_ghs) == ("generic", 200_000)


def test_a_site_map_of_several_tables_says_how_its_miners_are_read():
    path = SAMPLES / "proto_site_map.csv"
    with pytest.raises(UnreadableSheet, match="'# SECTION: MINER'") as caught:
        read(path, constants=SITE | MODEL)
    assert caught.value.code == "several_tables"
    reading = read(path, heading_row=14, constants=SITE | {"model": "Proto Rig"})
    assert reading.layout == "proto-site-map"
    assert [(row.serial_number, row.rack, row.position) for row in reading.rows] == [
        ("PR0000000000001", "R-1", None),
        ("PR0000000000002", "R-1", None),
    ]


def test_a_farm_scripts_figures_name_no_rig_but_can_be_counted():
    path = SAMPLES / "minerstats.csv"
    with pytest.raises(UnreadableSheet, match="names no rig"):
        read(path, constants=SITE)
    reading = read(path, constants=SITE | {"quantity": "1"})
    assert [(row.model, row.quantity, row.hashrate_ghs) for row in reading.rows] == [
        ("Antminer S19j Pro", 1, None)
    ] * 2


@pytest.mark.parametrize(
    ("name", "changed"),
    [
        (
            "foreman_on_boarding.csv",
            lambda text: text.replace(",tags", "").replace(",north:new", "").replace(",,\n", ",\n"),
        ),
        ("foreman_on_boarding.csv", lambda text: text.replace(" pool_3_url", "pool_3_url")),
        ("proto_fleet.csv", lambda text: text.replace("Temp (°C)", "Temp (°F)")),
    ],
)
def test_versions_of_an_export_are_the_same_layout(tmp_path, name, changed):
    text = (SAMPLES / name).read_text(encoding="utf-8-sig")
    told = reading_of(tmp_path, changed(text), constants=SITE | ({} if "proto" in name else MODEL))
    assert told.layout == read(SAMPLES / name, constants=SITE | MODEL).layout
    assert told.problems == []
