"""A complaint is shown beside the line that it is about."""

from __future__ import annotations

import pytest

from risk.policy_files import PolicyFilesRefused, line_of, read_texts
from tests.risk.policy_files.a_folder import EXAMPLE, FILE, spoilt

FAULTS = {
    "a rate of a value": (spoilt('"0.25"', '"25"'), 'ad_valorem_rate: "25"'),
    "a country of the file": (spoilt("[CN,", "[XX,"), "countries_of_origin"),
    "a key that does not exist": (spoilt("confidence: high", "confidnce: high"), "confidnce"),
    "a key that is missing in a value": (
        spoilt("        legal_reference: the amending act, its page\n", ""),
        "code: US-EXAMPLE-25",
    ),
    "a key that stands twice": (spoilt("2019-05-10:", "2018-08-23:"), None),
    "no YAML": (spoilt("[CN,", "[CN"), None),
    "a key of the series": (spoilt("goods: Rigs", "goods: 8543"), "goods: 8543"),
}


@pytest.mark.parametrize(("text", "stands_in"), FAULTS.values(), ids=list(FAULTS))
def test_a_complaint_finds_its_line(text, stands_in):
    with pytest.raises(PolicyFilesRefused) as refused:
        read_texts({FILE: text})
    lines = [line_of(complaint, text) for complaint in refused.value.complaints]
    assert all(lines)
    if stands_in:
        assert stands_in in text.splitlines()[lines[0] - 1]


@pytest.mark.parametrize("text", ["", "- a list", "series: 8", "series: [{values: [1]}]", "a: [", "\x00"])
def test_no_text_keeps_it_from_answering(text):
    with pytest.raises(PolicyFilesRefused) as refused:
        read_texts({FILE: text})
    for complaint in refused.value.complaints:
        assert line_of(complaint, text) is None or line_of(complaint, text) >= 1


def test_a_part_of_a_law_may_name_what_stands_elsewhere():
    part = EXAMPLE.replace("confidence: high", "confidence: high\nyields_to: [us/section-232/semiconductors]")
    assert len(read_texts({FILE: part}, is_whole=False).book.measures) == 2
    with pytest.raises(PolicyFilesRefused, match="neither a measure nor a family"):
        read_texts({FILE: part})
