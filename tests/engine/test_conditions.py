"""Every condition holds, fails, or cannot tell; and says in one sentence why it holds."""

from __future__ import annotations

from pathlib import Path

import pytest

from risk.engine.conditions import CONDITIONS
from risk.engine.findings import Verdict
from risk.policy_files.conditions import conditions_of
from risk.policy_files.records import KEYS, UNSAID
from tests.facts import ENTRY_DAY, cases_in, entry_told

CASES = cases_in(Path(__file__).with_name("cases") / "conditions.yaml")
ACTS = {"Claimed", "NotUsmcaFree"}
ENTRIES = [
    pytest.param(name, Verdict(verdict), words, id=f"{name} {verdict}: {words}")
    for name, case in CASES.items()
    for verdict in ("holds", "fails", "unknown")
    for words in case[verdict]
]


def condition_of(name):
    """The condition that a case sets, by the keys of a measure file."""
    keys = {key: KEYS[key](value) for key, value in CASES[name]["set_by"].items()}
    (condition,) = conditions_of({**UNSAID, "code": "US-EXAMPLE", **keys})
    return condition


@pytest.mark.parametrize(("name", "verdict", "words"), ENTRIES)
def test_a_condition_judges_as_its_case_says(name, verdict, words):
    assert condition_of(name).judge(entry_told({"day": ENTRY_DAY} | words)) is verdict


@pytest.mark.parametrize("kind", CONDITIONS, ids=lambda kind: kind.__name__)
def test_every_condition_has_cases_for_holds_fails_and_unknown(kind):
    cases = [case for name, case in CASES.items() if name.partition(",")[0] == kind.__name__]
    assert all(case["holds"] and case["fails"] for case in cases) and cases
    assert all(bool(case["unknown"]) != (kind.__name__ in ACTS) for case in cases)


@pytest.mark.parametrize("name", CASES)
def test_a_condition_that_holds_says_so_in_a_sentence(name):
    condition = condition_of(name)
    for words in CASES[name]["holds"]:
        sentence = condition.because(entry_told({"day": ENTRY_DAY} | words))
        assert sentence[0].isupper() and sentence.endswith(".") and "None" not in sentence


@pytest.mark.parametrize("name", CASES)
def test_a_condition_says_at_which_fact_it_looks(name):
    assert condition_of(name).looks_at in entry_told({"day": ENTRY_DAY}).__dataclass_fields__
