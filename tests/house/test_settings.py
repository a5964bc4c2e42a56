"""Every setting stands under a heading that says who reads it."""

from __future__ import annotations

import ast
from itertools import pairwise

from tests.house.tree import ROOT

SETTINGS = ROOT / "config" / "settings.py"
HEADING = "# --- "


def test_every_setting_stands_under_a_heading():
    lines = SETTINGS.read_text(encoding="utf-8").splitlines()
    first_heading = next(number for number, line in enumerate(lines, start=1) if line.startswith(HEADING))
    stray = [name for name, number in settings() if number < first_heading]
    assert settings()
    assert not stray, f"These stand above the first heading: {stray}"


def test_every_heading_says_who_reads_what_is_under_it():
    lines = SETTINGS.read_text(encoding="utf-8").splitlines()
    mute = [
        line.strip("# -")
        for line, next_line in pairwise(lines)
        if line.startswith(HEADING) and not next_line.startswith("# Read by:")
    ]
    assert not mute


def test_no_setting_is_given_twice():
    names = [name for name, _ in settings()]
    assert len(names) == len(set(names))


def settings() -> list[tuple[str, int]]:
    """Name and line of every setting given outside a branch."""
    tree = ast.parse(SETTINGS.read_text(encoding="utf-8"))
    return [
        (target.id, node.lineno)
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name) and target.id.isupper()
    ]
