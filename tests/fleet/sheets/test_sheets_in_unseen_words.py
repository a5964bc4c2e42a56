"""Headings that nobody wrote down before are understood by the sense of their words, and by the cells below."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from fleet.sheets.headings import listed_match_of, match_of
from tests.fleet.sheets.made_files import reading_of, warned

CASES = yaml.safe_load(Path(__file__).with_name("sheets_in_unseen_words.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("whose", CASES)
def test_a_sheet_in_unseen_words_is_read(tmp_path, whose):
    case = CASES[whose]
    reading = reading_of(tmp_path, case["sheet"])
    assert not reading.problems
    assert {name: str(getattr(reading.rows[0], name)) for name in case["first"]} == {
        name: str(value) for name, value in case["first"].items()
    }
    assert reading.ignored_columns == case["ignored"]


@pytest.mark.parametrize(
    ("heading", "column"),
    [
        ("Fecha de nacionalización", "entry_date"),
        ("Innførselsdato", "entry_date"),
        ("报关日期", "entry_date"),
        ("Стоимость единицы, USD", "customs_value"),
        ("Nr. de serie del equipo", "serial_number"),
        ("Effizienz (J/TH)", None),
        ("Warranty date", None),
        ("Asset cost", None),
        ("Pool password", None),
    ],
)
def test_a_heading_means_what_its_words_mean_in_whatever_language(heading, column):
    found = match_of(heading)
    assert (found and found.column.name) == column


def test_what_a_heading_only_seems_to_mean_is_read_where_its_cells_bear_it_out_and_told(tmp_path):
    assert match_of("Centre homologué").is_doubtful
    told = reading_of(tmp_path, "Serial,Model,Centre homologué\nA1,S21 200T,Neuquén\n")
    assert (told.rows[0].site, warned(told)) == ("Neuquén", ["heading_guessed"])


def test_nothing_is_made_of_the_sense_of_words_in_a_tools_export():
    assert listed_match_of("Innførselsdato fra tollvesenet") is None
