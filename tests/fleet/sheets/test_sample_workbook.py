"""The sample fleet: what it is made of, and that making it again makes the same."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest

from fleet.catalogue.files import read_aliases, read_models
from fleet.catalogue.names import NameIndex
from fleet.sheets.rows import SheetReading, read
from risk.engine.terms.rigs import RigStatus

ROOT = Path(__file__).parents[3]
SAMPLES = ROOT / "samples"
SCRIPT = ROOT / "script" / "make_sample_workbook"
NOT_OF_A_LOT = (
    "number",
    "serial_number",
    "mac_address",
    "rack",
    "position",
    "status",
    "site",
    "model",
    "notes",
)


@pytest.fixture(scope="module")
def sample() -> SheetReading:
    """The sample workbook, read."""
    return read(SAMPLES / "prairie-hash-fleet.xlsx")


@pytest.fixture(scope="module")
def index() -> NameIndex:
    """The shipped catalogue."""
    return NameIndex(read_models(), read_aliases())


def made(folder: Path) -> Path:
    """A folder with the sample files made anew."""
    subprocess.run([sys.executable, SCRIPT, folder], check=True)
    return folder


def test_two_runs_make_the_same_bytes(tmp_path):
    first, second = made(tmp_path / "first"), made(tmp_path / "second")
    for path in first.iterdir():
        assert path.read_bytes() == (second / path.name).read_bytes()


def test_the_files_in_the_repository_are_those_that_the_script_makes(tmp_path):
    folder = made(tmp_path)
    name = "prairie-hash-small.csv"
    assert (folder / name).read_bytes() == (SAMPLES / name).read_bytes()
    name = "prairie-hash-fleet.xlsx"
    with zipfile.ZipFile(folder / name) as new, zipfile.ZipFile(SAMPLES / name) as kept:
        assert {part: new.read(part) for part in new.namelist()} == {
            part: kept.read(part) for part in kept.namelist()
        }


def test_it_is_read_without_a_problem_or_a_warning(sample):
    assert not sample.problems
    assert not sample.warnings
    assert sample.ignored_columns == ["Firmware", "Pool Worker", "Pool Password"]


def test_it_has_2_400_rigs_and_30_lots(sample):
    assert sum(row.quantity for row in sample.rows) == 2400
    lots = {
        (row.has_arrived, *(getattr(row, name) for name in row.__slots__ if name not in NOT_OF_A_LOT))
        for row in sample.rows
    }
    assert len(lots) == 30


def test_every_model_in_it_resolves_to_a_bin_of_the_catalogue_with_its_rating(sample, index):
    bins = {(known.maker, known.model, known.bin): known for known in read_models()}
    for row in sample.rows:
        found = index.resolve(row.model, maker=row.maker)
        known = bins[found.maker, found.model, found.bin]
        assert (row.hashrate_ghs, row.power_w) == (known.hashrate_ths * Decimal(1000), known.power_w)


def test_it_has_six_makers_and_eight_models_or_more(sample, index):
    found = [index.resolve(row.model, maker=row.maker) for row in sample.rows]
    assert len({each.maker for each in found}) >= 6
    assert len({each.model for each in found}) >= 8


def test_it_has_five_origins_with_the_united_states_among_them_and_some_that_are_unknown(sample):
    origins = {row.country_of_origin for row in sample.rows}
    assert origins >= {"CN", "MY", "TH", "ID", "US", None}


def test_it_stands_in_three_sites_of_the_united_states_and_one_of_paraguay(sample):
    sites = {row.site for row in sample.rows if row.site}
    assert len(sites) == 4
    assert {row.import_country for row in sample.rows if row.site == "Villa Hayes PY"} == {"PY"}


def test_some_of_it_is_on_order_and_some_on_a_vessel(sample):
    by_status = Counter(row.status for row in sample.rows)
    assert set(by_status) == set(RigStatus)
    at_sea = [row for row in sample.rows if row.status is RigStatus.IN_TRANSIT]
    assert all(
        row.loaded_date and row.expected_entry_date and row.transport_mode == "vessel" for row in at_sea
    )


def test_the_small_sibling_has_two_rigs_of_every_lot():
    small = read(SAMPLES / "prairie-hash-small.csv")
    assert small.row_count == 59
    assert not small.problems
