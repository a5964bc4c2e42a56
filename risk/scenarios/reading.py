"""A scenario as people and programs write it -> a Scenario; every complaint names its place.

measures: {added: [...], ended: [...], changed: [...]}, vendors: {listed: [...]}, origins: {contested: [...]},
rigs: {bought: [...], sold: [...], moved: [...], delayed: [...]}. Values are written as in policy files.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import MISSING, fields
from typing import Any

from risk.engine.policy import Effect, RateType
from risk.engine.terms.hts import HtsCode
from risk.engine.terms.rigs import RigStatus, TransportMode
from risk.policy_files import readers as read
from risk.policy_files.readers import Reader, Unreadable
from risk.policy_files.yaml_loader import NotYaml, read_yaml
from risk.scenarios.scenario import (
    Change,
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

MOST_UNITS = 100_000
LONGEST_DELAY = 3_650
LONGEST_TEXT = 50_000


def _whole(value: object) -> int:
    text = "" if isinstance(value, bool) else str(value)
    if not re.fullmatch(r"-?\d{1,9}", text, re.ASCII):
        raise Unreadable("no_number", f"{read.shown(value)} is no whole number.")
    return int(text)


def _units(value: object) -> int:
    units = _whole(value)
    if not 1 <= units <= MOST_UNITS:
        raise Unreadable("out_of_range", f"{units:,} rigs are out of range; give 1 to {MOST_UNITS:,}.")
    return units


def _days(value: object) -> int:
    days = _whole(value)
    if not 0 < abs(days) <= LONGEST_DELAY:
        raise Unreadable(
            "out_of_range", f"{days} days are out of range; give 1 to {LONGEST_DELAY}, or less than 0."
        )
    return days


def _hashrate(value: object) -> Any:
    return read.an_amount(value).amount


def _code(value: object) -> HtsCode:
    try:
        return HtsCode.parse(read.a_text(value))
    except ValueError as error:
        raise Unreadable("no_hts_code", str(error)) from None


def _lots(value: object) -> frozenset[int]:
    return frozenset(read.several(_whole)(value))


def _statuses(value: object) -> frozenset[RigStatus]:
    named = value if isinstance(value, list) else [value]
    return frozenset(read.several(read.one_of(RigStatus))(named))


# What each value is read by, whatever change it belongs to.
READERS: Mapping[str, Reader] = {
    **dict.fromkeys(
        ("code", "title", "vendor", "maker", "model", "site", "to_site", "list_name"), read.a_text
    ),
    **dict.fromkeys(("effective_from", "effective_through", "since", "through"), read.a_day),
    **dict.fromkeys(("entry_date", "expected_entry_date", "loaded_date"), read.a_day),
    **dict.fromkeys(("import_country", "country", "to_country", "country_of_origin"), read.a_country),
    **dict.fromkeys(("country_of_assembly", "hashboard_origin"), read.a_country),
    "rate": read.a_rate,
    "rate_type": read.one_of(RateType),
    "countries_of_origin": read.countries,
    "excluded_countries_of_origin": read.listed_countries,
    "hts_prefixes": read.prefixes,
    "transport_modes": read.modes,
    "transport_mode": read.one_of(TransportMode),
    "yields_to": read.words,
    "replaces": read.words,
    "effect": read.one_of(Effect),
    "lots": _lots,
    "statuses": _statuses,
    "status": read.one_of(RigStatus),
    "units": _units,
    "days": _days,
    "unit_value": read.an_amount,
    "hashrate_ths": _hashrate,
    "power_w": _units,
    "hts_code": _code,
}

KINDS: Mapping[str, Mapping[str, type[Any]]] = {
    "measures": {"added": MeasureAdded, "ended": MeasureEnded, "changed": MeasureChanged},
    "vendors": {"listed": PartyListed},
    "origins": {"contested": OriginContested},
    "rigs": {"bought": RigsBought, "sold": RigsSold, "moved": RigsMoved, "delayed": RigsDelayed},
}
# What a policy file and a fleet sheet call these; both words are understood.
ALSO_CALLED = {
    "ad_valorem_rate": "rate",
    "from": "since",
    "list": "list_name",
    "unit_customs_value": "unit_value",
}


def scenario_text(text: str) -> object:
    """What a YAML text says. Raises ScenarioRefused where it is no YAML, too long, or a key stands twice."""
    if len(text) > LONGEST_TEXT:
        raise ScenarioRefused([f"The text has {len(text):,} characters; write at most {LONGEST_TEXT:,}."])
    try:
        document = read_yaml(text)
    except NotYaml as fault:
        raise ScenarioRefused([str(fault)]) from None
    if document.repeated:
        raise ScenarioRefused(
            f"'{each.key}' stands a second time on line {each.line}." for each in document.repeated
        )
    return document.content


def read_scenario(said: object) -> Scenario:
    """The scenario of a mapping from YAML or JSON. Raises ScenarioRefused with every complaint."""
    if not isinstance(said, Mapping):
        raise ScenarioRefused([f"A scenario says what changes, under {', '.join(KINDS)}."])
    complaints: list[str] = [
        f"'{key}' is nothing that can be supposed; there are {', '.join(KINDS)}."
        for key in said
        if key not in (*KINDS, "title")
    ]
    changes = tuple(_changes(said, complaints))
    if not changes and not complaints:
        complaints.append(f"The scenario supposes nothing; say what changes under {', '.join(KINDS)}.")
    if complaints:
        raise ScenarioRefused(complaints)
    return Scenario(changes=changes, title=str(said.get("title") or ""))


def _changes(said: Mapping[str, Any], complaints: list[str]) -> Iterable[Change]:
    for room, kinds in KINDS.items():
        told = said.get(room) or {}
        if not isinstance(told, Mapping) or set(told) - set(kinds):
            complaints.append(f"{room}: say {' or '.join(kinds)}, each with a list.")
            continue
        for kind, made in kinds.items():
            yield from _changes_of(f"{room}.{kind}", told.get(kind) or [], made, complaints)


def _changes_of(place: str, told: object, made: type[Any], complaints: list[str]) -> Iterable[Change]:
    if not isinstance(told, list):
        complaints.append(f"{place}: write a list, one entry a change.")
        return
    for number, each in enumerate(told, start=1):
        try:
            yield _change(each, made)
        except Unreadable as fault:
            complaints.append(f"{place}, entry {number}: {fault}")


def _change(told: object, made: type[Any]) -> Change:
    if not isinstance(told, Mapping):
        raise Unreadable("no_change", f"{read.shown(told)} says nothing; write names and values.")
    named = {ALSO_CALLED.get(str(key), str(key)): value for key, value in told.items() if value is not None}
    own = {each.name for each in fields(made)}
    if "which" in own:
        if "status" in named:
            named["statuses"] = named.pop("status")
        which = {name: named.pop(name) for name in _names(Which) if name in named and name not in own}
        return _built(made, named, which=_built(Which, which))
    return _built(made, named)


def _built(made: type[Any], named: Mapping[str, Any], **further: Any) -> Any:
    known = [name for name in _names(made) if name not in further]
    if strange := [name for name in named if name not in known]:
        raise Unreadable("unknown_key", f"'{strange[0]}' is not known here; there are {', '.join(known)}.")
    values = {name: read.read_key(name, READERS[name], value) for name, value in named.items()}
    missing = [
        each.name
        for each in fields(made)
        if each.default is MISSING and each.default_factory is MISSING and each.name not in values | further
    ]
    if missing:
        raise Unreadable("missing_key", f"{', '.join(missing)} must be said.")
    return made(**values, **further)


def _names(made: type[Any]) -> list[str]:
    return [each.name for each in fields(made)]
