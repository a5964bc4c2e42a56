"""Suppositions: what a person supposes of law, vendors, origins and rigs, read from YAML or JSON.

`read_scenario` gives a Scenario or refuses with every complaint at once; `supposed_book` is the book of law
in which its measures and listed parties stand. Nothing here knows a fleet: risk.flows.what_if applies it.
"""

from risk.scenarios.asked_order import MOST_LINES, MOST_UNITS, AskedLine, AskedOrder
from risk.scenarios.examples import EXAMPLES
from risk.scenarios.laws import supposed_book, supposed_vendor
from risk.scenarios.reading import LONGEST_TEXT, read_scenario, scenario_text
from risk.scenarios.scenario import (
    MeasureAdded,
    MeasureChanged,
    MeasureEnded,
    OriginContested,
    PartyListed,
    RigsBought,
    RigsDelayed,
    RigsMoved,
    RigsSold,
    Scenario,
    ScenarioRefused,
    Which,
)
from risk.scenarios.writing import written_scenario

__all__ = [
    "EXAMPLES",
    "LONGEST_TEXT",
    "MOST_LINES",
    "MOST_UNITS",
    "AskedLine",
    "AskedOrder",
    "MeasureAdded",
    "MeasureChanged",
    "MeasureEnded",
    "OriginContested",
    "PartyListed",
    "RigsBought",
    "RigsDelayed",
    "RigsMoved",
    "RigsSold",
    "Scenario",
    "ScenarioRefused",
    "Which",
    "read_scenario",
    "scenario_text",
    "supposed_book",
    "supposed_vendor",
    "written_scenario",
]
