"""How the conditions of a measure are written: which key of a policy file makes which condition."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, assert_never

from risk.engine.conditions import Condition
from risk.engine.conditions.claimed import Claimed
from risk.engine.conditions.customs_value import CustomsValueOver
from risk.engine.conditions.hts_code import HtsCodeUnder
from risk.engine.conditions.import_country import ImportedInto
from risk.engine.conditions.origin import OriginAmong
from risk.engine.conditions.transport_mode import CarriedBy
from risk.engine.conditions.usmca import NotUsmcaFree
from risk.policy_files.readers import EVERY


def conditions_of(said: Mapping[str, Any]) -> tuple[Condition, ...]:
    """The conditions that the keys of a measure make, always in the same order.

    The origin comes before the code: it is the cheaper question, and the one on which most measures fail.
    """
    built: list[Condition] = []
    if said["import_country"]:
        built.append(ImportedInto(said["import_country"]))
    if said["countries_of_origin"]:
        origins = said["countries_of_origin"]
        built.append(OriginAmong(None if origins == EVERY else origins, said["excluded_countries_of_origin"]))
    if said["hts_prefixes"]:
        built.append(HtsCodeUnder(said["hts_prefixes"], said["excluded_hts_prefixes"]))
    if said["transport_modes"]:
        built.append(CarriedBy(said["transport_modes"]))
    if said["usmca_exempt_from"]:
        built.append(NotUsmcaFree(said["usmca_exempt_from"]))
    if said["customs_value_over"]:
        built.append(CustomsValueOver(said["customs_value_over"]))
    if not said["applies_by_default"]:
        built.append(Claimed(said["code"]))
    return tuple(built)


def keys_of(conditions: Iterable[Condition]) -> dict[str, Any]:
    """The keys that would make these conditions."""
    keys: dict[str, Any] = {}
    for condition in conditions:
        match condition:
            case ImportedInto(country):
                keys["import_country"] = country
            case HtsCodeUnder(prefixes, excluded):
                keys |= {"hts_prefixes": prefixes, "excluded_hts_prefixes": excluded}
            case OriginAmong(countries, excluded):
                keys["countries_of_origin"] = EVERY if countries is None else countries
                keys["excluded_countries_of_origin"] = excluded
            case CarriedBy(modes):
                keys["transport_modes"] = modes
            case NotUsmcaFree(exempt_from):
                keys["usmca_exempt_from"] = exempt_from
            case CustomsValueOver(amount):
                keys["customs_value_over"] = amount
            case Claimed():
                keys["applies_by_default"] = False
            case _:
                assert_never(condition)
    return keys
