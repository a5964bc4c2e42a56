"""Exports of fleet software: Foreman, Proto Fleet, MiningOS."""

from __future__ import annotations

from fleet.sheets.layouts.layout import Layout, spelled

# delawr0190/foreman-bulk-configure, conf/on-boarding.csv. Versions differ by `tags`; one writes " pool_3_url".
# `rack` is a name; `row` and `index` count within it, from 0 or 1 as the site has it, so that the index alone
# is no position.
FOREMAN_ON_BOARDING = Layout(
    name="foreman-on-boarding",
    tool="Foreman's on-boarding file",
    told_by=spelled("mac, serial, rack, row, index, name, static_ip, netmask, gateway, hostname, pool_1_url"),
    columns={"name": None, "row": None, "index": None, "tags": None},
    advice=(
        "Foreman's on-boarding file has neither model nor site; give both for the whole file (model=… and "
        "site=…), one file a model"
    ),
)

# block/proto-fleet, server/internal/domain/fleetmanagement/export_csv.go. The temperature is in °C or °F, so
# that its heading does not tell the layout. Power is kW and measured, hashrate is measured: both live.
PROTO_FLEET = Layout(
    name="proto-fleet",
    tool="Proto Fleet",
    told_by=spelled(
        "Name, Worker Name, Groups, Rack, Model, MAC Address, IP Address, Status, Issues, Hashrate (TH/s), "
        "Efficiency (J/TH), Power (kW), Firmware"
    ),
    columns={"Name": None, "Groups": None, "Issues": None},
    live=frozenset(("Status", "Hashrate (TH/s)", "Power (kW)")),
    advice="Proto Fleet's export has no site; give it for the whole file (site=…)",
)

# block/proto-fleet, the site map: tables of sites, buildings, racks and miners in one file, each below its
# "# SECTION:" line. A row with a rack leaves site and building blank; rack_row and rack_col begin at 0.
PROTO_SITE_MAP = Layout(
    name="proto-site-map",
    tool="Proto Fleet (site map)",
    told_by=spelled(
        "device_identifier, serial_number, name, ip_address, mac_address, site, building, rack, rack_row, rack_col"
    ),
    columns={"name": None, "device_identifier": None, "building": None, "rack_row": None, "rack_col": None},
    advice="Proto Fleet's site map has no model; give it for the whole file (model=…), one file a model",
)
SECTION = "# section:"
SECTIONED = (
    "This is Proto Fleet's site map, which holds several tables in one file: name the row with the headings below "
    "'# SECTION: MINER' as the heading row and give the model for the whole file (model=…), or send Proto Fleet's "
    "miner export."
)

# tetherto/miningos-app-ui, ExportPduData.helper.ts and MinerKpiExport.tsx. `position` is "pdu_socket"; the
# container is what other fleets call the rack. `type` is a code such as miner-wm-m30spp, which the catalogue
# knows. Hashrate is in MH/s and, like the power, what the machine does at the moment.
_MININGOS_COLUMNS = {"id": None, "type": "model", "container": "rack", "position": "position"}
_MININGOS_LIVE = frozenset(("status", "hashrateMhs", "powerW"))
MININGOS_CONTAINER = Layout(
    name="miningos-container",
    tool="MiningOS (container export)",
    told_by=spelled(
        "id, type, site, container, position, serialNumber, macAddress, ipAddress, powerMode, hashrateMhs, powerW"
    ),
    columns=_MININGOS_COLUMNS,
    live=_MININGOS_LIVE,
)
MININGOS_KPI = Layout(
    name="miningos-kpi",
    tool="MiningOS (fleet KPI export)",
    told_by=spelled(
        "id, type, site, container, position, shortCode, serialNumber, macAddress, ip, powerMode, hashrateMhs, powerW"
    ),
    columns={**_MININGOS_COLUMNS, "shortCode": None},
    live=_MININGOS_LIVE,
)

# tetherto/miningos-app-ui, BulkAddSparePartsModal.tsx. It is called miners.csv and has serial numbers and MAC
# addresses, of control boards, hashboards and power supplies.
MININGOS_SPARE_PARTS = Layout(
    name="miningos-spare-parts",
    tool="MiningOS (spare parts)",
    told_by=spelled("part, model, miner model, serial num, mac, status, location, comment"),
    refusal=(
        "This is MiningOS's template for spare parts: each row is a control board, a hashboard or a power supply, "
        "not a rig. Send the container export or the fleet KPI export instead."
    ),
)
