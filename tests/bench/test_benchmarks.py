"""The benchmarks measure what they say: a sheet that is right, targets that are judged, a wrong call refused."""

from __future__ import annotations

import subprocess
import sys

import pytest

from bench import sheets
from bench.figures import Figure, as_table, middle
from bench.options import NAMES, read_options
from bench.processes import ROOT, in_fresh_process
from fleet.sheets.rows import read


def test_the_made_sheet_is_right_in_every_cell(tmp_path):
    reading = read(sheets.write(tmp_path / "made.xlsx", sheets.rows(600)))
    assert (reading.problems, reading.warnings, reading.ignored_columns) == ([], [], [])
    assert len(reading.rows) == 600
    assert len(reading.columns) == len(sheets.HEADINGS) == 14


def test_the_same_rows_in_other_bytes_are_the_same_rows(tmp_path):
    one = sheets.write(tmp_path / "one.xlsx", sheets.rows(300))
    other = sheets.write(tmp_path / "other.xlsx", sheets.rows(300), level=1)
    assert one.read_bytes() != other.read_bytes()
    assert read(one).rows == read(other).rows


def test_every_twentieth_row_is_changed(tmp_path):
    before, after = list(sheets.rows(200)), list(sheets.rows(200, changed=True))
    assert sum(one != other for one, other in zip(before, after, strict=True)) == 10


@pytest.mark.parametrize(
    ("target", "verdict"),
    [({}, ""), ({"at_most": 2.0}, "met"), ({"at_most": 1.9}, "MISSED"), ({"at_least": 2.5}, "MISSED")],
)
def test_a_figure_says_whether_it_met_its_target(target, verdict):
    figure = Figure(benchmark="b", work="w", value=2.0, unit="s", **target)
    assert figure.verdict == verdict
    assert verdict in as_table([figure])


def test_the_middle_is_the_median():
    assert middle([3.0, 1.0, 2.00049]) == 2.0


def test_the_memory_of_a_process_is_seen_and_its_answer_heard():
    done = in_fresh_process("bench.engine:count_kinds")
    assert done.answer == 2000
    assert 10 < done.peak_mb < 500


def test_all_benchmarks_run_unless_some_are_named():
    assert read_options([]).names == NAMES
    assert read_options(["engine", "--on", "SQLite"]).names == ("engine",)


def test_a_benchmark_that_is_none_is_a_wrong_call():
    command = [sys.executable, "-m", "bench", "speed"]
    said = subprocess.run(command, check=False, capture_output=True, text=True, cwd=ROOT)
    assert said.returncode == 2
    assert "there is no benchmark 'speed'" in said.stderr
