"""The shipped catalogue: what it holds, and what a broken row gets."""

from __future__ import annotations

import csv
from collections import Counter
from decimal import Decimal

import pytest

from fleet.catalogue.files import ALIAS_ONLY, named_only, read_aliases, read_models
from fleet.catalogue.rates import take_rates
from fleet.catalogue.tables import BadRow
from tests.facts import ROOT

REFERENCE = ROOT.parent / "shared" / "reference" / "catalogue"
MODELS = (
    "maker,model,bin,reading,hashrate_ths,power_w,efficiency_j_per_th,"
    "algorithm,cooling,released,source,confidence,note"
)
A_GOOD_ROW = "Bitmain,Antminer S19,95 TH/s,1,95,3250,34.21,SHA-256,air,2020-05,a page,single-source,"


def test_the_catalogue_has_363_bins_of_258_models_and_100_models_known_by_name_only():
    models, aliases = read_models(), read_aliases()
    assert len(models) == 363
    assert len({(row.maker, row.model) for row in models}) == 258
    assert len(named_only(models, aliases)) == 100


def test_a_model_known_by_name_only_has_no_bin_no_hashrate_and_no_algorithm():
    for row in named_only(read_models(), read_aliases()):
        assert (row.bin, row.hashrate_ths, row.power_w, row.algorithm) == (None, None, None, None)
        assert row.confidence == ALIAS_ONLY
        assert row.source


def test_every_alias_of_the_reference_is_there_with_what_it_names():
    rows = read_aliases()
    assert len(rows) == 1705
    found = Counter((row.alias, row.kind, row.maker, row.model, row.source) for row in rows)
    columns = ("alias", "alias_kind", "canonical_vendor", "canonical_model", "where_seen")
    assert found == Counter(tuple(row[c] for c in columns) for row in the_reference("model_aliases.csv"))


def test_every_bin_of_the_reference_is_there_with_its_figures_source_and_confidence():
    ours = Counter(
        (row.maker, row.model, row.bin or "", row.hashrate_ths, row.power_w, row.source, row.confidence)
        for row in read_models()
    )
    theirs = Counter(
        (
            row["vendor"],
            row["model"],
            row["variant"],
            Decimal(row["hashrate_ths"]) if row["hashrate_ths"] else None,
            int(row["power_w"]) if row["power_w"] else None,
            row["source"].replace(" (page read in pages corpus)", ""),
            row["confidence"],
        )
        for row in the_reference("models.csv")
    )
    assert ours == theirs


def test_conflicts_are_visible_each_with_a_note_that_says_what_others_print():
    conflicts = [row for row in read_models() if row.confidence == "conflict"]
    assert len(conflicts) == 43
    assert all(row.note for row in conflicts)


def test_two_readings_of_one_bin_stay_apart():
    readings = [row for row in read_models() if (row.model, row.bin) == ("Teraflux AH3880", "600 TH/s")]
    assert [(row.reading, row.power_w) for row in readings] == [(1, 10740), (2, 8700)]
    assert {row.confidence for row in readings} == {"conflict"}


def test_the_name_of_a_bin_is_its_hashrate():
    for row in read_models():
        if row.bin:
            ((rate,),) = (take_rates(row.bin.casefold())[1],)
            assert rate.possible_ths == (row.hashrate_ths,)


@pytest.mark.parametrize(
    ("row", "complaint"),
    [
        (
            "Bitmain,Antminer S19,95 TH/s",
            "models.csv, line 3: 3 cells where the first line names 13 columns.",
        ),
        (A_GOOD_ROW.replace(",3250,", ",lots,"), "line 3, column power_w: 'lots': write a number"),
        (A_GOOD_ROW.replace(",3250,", ",3250.5,"), "line 3, column power_w: '3250.5': write a whole number."),
        (A_GOOD_ROW.replace(",95,", ",-95,"), "line 3, column hashrate_ths: '-95': write a number over 0."),
        (A_GOOD_ROW.replace(",95,", ",,"), "line 3, column bin: '95 TH/s': bin and hashrate_ths are both"),
        (
            A_GOOD_ROW.replace("air", "fan"),
            "line 3, column cooling: 'fan': write one of: air, hydro",
        ),
        (A_GOOD_ROW.replace("single-source", "sure"), "line 3, column confidence: 'sure': write one of:"),
        (A_GOOD_ROW.replace("a page", ""), "line 3, column source: '': it is empty and must not be."),
        (A_GOOD_ROW, "line 3, column reading: '1': Antminer S19 95 TH/s stands above"),
    ],
)
def test_a_malformed_row_is_named_by_file_line_and_column(tmp_path, row, complaint):
    path = tmp_path / "models.csv"
    path.write_text(f"{MODELS}\n{A_GOOD_ROW}\n{row}\n", encoding="utf-8")
    with pytest.raises(BadRow) as refused:
        read_models(path)
    assert complaint in str(refused.value)


def test_an_alias_that_reaches_nowhere_known_is_refused(tmp_path):
    path = tmp_path / "aliases.csv"
    path.write_text(
        "alias,kind,maker,model,variant,reach,source,note\nS19,name,Bitmain,Antminer S19,,far,a page,\n",
        encoding="utf-8",
    )
    with pytest.raises(BadRow, match="line 2, column reach: 'far': write one of: alone, with maker, hint"):
        read_aliases(path)


def the_reference(name: str) -> list[dict[str, str]]:
    """A table of the reference data folder beside the project; without it nothing can be compared."""
    if not REFERENCE.is_dir():
        pytest.skip(f"The reference folder {REFERENCE} is missing.")
    with (REFERENCE / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))
