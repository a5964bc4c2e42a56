"""A folder of policy files becomes a book: spans, inheritance, named lists, ends with their citations."""

from __future__ import annotations

from datetime import date

import pytest

from risk.engine.conditions.hts_code import HtsCodeUnder
from risk.engine.conditions.origin import OriginAmong
from risk.engine.terms.hts import HtsPrefix
from risk.engine.terms.spans import DateSpan
from risk.policy_files import read_folder
from tests.risk.policy_files.a_folder import EXAMPLE, a_folder, spoilt

LISTS = """\
title: Lists
lists:
  exempt: {legal_reference: the note, hts_prefixes: ["8543.70.10", "8543.70.20"]}
  two-countries: {legal_reference: the annex, countries: [MY, TH]}
"""


@pytest.fixture
def measures(tmp_path):
    """The measures of a text beside the lists."""

    def read(text=EXAMPLE, **said):
        folder = a_folder(tmp_path, text=text, **{"us/lists.yaml": LISTS}, **said)
        return {measure.code: measure for measure in read_folder(folder).book.measures}

    return read


def condition(measure, kind):
    return next(condition for condition in measure.conditions if isinstance(condition, kind))


def test_a_value_lasts_until_the_day_before_the_next_one(measures):
    assert measures()["US-EXAMPLE-10"].span == DateSpan(date(2018, 8, 23), date(2019, 5, 9))


def test_an_end_stands_under_the_first_day_without_the_measure(measures):
    assert measures()["US-EXAMPLE-25"].span == DateSpan(date(2019, 5, 10), date(2026, 2, 23))


def test_the_citation_of_an_end_is_kept_in_the_note(measures):
    note = "Not in effect from 2026-02-24: the repealing act, its page."
    assert measures()["US-EXAMPLE-25"].note == note


def test_a_value_without_an_end_lasts(measures):
    text = spoilt('      2026-02-24: {ended_by: "the repealing act, its page"}\n', "")
    assert measures(text)["US-EXAMPLE-25"].span == DateSpan(date(2019, 5, 10))


def test_values_may_stand_in_any_order(measures):
    head, values = EXAMPLE.split("    values:\n")
    first, second = values.split("      2019-05-10:")
    text = f"{head}    values:\n      2019-05-10:{second}{first}"
    assert measures(text) == measures()


def test_what_is_written_higher_up_holds_below_unless_said_otherwise(measures):
    text = spoilt("    values:\n      2018", "    confidence: medium\n    values:\n      2018").replace(
        "legal_reference: the amending act, its page",
        "legal_reference: the amending act, its page\n        confidence: low",
    )
    found = measures(text)
    assert [found[code].confidence for code in ("US-EXAMPLE-10", "US-EXAMPLE-25")] == ["medium", "low"]
    assert found["US-EXAMPLE-10"].source == "where it was read"


def test_the_file_is_the_family_unless_it_names_one(measures):
    assert measures()["US-EXAMPLE-10"].family == "us/section-301/example"
    named = measures(spoilt("import_country: US", "import_country: US\nfamily: us/section-301"))
    assert named["US-EXAMPLE-10"].family == "us/section-301"


def test_a_named_list_stands_for_what_it_holds(measures):
    text = spoilt('countries_of_origin: [CN, "NO"]', "countries_of_origin: [CN, two-countries]").replace(
        'hts_prefixes: ["8543.70"]', 'hts_prefixes: ["8543.70"]\nexcluded_hts_prefixes: exempt'
    )
    measure = measures(text)["US-EXAMPLE-10"]
    assert condition(measure, OriginAmong).countries == {"CN", "MY", "TH"}
    assert condition(measure, HtsCodeUnder).excluded == (HtsPrefix("85437010"), HtsPrefix("85437020"))


def test_norway_is_a_country_and_no_truth_value(measures):
    text = spoilt('[CN, "NO"]', "[CN, NO]")
    assert condition(measures(text)["US-EXAMPLE-10"], OriginAmong).countries == {"CN", "NO"}


def test_the_decision_that_makes_a_duty_refundable_is_kept_in_the_note(measures):
    refundable = "refundable: {from: 2026-02-20, legal_reference: the decision}\nconfidence: high"
    measure = measures(spoilt("confidence: high", refundable))["US-EXAMPLE-10"]
    assert measure.refundable_from == date(2026, 2, 20)
    assert measure.note == "Refundable from 2026-02-20: the decision."


def test_the_same_files_give_the_same_book(tmp_path):
    folder = a_folder(tmp_path)
    assert read_folder(folder).book.digest == read_folder(folder).book.digest


def test_the_files_are_told_from_the_folder_on(tmp_path):
    assert read_folder(a_folder(tmp_path)).files == ("us/section-301/example.yaml",)
