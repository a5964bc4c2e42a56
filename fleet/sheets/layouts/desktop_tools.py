"""Tables of tools that scan a network: BTC Tools, WhatsMinerTool, pyasic's desktop tool, LuxOS scripts.

None of them knows serial numbers (a rig is found by its MAC address), sites or papers. All their hashrates and
powers are measured, averages too.
"""

from __future__ import annotations

from fleet.sheets.layouts.layout import Layout, spelled

SITE = "the export has no site; give it for the whole file (site=…)"
NO_RIG = (
    "it names no rig, neither by serial number nor by MAC address: export a table that has the MAC address, or "
    "give quantity=1 to count its rows by model"
)

# A farm's own script, minerstats.csv: what each machine does at the moment, found by its IP address alone.
FARM_SCRIPT = Layout(
    name="farm-script",
    tool="a farm script's minerstats.csv",
    told_by=spelled("TS, IP, TYPE, HOSTNAME, UPTIME, HR NOW, HR AVG, POOL"),
    columns={"TS": None, "IP": None, "TYPE": "model", "HOSTNAME": None, "UPTIME": None},
    live=frozenset(("HR NOW", "HR AVG")),
    advice=f"minerstats.csv has no site (site=…), and {NO_RIG}",
)

# Bitmain's btctools-gui-qt, minertablemodel.cpp. The hashrates are text with a unit.
BTC_TOOLS = Layout(
    name="btc-tools",
    tool="BTC Tools",
    told_by=spelled(
        "IP, Status, Type, Hash Rate RT, Hash Rate avg, Temperature, Elapsed, Firmware, MAC Address"
    ),
    columns={"Type": "model"},
    live=frozenset(("Status", "Hash Rate RT", "Hash Rate avg")),
    advice=SITE,
)

# MinerType carries the V-code (M30S+_VE40), which fixes the bin. Power is measured at the supply.
WHATSMINER_TOOL = Layout(
    name="whatsminer-tool",
    tool="WhatsMinerTool",
    told_by=spelled(
        "IP, Status, MinerType, PowerVersion, MACAddr, ErrorCode, THSRT, THSAvg, Power, VersionInfo"
    ),
    columns={"MinerType": "model"},
    live=frozenset(("Status", "THSRT", "THSAvg", "Power")),
    advice=SITE,
)

# UpstreamData/upstream_config_util, layout.py: the table SCAN, whose hashrate and wattage are live.
PYASIC_SCAN = Layout(
    name="pyasic-desktop",
    tool="pyasic's desktop tool",
    told_by=spelled("IP, Model, Hostname, Hashrate, Temp, Pool 1 User, Wattage"),
    live=frozenset(("Hashrate", "Wattage")),
    advice=f"The scan of pyasic's desktop tool has no MAC address; {NO_RIG}; {SITE}",
)

# pyasic 0.79, MinerData.as_dict() with its field names as headings. The sticker's hashrate is the rated one;
# `expected_hashrate` follows the power limit that is set, `hashrate` and `wattage` are live.
PYASIC_FIELDS = Layout(
    name="pyasic-fields",
    tool="pyasic (fields by name)",
    told_by=spelled("ip, serial_number, psu_serial_number, mac, fw_ver, hostname, make, model"),
    columns={"sticker_hashrate": "hashrate_ths", "expected_hashrate": None, "make": "maker"},
    live=frozenset(("hashrate", "wattage")),
    advice=SITE,
)

# LuxorLabs/luxos-tooling, health_checker.py. A machine that is off is a row with its IP address alone.
LUXOS_HEALTH = Layout(
    name="luxos-health-check",
    tool="LuxOS health check",
    told_by=spelled("ip, model, mac_address, os, board, version, elapsed, board_count, m_5_hashrate"),
    columns={"board": None},
    live=frozenset(("m_5_hashrate",)),
    advice=SITE,
)
