"""Sites by hand: made, renamed, their country corrected; a change of the fleet like any other."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.db import transaction

from fleet.flows.known_fleet import KnownFleet
from fleet.flows.upload_writing import Deed, take_turn
from fleet.models import Operator, Site
from fleet.sheets.cells.raw import is_blank
from fleet.sheets.cells.words import country
from fleet.sheets.columns import COLUMNS_BY_NAME
from fleet.sheets.reading import RowProblem
from ledger.models import differing, record

READERS = {"name": COLUMNS_BY_NAME["site"].read, "country": country}
CODES = {"name": "site_unreadable", "country": "country_unknown"}


def problems_of(operator: Operator, said: Mapping[str, Any], *, site: Site | None = None) -> list[RowProblem]:
    """What is wrong with the name and the country of a site, read as a sheet's cells are; `site` is the one that is
    changed, None where one is to be made.
    """
    problems = [
        problem for name in READERS if name in said and (problem := _unread(name, said[name])) is not None
    ]
    if site is None and "name" not in said:
        problems += filter(None, [_unread("name", "")])
    if problems or "name" not in said:
        return problems
    fleet, name = KnownFleet(operator), str(READERS["name"](said["name"]))
    standing = fleet.site_name(name)
    if standing in fleet.site_countries and (site is None or standing != site.name):
        sentence = f"There is a site '{standing}' already; names differ by more than case and spaces."
        problems.append(RowProblem(0, "name", "site_on_record", name, sentence))
    return problems


def register_site(deed: Deed, said: Mapping[str, Any]) -> Site:
    """Make a site of right values; one transaction. Raises FleetMoved."""
    site = Site(operator=deed.operator, **_values(said))
    changed = differing({}, _values(said))
    return _saved(deed, site, "site registered", changed, planned_on=_version(deed.operator))


def change_site(
    deed: Deed, said: Mapping[str, Any], *, site: Site, still: Callable[[], object] = lambda: None
) -> Site:
    """Change a site to right values; `still` is asked before, in the same transaction. Raises FleetMoved."""
    with transaction.atomic():
        version = _version(deed.operator)  # read first: whoever changes it after the check is noticed
        still()
        values = _values(said)
        before = {name: getattr(site, name) for name in values}
        for name, value in values.items():
            setattr(site, name, value)
        fields = [*values, "updated_at"]
        changed = differing(before, values)
        return _saved(deed, site, "site changed", changed, planned_on=version, fields=fields)


def _version(operator: Operator) -> int:
    version: int = Operator.objects.values_list("fleet_version", flat=True).get(pk=operator.pk)
    return version


def _saved(
    deed: Deed,
    site: Site,
    what: str,
    changed: Mapping[str, Any],
    *,
    planned_on: int,
    fields: list[str] | None = None,
) -> Site:
    with transaction.atomic():
        take_turn(deed.operator, planned_on)  # whoever planned with the old names plans anew
        site.updated_at = deed.at
        site.save(update_fields=fields)
        told = {"changed": changed} | ({"through": deed.through} if deed.through else {})
        record(deed=what, subject=f"site {site.pk}", by=deed.by, operator_id=deed.operator.pk, **told)
    return site


def _values(said: Mapping[str, Any]) -> dict[str, str]:
    """The values as they are kept; an empty country is one that nobody knows."""
    given = {name: value for name, value in said.items() if name in READERS}
    return {name: "" if is_blank(value or "") else str(READERS[name](value)) for name, value in given.items()}


def _unread(name: str, value: Any) -> RowProblem | None:
    if is_blank(value or ""):
        sentence = "A site has a name; write it."
        return RowProblem(0, name, "site_missing", "", sentence) if name == "name" else None
    try:
        READERS[name](value)
    except ValueError as wrong:
        return RowProblem(0, name, getattr(wrong, "code", CODES[name]), str(value)[:80], str(wrong))
    return None
