"""Device lists of hosting companies."""

from __future__ import annotations

from fleet.sheets.layouts.layout import Layout, spelled

# A dashboard's table; serial number and MAC address are edited by hand, an empty serial number shows "add".
# `status` tells whether the machine answers, `hashrate` what it does at the moment.
HOSTING_DASHBOARD = Layout(
    name="hosting-dashboard",
    tool="a hosting dashboard",
    told_by=spelled("name, serial, mac, brand, model, ip, farm, customer, hashrate, temp, fan, pool, status"),
    columns={"farm": "site", "brand": "maker", "name": None},
    live=frozenset(("status", "hashrate")),
)

# The lists that hosts hand to their customers; the serial number may be missing, the model mostly is.
HOSTING_DEVICES = Layout(
    name="hosting-devices",
    tool="a hosting company's device list",
    told_by=spelled("asset tag, serial, ip, mac, location"),
    columns={"asset tag": None, "location": "site"},
    advice="Where the list has no model, give it for the whole file (model=…), one file a model",
)
