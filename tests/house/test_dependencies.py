"""What we install is chosen, explained and locked, and nothing in the tree ties it to one machine."""

from __future__ import annotations

import re

import pytest

from tests.house.tree import ROOT, shown, texts

PINNED = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)(\[[a-z, ]+\])?==(?P<version>[^\s;\\]+)", re.M)
# Written in pieces, so that this file passes its own test.
REGISTRIES = [
    ".".join(parts)
    for parts in (("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "org"), ("debian", "org"))
]
MACHINE_PATHS = re.compile(r"(?<![\w.])/(?:root|work|home|Users)/\w")


def pins(name: str) -> dict[str, str]:
    """Package -> version of a requirements file, names as package indexes compare them."""
    text = (ROOT / name).read_text(encoding="utf-8")
    return {re.sub(r"[-_.]+", "-", pin["name"]).lower(): pin["version"] for pin in PINNED.finditer(text)}


@pytest.mark.parametrize("name", ["requirements.in", "requirements-dev.in"])
def test_every_direct_dependency_says_who_needs_it(name):
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    mute = [line for line in lines if line and not line.startswith("#") and not re.search(r"\s# .{10}", line)]
    assert not mute, f"Add a comment with who needs it and why: {mute}"


@pytest.mark.parametrize("name", ["requirements", "requirements-dev"])
def test_every_direct_dependency_is_locked_in_the_version_that_was_chosen(name):
    chosen, locked = pins(f"{name}.in"), pins(f"{name}.txt")
    assert chosen
    assert {package: locked.get(package) for package in chosen} == chosen, (
        f"Lock {name}.in again (its head says how)."
    )


def test_tests_run_on_the_versions_that_the_product_runs_on():
    product, development = pins("requirements.txt"), pins("requirements-dev.txt")
    assert {package: development.get(package) for package in product} == product


def test_the_locks_name_no_address():
    for name in ("requirements.txt", "requirements-dev.txt"):
        assert "//" not in (ROOT / name).read_text(encoding="utf-8")


def test_no_file_names_a_package_registry_or_somebodys_machine():
    tied = [
        (shown(path), number)
        for path in texts()
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if MACHINE_PATHS.search(line) or any(host in line for host in REGISTRIES)
    ]
    assert not tied, f"Whoever builds this elsewhere has other hosts and paths: {tied}"
