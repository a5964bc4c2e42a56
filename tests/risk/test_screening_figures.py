"""The figures that screening is held to, on the cases and the whole lists of the reference."""

from __future__ import annotations

from datetime import date

import pytest

from bench.screening_cases import listed_organisations, measured, without_held_out
from risk.engine.screening import ScreenedParty, Screener, VendorSide
from risk.lists import FORMATS
from risk.lists.editions import difference
from tests.reference import a_government_list, screening_cases


@pytest.fixture(scope="module")
def screener():
    screening_cases()  # says so where the reference is missing
    return Screener(without_held_out(listed_organisations()))


@pytest.fixture(scope="module")
def found(screener):
    return measured(screener)


def test_listed_parties_are_found_and_innocents_left_in_peace(found):
    assert found.f1 >= 0.93
    assert found.recall_without_hard >= 0.975
    assert found.innocents_alerted <= 0.016


def test_most_chinese_names_are_found(found):
    right, asked = found.found["cjk_name"]
    assert (right >= 8, asked) == (True, 14)


@pytest.mark.parametrize(
    "kind",
    ["primary_exact", "alias_listed", "legal_form_change", "punctuation", "word_order", "translit_cyrillic"],
)
def test_what_differs_only_in_writing_is_always_found(found, kind):
    right, asked = found.found[kind]
    assert right == asked


def test_a_real_week_of_the_list_raises_exactly_the_vendors_of_the_bitriver_group(screener):
    lists = []
    for day in (date(2022, 4, 15), date(2022, 4, 21)):
        with a_government_list(f"sdn_{day}.csv").open("rb") as stream:
            lists.append(list(FORMATS["ofac_sdn"].read(stream, {})))
    innocent = [case["query"] for case in screening_cases() if case["expected"] == "none"][:99]
    vendors = [ScreenedParty(names=(name,)) for name in (*innocent, "BitRiver Rus LLC")]
    raised = VendorSide(vendors, screener.rarity).touched_by(difference(*lists).to_screen)
    assert [vendors[number].names for number in raised] == [("BitRiver Rus LLC",)]
    assert raised[99][0].entity.name == "OOO BITRIVER RUS"
