"""Spellings of one identifier are one machine; nothing else is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleet.sheets.cells.identities import identity_of, spellings_of
from tests.fleet.sheets.made_files import codes, reading_of

LABEL = "BTM3CS40HD240831"
PADDED = LABEL + "0" * 17


def test_the_zeros_that_fill_up_a_whatsminers_serial_number_do_not_count():
    assert identity_of(PADDED) == identity_of(LABEL) == identity_of(PADDED.lower())


def test_a_zero_that_belongs_to_the_serial_number_counts():
    ending = "BTM3CS40HD240830"
    assert identity_of(ending + "0" * 17) == identity_of(ending) != identity_of(ending[:-1])


@pytest.mark.parametrize(
    "other", ["BTM1000", "YNAHEAUBCJCBA0000" + "0" * 16, LABEL + "0" * 16, LABEL + "0" * 18]
)
def test_zeros_of_other_serial_numbers_stay(other):
    assert identity_of(other) == other.casefold()


@given(st.text("ABC0129BTM", min_size=1, max_size=40))
def test_what_a_database_may_hold_is_the_same_machine(serial):
    assert {identity_of(spelling) for spelling in spellings_of(serial)} == {identity_of(serial)}
    assert serial in spellings_of(serial)


def test_a_label_and_its_padded_form_in_one_sheet_are_one_rig_twice(tmp_path):
    reading = reading_of(tmp_path, f"Serial,Model,Site\n{LABEL},M30S,Pecos\n{PADDED},M30S,Pecos\n")
    assert codes(reading) == ["serial_number_twice"] * 2
