"""What is written as policy files is read back as the same book, to the last digit."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from risk.engine.policy import PolicyBook
from risk.engine.terms.spans import DateSpan
from risk.policy_files import (
    PolicyFilesRefused,
    ended_by_act,
    files_in,
    files_of,
    read_folder,
    read_texts,
    record_of,
    spec_from,
    stream_of,
    text_of,
)
from tests import facts
from tests.facts import a_book, shipped_book
from tests.risk.policy_files.a_folder import a_folder


def a_measure(**said):
    """The example, its conditions in the order in which files are read."""
    return spec_from(record_of(facts.a_measure(**said)))


def read_back(book: PolicyBook) -> PolicyBook:
    return read_texts(files_of(book)).book


def test_the_shipped_law_written_and_read_back_has_the_same_digest():
    assert len(shipped_book().measures) == 117
    assert read_back(shipped_book()).digest == shipped_book().digest


def test_what_was_read_back_is_written_in_the_same_words():
    assert files_of(read_back(shipped_book())) == files_of(shipped_book())


def test_the_files_of_a_folder_and_of_a_stream_hold_the_same_book(tmp_path):
    files = files_of(shipped_book())
    folder = a_folder(tmp_path, text=files["us/section-301/brazil.yaml"], file="brazil.yaml")
    assert read_folder(folder).book.measures
    again = read_texts(files_in(stream_of(files), name="all.yaml")).book
    assert again.digest == shipped_book().digest


def test_a_stream_with_two_parts_of_one_name_is_refused():
    with pytest.raises(PolicyFilesRefused, match=r"all\.yaml: two of its parts bear the same name"):
        files_in("--- # a.yaml\nx: 1\n--- # a.yaml\nx: 2\n", name="all.yaml")


def test_a_text_without_names_is_one_file():
    assert files_in("title: One\n", name="one.yaml") == {"one.yaml": "title: One\n"}


def test_two_values_of_which_one_follows_the_other_stand_in_one_series():
    first = a_measure(span=DateSpan(date(2018, 1, 1), date(2018, 12, 31)))
    second = a_measure(code="US-NEXT", percent=30, span=DateSpan(date(2019, 1, 1)))
    text = text_of([first, second], file="us/example.yaml")
    assert text.count("values:") == 1
    assert read_back(a_book(first, second)) == a_book(first, second)


def test_an_end_keeps_the_act_that_ended_it_and_a_refund_its_decision():
    measure = a_measure(
        refundable_from=date(2020, 1, 1), note="Beside it. Refundable from 2020-01-01: a v. b, 1 F.4th 1."
    )
    ended = ended_by_act(replace(measure, span=DateSpan(date(2018, 1, 1), date(2019, 6, 30))), "84 FR 1.")
    assert ended.note.endswith("1 F.4th 1. Not in effect from 2019-07-01: 84 FR 1.")
    text = text_of([ended])
    assert '2019-07-01:\n      ended_by: "84 FR 1"' in text
    assert read_back(a_book(ended)) == a_book(ended)


def test_another_end_takes_the_place_of_the_first():
    ended = ended_by_act(a_measure(span=DateSpan(date(2018, 1, 1), date(2019, 6, 30))), "the first act")
    again = ended_by_act(replace(ended, span=DateSpan(date(2018, 1, 1), date(2019, 3, 31))), "the second act")
    assert again.note == "Not in effect from 2019-04-01: the second act."


@pytest.mark.parametrize("family", ["../../outside", "/etc/law", "us/with: colon", "", "classification"])
def test_a_family_of_whatever_name_stays_inside_the_folder(family):
    book = a_book(a_measure(family=family or "?"), a_measure(code="US-OTHER", family="us/other"))
    files = files_of(book)
    assert all(not name.startswith("/") and ".." not in name for name in files)
    assert read_back(book).digest == book.digest


@pytest.mark.parametrize("opening", ["", "# ", "- ", "> ", "| ", "'", '"', "%", "key: "])
def test_long_words_are_folded_over_lines_and_stay_the_same(opening):
    words = f"{opening}{'an act and its page: 83 FR 40823 # ' * 8}end"
    book = a_book(a_measure(legal_reference=words, note=words, source="word" * 80))
    assert "legal_reference: >-" in text_of(book.measures)
    assert read_back(book) == book


def test_two_families_that_would_share_a_file_get_two():
    book = a_book(a_measure(family="us/a b"), a_measure(family="us/a-b", code="US-OTHER"))
    assert sorted(files_of(book)) == ["us/a-b-2.yaml", "us/a-b.yaml"]
    assert read_back(book).digest == book.digest


@pytest.mark.parametrize(
    "words", ["yes", "2026-01-01", "1e3", "null", "a: b # c", "quote \" and 'quote'", "ä“ü”", "- x", "@", "*"]
)
def test_words_that_look_like_something_else_stay_words(words):
    book = a_book(a_measure(title=words, legal_reference=words, source=words, note=words, authority=words))
    assert read_back(book) == book


def test_a_measure_whose_follower_is_written_elsewhere_keeps_its_end_without_an_act():
    first = a_measure(span=DateSpan(date(2018, 1, 1), date(2018, 12, 31)))
    text = text_of([first], file="us/example.yaml")
    assert "2019-01-01:\n      followed: true" in text
    read = read_texts({"us/example.yaml": text}, is_whole=False).book
    assert read == a_book(first)
    with pytest.raises(PolicyFilesRefused, match="no act is named that ended it"):
        read_texts({"us/example.yaml": text})


@pytest.mark.parametrize("code", [measure.code for measure in shipped_book().measures])
def test_every_measure_of_the_shipped_law_can_be_written_and_read_alone(code):
    (measure,) = (each for each in shipped_book().measures if each.code == code)
    read = read_texts({"alone.yaml": text_of([measure])}, is_whole=False).book
    assert read.measures == (measure,)


def test_an_end_that_is_said_not_to_be_followed_is_no_end():
    text = text_of([a_measure(span=DateSpan(date(2018, 1, 1), date(2018, 12, 31)))])
    with pytest.raises(PolicyFilesRefused, match="followed: False is not true"):
        read_texts({"us/example.yaml": text.replace("followed: true", "followed: false")})
