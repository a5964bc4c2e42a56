"""The engine and the readers stand alone, and a new case is one new file that the sign leads to."""

from __future__ import annotations

import importlib
import inspect
import json
import subprocess
import sys

import pytest

from tests.house.tree import ROOT

FRAMEWORK_FREE = (
    "risk/engine",
    "risk/lists",
    "risk/fetching",
    "risk/outward",
    "risk/policy_files",
    "risk/cxml",
    "fleet/sheets",
    "fleet/catalogue",
    "vendors/catalogue",
)
FRAMEWORKS = {"django", "rest_framework", "celery", "redis"}
CONDITIONS_FOLDER = ROOT / "risk" / "engine" / "conditions"

IMPORT_ALL = """
import importlib, json, sys
for name in sys.argv[1:]:
    importlib.import_module(name)
print(json.dumps(sorted({name.partition(".")[0] for name in sys.modules})))
"""


def modules_under(folder: str) -> list[str]:
    """Dotted names of a folder's modules."""
    paths = [path.relative_to(ROOT).with_suffix("") for path in sorted((ROOT / folder).rglob("*.py"))]
    return [".".join(path.parts).removesuffix(".__init__") for path in paths]


@pytest.mark.parametrize("folder", [folder for folder in FRAMEWORK_FREE if modules_under(folder)])
def test_it_imports_without_any_framework(folder):
    # In a process of its own: what import-linter reads in the source, seen in the running interpreter.
    command = [sys.executable, "-c", IMPORT_ALL, *modules_under(folder)]
    run = subprocess.run(command, check=False, cwd=ROOT, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    assert not FRAMEWORKS & set(json.loads(run.stdout))


def condition_files() -> list[str]:
    """The condition modules' names."""
    return [path.stem for path in sorted(CONDITIONS_FOLDER.glob("*.py")) if path.stem != "__init__"]


def test_every_condition_file_is_listed_and_every_listed_condition_has_a_file():
    listed = [condition.__module__.rpartition(".")[2] for condition in listed_conditions()]
    assert sorted(listed) == condition_files(), "One file a condition, and its class in CONDITIONS."


def test_every_condition_is_one_sentence_that_users_read():
    for condition in listed_conditions():
        sentence = (inspect.getdoc(condition) or "").split("\n\n")[0]
        assert sentence.endswith("."), f"{condition.__name__} has no docstring for the user: {sentence!r}"
        assert not sentence.startswith(condition.__name__), (
            f"{condition.__name__}: write a sentence of the field."
        )


def listed_conditions() -> list[type]:
    """CONDITIONS, whether it is a tuple of classes or a table by kind."""
    conditions = importlib.import_module("risk.engine.conditions").CONDITIONS
    return list(conditions.values() if isinstance(conditions, dict) else conditions)
