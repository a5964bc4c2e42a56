"""A service that writes leaves an audit entry: what it calls is followed, by name, through the code of the house."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from functools import cache

import pytest

from tests.house.tree import ROOT, modules

SERVICES = ("fleet.services", "risk.services", "vendors.services")
APPS = ("fleet", "ledger", "risk", "vendors")
RECORDING = {"ledger.audit.record", "ledger.audit.record_all"}
# What a query or a row is asked to do that changes the database.
WRITING = {
    *(
        "save",
        "delete",
        "update",
        "create",
        "bulk_create",
        "bulk_update",
        "update_or_create",
        "get_or_create",
    ),
    *("set", "add", "remove", "clear"),
}
OF_PYTHON_TOO = {
    "set",
    "add",
    "remove",
    "clear",
    "update",
    "delete",
}  # of sets and dicts, unless asked of a query
# A worker puts on record what it does itself; that it was asked is the service's to say.
NOT_FOLLOWED = ".tasks"
# Services that write and leave no entry, each with the reason.
LEAVES_NONE = {
    "risk.services.alerts.see_alerts": "a person's own mark on what they have read",
    "fleet.services.save_view": "an address of a list that a person keeps for themselves or shows to others",
    "fleet.services.rename_view": "as above",
    "fleet.services.remove_view": "as above",
    "fleet.services.bring_back_view": "as above",
    "fleet.services.check_receipt": "a plan that nobody has confirmed; what confirms it is on record",
    "fleet.services.discard_receipt": "a plan that nobody has confirmed; the fleet is as before",
}


@dataclass
class Function:
    """A function of the house: what it refers to, and whether it writes itself."""

    refers: set[str] = field(default_factory=set)
    writes: bool = False


@cache
def functions() -> dict[str, Function]:
    """Every function at the top of a module of the apps, by its dotted name; names that a package hands on are
    followed to where they are made."""
    found: dict[str, Function] = {}
    handed_on: dict[str, str] = {}
    for path in modules():
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        if name.partition(".")[0] in APPS:
            tree = ast.parse(path.read_text(encoding="utf-8"))
            known = _imported(tree)
            handed_on |= {f"{name}.{local}": whole for local, whole in known.items()}
            known |= {
                each.name: f"{name}.{each.name}" for each in tree.body if isinstance(each, ast.FunctionDef)
            }
            found |= {
                f"{name}.{each.name}": _read(each, known)
                for each in tree.body
                if isinstance(each, ast.FunctionDef)
            }
    for function in found.values():
        function.refers = {_origin(each, handed_on) for each in function.refers}
    return found


def _origin(name: str, handed_on: dict[str, str]) -> str:
    while name in handed_on and handed_on[name] != name:
        name = handed_on[name]
    return name


def _imported(tree: ast.Module) -> dict[str, str]:
    names = {}
    for each in tree.body:
        if isinstance(each, ast.ImportFrom) and each.module:
            names |= {alias.asname or alias.name: f"{each.module}.{alias.name}" for alias in each.names}
    return names


def _read(function: ast.FunctionDef, known: dict[str, str]) -> Function:
    read = Function()
    for node in ast.walk(function):
        if isinstance(node, ast.Name) and node.id in known:
            read.refers.add(known[node.id])
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in known:
            read.refers.add(f"{known[node.value.id]}.{node.attr}")
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            read.writes = read.writes or _is_a_write(node.func)
    return read


def _is_a_write(called: ast.Attribute) -> bool:
    """`rows.update(...)` of a query; a plain name of one word may be a set or a dict, and counts for less."""
    if called.attr not in WRITING:
        return False
    asked = ast.unparse(called.value)
    return called.attr not in OF_PYTHON_TOO or "objects" in asked or "(" in asked or asked in OF_QUERIES


# Names that hold a query or a row in the services.
OF_QUERIES = {
    "mine",
    "held",
    "checked",
    "standing",
    "applied",
    "rows",
    "row",
    "ending",
    "schedule",
    "waiting",
}


def reaches(name: str, seen: set[str] | None = None) -> tuple[bool, bool]:
    """Whether a function writes, and whether it puts something on record, itself or by what it calls."""
    seen = set() if seen is None else seen
    if name in RECORDING:
        return False, True
    function = functions().get(name)
    if name in seen or function is None or NOT_FOLLOWED in name.rpartition(".")[0]:
        return False, False
    seen.add(name)
    parts = [reaches(each, seen) for each in function.refers]
    return function.writes or any(w for w, _ in parts), any(r for _, r in parts)


def services() -> list[str]:
    """The public functions of the rooms of services."""
    return sorted(
        name
        for name in functions()
        if name.startswith(SERVICES) and not name.rpartition(".")[2].startswith("_")
    )


@pytest.mark.parametrize("name", services())
def test_a_service_that_writes_leaves_an_audit_entry(name):
    writes, records = reaches(name)
    if name in LEAVES_NONE:
        assert writes, f"{name} writes nothing (any more): take it from LEAVES_NONE."
        assert not records, f"{name} leaves an entry: take it from LEAVES_NONE."
    elif writes:
        assert records, (
            f"{name} changes the database and puts nothing on the audit: call ledger.models.record."
        )


def test_the_services_are_found_and_most_of_them_write():
    writing = [name for name in services() if reaches(name)[0]]
    assert {"fleet.services.issue_key", "vendors.services.records.change_vendor"} <= set(writing)
    assert set(LEAVES_NONE) <= set(services())
    assert len(writing) > 40


def test_a_service_without_an_entry_would_be_found(monkeypatch):
    function = functions()["fleet.services.issue_key"]
    monkeypatch.setattr(function, "refers", function.refers - RECORDING)
    assert reaches("fleet.services.issue_key") == (True, False)
