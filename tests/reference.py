"""The reference data that lies beside the project: measures and worked examples, government lists, names to screen.

The folder is `<project>/../shared/reference`. Without it a test that needs it is skipped on a developer's
machine and fails in CI (where the variable CI is set).
"""

from __future__ import annotations

import csv
import json
import os
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.facts import ROOT

REFERENCE = ROOT.parent / "shared" / "reference"
TARIFF = REFERENCE / "tariff"


def the_reference(name: str) -> Any:
    """One JSON file of the tariff reference."""
    _must_be_there(TARIFF)
    return _read(name)


def a_government_list(name: str) -> Path:
    """One whole list file of the reference, as its government published it."""
    _must_be_there(REFERENCE / "lists")
    return REFERENCE / "lists" / name


def screening_cases() -> list[dict[str, str]]:
    """Names with the listed party that each is, or 'none' (see SCREENING.md beside them)."""
    _must_be_there(REFERENCE / "screening")
    with (REFERENCE / "screening" / "cases.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def _must_be_there(folder: Path) -> None:
    if not folder.is_dir():
        missing = f"The reference folder {folder} is missing."
        (pytest.fail if os.environ.get("CI") else pytest.skip)(missing)


@cache
def _read(name: str) -> Any:
    return json.loads((TARIFF / name).read_text(encoding="utf-8"))


def reference_measures() -> dict[str, dict[str, Any]]:
    """The measures of the reference by their codes."""
    return {measure["code"]: measure for measure in the_reference("measures.json")}


def day_of(text: str | None) -> date | None:
    """A day of the reference, or none."""
    return date.fromisoformat(text) if text else None
