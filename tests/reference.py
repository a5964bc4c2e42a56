"""The reference data that lies beside the project: measures and worked examples gathered by hand.

The folder is `<project>/../shared/reference`. Without it a test that needs it is skipped on a developer's
machine and fails in CI (where the variable CI is set).
"""

from __future__ import annotations

import json
import os
from datetime import date
from functools import cache
from typing import Any

import pytest

from tests.facts import ROOT

TARIFF = ROOT.parent / "shared" / "reference" / "tariff"


def the_reference(name: str) -> Any:
    """One JSON file of the tariff reference."""
    if not TARIFF.is_dir():
        missing = f"The reference folder {TARIFF} is missing."
        (pytest.fail if os.environ.get("CI") else pytest.skip)(missing)
    return _read(name)


@cache
def _read(name: str) -> Any:
    return json.loads((TARIFF / name).read_text(encoding="utf-8"))


def reference_measures() -> dict[str, dict[str, Any]]:
    """The measures of the reference by their codes."""
    return {measure["code"]: measure for measure in the_reference("measures.json")}


def day_of(text: str | None) -> date | None:
    """A day of the reference, or none."""
    return date.fromisoformat(text) if text else None
