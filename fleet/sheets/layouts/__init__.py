"""Sheets of known tools, recognised by their headings, and what their headings mean in them.

A new one is one more `Layout(...)` in LAYOUTS, with a sample file beside the tests; it is found before any
that asks for fewer headings.
"""

from __future__ import annotations

from collections.abc import Collection

from fleet.sheets.headings import folded
from fleet.sheets.layouts.desktop_tools import (
    BTC_TOOLS,
    FARM_SCRIPT,
    LUXOS_HEALTH,
    PYASIC_FIELDS,
    PYASIC_SCAN,
    WHATSMINER_TOOL,
)
from fleet.sheets.layouts.fleet_software import (
    FOREMAN_ON_BOARDING,
    MININGOS_CONTAINER,
    MININGOS_KPI,
    MININGOS_SPARE_PARTS,
    PROTO_FLEET,
    PROTO_SITE_MAP,
    SECTION,
    SECTIONED,
)
from fleet.sheets.layouts.hosting import HOSTING_DASHBOARD, HOSTING_DEVICES
from fleet.sheets.layouts.layout import Layout

__all__ = ["GENERIC", "LAYOUTS", "SECTION", "SECTIONED", "Layout", "layout_of"]

GENERIC = Layout(name="generic", tool="no known tool")
LAYOUTS: tuple[Layout, ...] = (
    FOREMAN_ON_BOARDING,
    PROTO_FLEET,
    PROTO_SITE_MAP,
    MININGOS_KPI,
    MININGOS_CONTAINER,
    MININGOS_SPARE_PARTS,
    BTC_TOOLS,
    WHATSMINER_TOOL,
    PYASIC_FIELDS,
    PYASIC_SCAN,
    LUXOS_HEALTH,
    FARM_SCRIPT,
    HOSTING_DASHBOARD,
    HOSTING_DEVICES,
    GENERIC,
)


def layout_of(headings: Collection[str]) -> Layout:
    """The layout that fits and asks for most headings; the generic one fits every sheet."""
    words = {folded(heading) for heading in headings}
    return max((layout for layout in LAYOUTS if layout.fits(words)), key=lambda layout: len(layout.told_by))
