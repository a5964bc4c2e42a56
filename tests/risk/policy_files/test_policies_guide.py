"""docs/policies.md keeps its word: its example can be loaded, and every key is told."""

from __future__ import annotations

import re

import pytest

from risk.policy_files.levels import OF_END, OF_FILE, OF_SERIES, OF_VALUE
from tests.facts import ROOT
from tests.risk.policy_files.a_folder import a_folder, complaints_of

GUIDE = (ROOT / "docs" / "policies.md").read_text(encoding="utf-8")
EXAMPLE, EXERCISE = re.findall(r"```yaml\n(.*?)```", GUIDE, flags=re.DOTALL)


def test_the_example_of_the_guide_can_be_loaded(tmp_path):
    assert complaints_of(a_folder(tmp_path, text=EXAMPLE)) == ()


@pytest.mark.parametrize("key", sorted({*OF_FILE, *OF_SERIES, *OF_VALUE, *OF_END}))
def test_every_key_is_told(key):
    assert f"`{key}" in GUIDE


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("        legal_reference: HTSUS 9903.88.03; 83 FR 47974\n", ""),
        ('"0.25"', '"25"'),
        ("[CN]", "[China]"),
        ("confidence: high", "confidnce: high"),
        ("2019-05-10:\n", "2018-09-24:\n"),
        (
            '      2026-07-24: {ended_by: "the act that ends it, its page"}',
            "      2026-07-24: {followed: true}",
        ),
    ],
)
def test_the_mistakes_of_the_guide_get_its_sentences(tmp_path, before, after):
    assert before in EXAMPLE
    spoilt = EXAMPLE.replace(before, after, 1)
    told = {complaint.sentence for complaint in complaints_of(a_folder(tmp_path, text=spoilt))}
    assert any(sentence in GUIDE for sentence in told), told


def test_an_overlap_gets_the_sentence_of_the_guide(tmp_path):
    first, rest = EXAMPLE.split("      2019-05-10:\n        code", 1)
    second_series = (
        '\n  - goods: More\n    hts_prefixes: ["8504.40"]\n    values:\n      2019-05-10:\n        code'
    )
    spoilt = f"{first}{second_series}{rest}".replace(
        '      2026-07-24: {ended_by: "the act that ends it, its page"}\n', ""
    )
    told = {complaint.sentence for complaint in complaints_of(a_folder(tmp_path, text=spoilt))}
    assert any(sentence in GUIDE for sentence in told), told


def test_a_gap_gets_the_sentence_of_the_guide(tmp_path):
    first, rest = EXAMPLE.split("      2019-05-10:\n        code", 1)
    spoilt = (
        f"{first}      2019-05-10: {{followed: true}}\n"
        '\n  - goods: The same\n    hts_prefixes: ["8504.40.95"]\n    values:\n      2019-06-01:\n        code'
        f"{rest}"
    )
    told = {complaint.sentence for complaint in complaints_of(a_folder(tmp_path, text=spoilt))}
    assert any(sentence in GUIDE for sentence in told), told
